"""Runs several processes as one: their output in order, one stop for all, nobody left behind."""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType

from adgang.serve.ctrl_c import SUPERVISED
from adgang.serve.processes import Process

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 15
TICK_SECONDS = 0.1
CHUNK_BYTES = 65536
LAST_CHUNKS = 100
NICENESS_BEHIND = 5
# Pages that are not there by then are not waited for: what works behind them has its own use.
WAIT_SECONDS = 60
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


class Supervisor:
    """The children stay in the supervisor's process group, so a terminal's Ctrl-C and job control mean all of them."""

    def __init__(self, processes: Sequence[Process], *, say: Say) -> None:
        """`say` prints one line; when nobody reads it any more (OSError), that counts as a signal to stop."""
        self._processes = processes
        self._waiting = [process for process in processes if process.behind]
        self._print = say
        self._width = max(len(process.name) for process in processes)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._outputs = selectors.DefaultSelector()
        self._signals = 0

    def run(
        self,
        *,
        when_started: Callable[[], None],
        pages_are_there: Callable[[], bool] = lambda: True,
        when_there: Callable[[], None] = lambda: None,
    ) -> int:
        """Start everything, call `when_started`, and wait for a signal (return 0) or for a child's end (return 1).

        What works behind the pages starts once `pages_are_there`, and then `when_there` is called: on a small machine
        all of them together would take their time from the first page. `pages_are_there` is asked often and must
        answer at once.
        """
        with self._signals_counted():
            try:
                self._start(process for process in self._processes if not process.behind)
                when_started()
                ended = self._wait(pages_are_there, when_there)
            finally:
                self._stop()
        return 1 if ended else 0

    def _start(self, processes: Iterable[Process]) -> None:
        for process in processes:
            child = subprocess.Popen(  # noqa: S603 – a command of our own table
                process.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONUNBUFFERED": "1", SUPERVISED: "1"},
                preexec_fn=partial(_prepare_child, os.getpid(), NICENESS_BEHIND if process.behind else 0),
            )
            assert child.stdout is not None  # noqa: S101 – asked for above
            os.set_blocking(child.stdout.fileno(), False)
            self._outputs.register(child.stdout, selectors.EVENT_READ, _Lines(process.name))
            self._children[process.name] = child

    def _wait(self, pages_are_there: Callable[[], bool], when_there: Callable[[], None]) -> str:
        """Return the name of the child that ended by itself, or "" after a signal."""
        latest = time.monotonic() + WAIT_SECONDS
        while not self._signals:
            if self._waiting and ((there := pages_are_there()) or time.monotonic() > latest):
                self._start(self._waiting)
                self._waiting = []
                if there:
                    when_there()
            self._pass_on_output(TICK_SECONDS)
            for name, child in self._children.items():
                if child.poll() is not None:
                    if self._signals:
                        return ""
                    self._pass_on_the_rest()
                    self._say(f"{name} ended {_how(child.returncode)}; stopping the others.")
                    return name
        return ""

    def _stop(self) -> None:
        """Ask every child to end, wait, and end what does not within the grace or before a second signal."""
        if self._signals:
            self._say("Stopping …")
        for child in self._alive():
            child.terminate()
        deadline, asked = time.monotonic() + GRACE_SECONDS, self._signals
        while self._alive() and time.monotonic() < deadline and self._signals <= asked:
            self._pass_on_output(TICK_SECONDS)
        for child in self._alive():
            child.kill()
            child.wait()
        self._pass_on_the_rest()
        self._outputs.close()

    def _say(self, line: str) -> None:
        try:
            self._print(line)
        except OSError:
            self._signals = self._signals or 1

    def _alive(self) -> list[subprocess.Popen[bytes]]:
        return [child for child in self._children.values() if child.poll() is None]

    def _pass_on_the_rest(self) -> None:
        """Pass on what has been said already: of a child that crashed, the reason is in its last lines."""
        for _ in range(LAST_CHUNKS):
            if not self._outputs.select(0):
                return
            self._pass_on_output(0)

    def _pass_on_output(self, seconds: float) -> None:
        if not self._outputs.get_map():
            time.sleep(seconds)
        for key, _ in self._outputs.select(seconds):
            chunk = os.read(key.fd, CHUNK_BYTES)
            if not chunk:
                self._outputs.unregister(key.fileobj)
            for line in key.data.feed(chunk):
                self._say(f"{key.data.name:<{self._width}} | {line}")

    @contextmanager
    def _signals_counted(self) -> Iterator[None]:
        def count(_number: int, _frame: FrameType | None) -> None:
            self._signals += 1

        before = {number: signal.signal(number, count) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Lines:
    """Puts lines together from the pieces in which a pipe gives them; an empty piece ends the last line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            lines, self._rest = [self._rest], b""
        return [line.decode("utf-8", "replace").rstrip() for line in lines]


def _prepare_child(parent: int, niceness: int) -> None:
    os.nice(niceness)
    # Ctrl-C reaches the child too; until it has handlers of its own that would end in a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # Should the supervisor be killed outright, its children end as well.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


def _how(code: int) -> str:
    return f"with exit code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"

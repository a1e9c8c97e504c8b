"""SFTP beyond the question about the key: signing in with the check's own key, and trying the folder.

Both happen only where the owner of the system has allowed it. A test file is taken away again whatever happens; what a
broken connection left lying is taken away by the next check.
"""

import contextlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from systems.step_codes import StepCode
from systems.steps.peers import printable
from systems.steps.recording import Recorder, Step
from systems.steps.ssh_query import SshQuery
from systems.steps.subject import Subject

SECONDS = 15
TIDYING_SECONDS = 3
MOST_COUNTED = 100
CONTENT = b"Adgang\r\n"


def try_folder(subject: Subject, recorder: Recorder, place: str, query: SshQuery) -> None:
    """Take the steps LOGIN and FOLDER over a conversation in which the server's key is the right one."""
    sftp = None
    with recorder.step(StepCode.LOGIN, place=place, seconds=SECONDS) as step:
        sftp = _sign_in(subject, step, query)
    if sftp is None:
        recorder.skip(StepCode.FOLDER, "folder.not_looked_at", place=place)
        return
    with recorder.step(StepCode.FOLDER, place=place, seconds=SECONDS) as step:
        Folder(step=step, query=query, sftp=sftp, subject=subject).look()


def _sign_in(subject: Subject, step: Step, query: SshQuery) -> paramiko.SFTPClient | None:
    """Return the file service; None when the check is not let in, which says nothing of Digital Post."""
    try:
        further = query.sign_in(subject.ssh_username, subject.check_key, step.deadline)
    except Failure as refused:
        if refused.code != "login.key_refused":
            raise
        step.report(refused.code, **refused.params)
        return None
    if further:
        step.report("login.more_wanted", methods=", ".join(map(printable, further)))
        return None
    sftp = query.sftp(step.deadline)
    step.report("login.done", username=subject.ssh_username)
    return sftp


class Folder:
    """The folder of one system, as its server shows it to the check."""

    def __init__(self, *, step: Step, query: SshQuery, sftp: paramiko.SFTPClient, subject: Subject) -> None:
        self.step, self._query, self._sftp, self._subject = step, query, sftp, subject
        self.path = subject.ssh_folder or "."

    def look(self) -> None:
        """Look at the folder, and with the owner's leave write, rename and delete a file in it."""
        self._exists()
        self.step.found |= {"folder": self.path, "files": self._count()}
        self.step.report("folder.seen", folder=self.path)
        if "WRITE" in self._subject.probes:
            self._write()
            self.step.found["written"] = True
            self.step.report("folder.written", folder=self.path)

    def _exists(self) -> None:
        with self._or("folder.missing"):
            attributes = self._sftp.stat(self.path)
        if not stat.S_ISDIR(attributes.st_mode or stat.S_IFDIR):
            raise Failure("folder.not_a_folder", folder=self.path)

    def _count(self) -> int:
        """Return how many files lie in the folder, at most a hundred; it may hold any number."""
        with self._or("folder.not_listed"):
            listed = self._sftp.listdir_iter(self.path, read_aheads=1)
            return sum(1 for _, _ in zip(range(MOST_COUNTED), listed, strict=False))

    def _write(self) -> None:
        base = f"{self.path.rstrip('/') or ''}/.adgang-{self._subject.mark}"
        names = [f"{base}.tmp", f"{base}.txt"]
        self._remove(names, self.step.deadline)
        tidy = False
        try:
            with self._or("folder.not_writable"), self._sftp.open(names[0], "wx") as file:
                file.write(CONTENT)
            with self._or("folder.not_renamed"):
                self._sftp.rename(*names)
            with self._or("folder.not_deleted", file=names[1]):
                self._sftp.remove(names[1])
            tidy = True
        finally:
            if not tidy:
                self._remove(names, Deadline(TIDYING_SECONDS))

    def _remove(self, names: list[str], deadline: Deadline) -> None:
        """Take away what is there; each for itself, for one that cannot go must not keep the other."""
        for name in names:
            with contextlib.suppress(OSError, Failure), self._query.speaking(deadline):
                self._sftp.remove(name)

    @contextmanager
    def _or(self, code: str, **params: str) -> Iterator[None]:
        """Tell a refusal of the server by `code`, with its own words. What breaks the connection is told as that."""
        with self._query.speaking(self.step.deadline):
            try:
                yield
            except (ConnectionError, TimeoutError):
                raise
            except OSError as refused:
                said = printable(refused.strerror or str(refused)) or "–"
                raise Failure(code, folder=self.path, said=said, **params) from refused

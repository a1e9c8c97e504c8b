"""R2: the database crashes under requests, two people save one thing, somebody clicks twice, a program retries."""

import datetime as dt
import http.client
import json
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adgang.serve import processes
from benchmarks.browsing import Visitor
from benchmarks.registry import Measurement, benchmark
from benchmarks.sweep import module, process
from tests.servers.installation import Installation, installation
from tests.servers.postgres import PostgresServer, postgres_server

VISITORS = 4
AFTER = 40  # requests that must succeed once the database is back
SECONDS = 60.0
SERVER_ERROR = 500


@dataclass
class Raced:
    """What the requests met, and what is in the database at the end."""

    during: Counter[int] = field(default_factory=Counter)
    after: Counter[int] = field(default_factory=Counter)
    restarts: int = 0
    saved: list[int] = field(default_factory=list)
    retried: list[int] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether nothing failed once the database was back, nothing was lost and nothing is there twice."""
        no_error = not any(status >= SERVER_ERROR for status in self.after)
        one_winner = sorted(self.saved) == [200, 409] and self.facts["version"] == 2
        once = self.facts["windows"] == 1 and self.facts["runs"] == 1 and self.facts["points"] == 1
        return no_error and one_winner and once

    def words(self) -> str:
        """Return the outcome in a line."""
        return (
            f"{self.restarts} crashes of PostgreSQL: {_counted(self.during)} until it was back, {_counted(self.after)} "
            f"afterwards; two savers got {self.saved}; sent twice: {self.facts['windows']} maintenance window, "
            f"{self.facts['runs']} check; retried with the same key {self.retried}: {self.facts['points']} object"
        )


def _counted(statuses: Counter[int]) -> str:
    return ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(statuses.items()))


@benchmark("R2", "database lost during requests, two savers, double click, retry with the same key")
def races() -> Measurement:
    """Do it with gunicorn over a PostgreSQL of its own that crashes three times."""
    raced = race(restarts=3)
    errors = sum(count for status, count in raced.after.items() if status >= SERVER_ERROR)
    return Measurement(
        value=errors,
        unit="errors after recovery",
        bar="no 500 after recovery, no lost update, no duplicate",
        met=raced.is_right,
        notes=raced.words(),
    )


def race(*, restarts: int) -> Raced:
    """Run the installation and let it all happen."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adgang-r2-")))
        server = stack.enter_context(postgres_server())
        made = stack.enter_context(installation(folder, DATABASE_URL=server.url, ADGANG_LOG_LEVEL="WARNING"))
        who = json.loads(module(made, "benchmarks.facts", "person"))
        stack.enter_context(process(made, processes.WEB))
        visitors = [visitor(made, who["people"][number % 2], who["password"]) for number in range(VISITORS)]
        raced = Raced(restarts=restarts)
        for _ in range(restarts):
            _crash(server, visitors, f"/o/{who['cvr']}/systemer/", raced)
        _save_at_once(visitors, who, raced)
        _click_twice(visitors, who)
        raced.retried = _retry(made, who)
        raced.facts = json.loads(module(made, "benchmarks.facts", "windows"))
        return raced


def visitor(made: Installation, email: str, password: str) -> Visitor:
    """Return a person who has signed in, once the web process answers."""
    person, deadline = Visitor(made.url), time.monotonic() + SECONDS
    while True:
        try:
            person.get("/log-ind/")
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    person.post("/log-ind/", email=email, password=password)
    return person


def status(act: Callable[[], Any]) -> int:
    """Return the status that a request gets; 0 for none."""
    try:
        return int(act().status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, http.client.HTTPException):
        return 0


def _crash(server: PostgresServer, visitors: list[Visitor], path: str, raced: Raced) -> None:
    """Let people ask all the time while the database crashes and comes back."""
    back, lock = threading.Event(), threading.Lock()

    def visit(person: Visitor) -> None:
        left = AFTER // VISITORS
        while left:
            is_back = back.is_set()  # what was asked before that may fail
            found = status(lambda: person.get(path))
            with lock:
                (raced.after if is_back else raced.during)[found] += 1
            left -= is_back

    with ThreadPoolExecutor(VISITORS) as pool:
        futures = [pool.submit(visit, person) for person in visitors]
        try:
            server.restart("immediate")
        finally:
            back.set()
        for future in futures:
            future.result()


def _save_at_once(visitors: list[Visitor], who: dict[str, Any], raced: Raced) -> None:
    """Let two people save the same rules, which both read at version 1."""
    path = f"/o/{who['cvr']}/systemer/helbred/regler/"
    first, second = visitors[:2]
    first.get(path)
    first.post(path, failures="3", passes="2", version="1")
    for person in (first, second):
        person.get(path)
    raced.saved = _together(
        lambda: first.post(path, failures="4", passes="2", version="1"),
        lambda: second.post(path, failures="5", passes="2", version="1"),
    )


def _click_twice(visitors: list[Visitor], who: dict[str, Any]) -> None:
    """Send the same form twice at once: maintenance, and a check."""
    one = f"/o/{who['cvr']}/systemer/{who['system']}/"
    begin = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    form = {"starts": f"{begin:%d-%m-%Y 08.00}", "ends": f"{begin:%d-%m-%Y 10.00}", "reason": "Ny server"}
    person = visitors[0]
    person.get(f"{one}helbred/vedligehold/")
    _together(*[lambda: person.post(f"{one}helbred/vedligehold/", **form)] * 2)
    person.get(one)
    _together(*[lambda: person.post(f"{one}kontroller/ny/")] * 2)


def _together(*acts: Callable[[], Any]) -> list[int]:
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> int:
        barrier.wait()
        return status(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _retry(made: Installation, who: dict[str, Any]) -> list[int]:
    """Send the same POST of the API three times with one key, two of them at once."""
    body = {"name": "Sundhed", "description": ""}
    request = urllib.request.Request(
        f"{made.url}/apis/v1/organisations/{who['organisation']}/contact-groups/",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {who['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        },
        method="POST",
    )

    def send() -> Any:
        return urllib.request.urlopen(request, timeout=SECONDS)

    return [*_together(send, send), status(send)]

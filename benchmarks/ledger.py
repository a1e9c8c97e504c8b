"""People and programs that use an installation all the while, and what they were told: each answer is kept."""

import contextlib
import http.client
import json
import re
import ssl
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.browsing import Page, Visitor
from benchmarks.shape import Shape

RUN = re.compile(r"/kontroller/([0-9a-f-]{36})/")
VERSION = re.compile(r'name="version" value="(\d+)"')
SERVER_ERROR = 500
SUMMARY = re.compile(r'data-module="error-summary".*?</ul>', re.DOTALL)
SIGN_IN_EVERY = 40  # rounds


@dataclass(frozen=True)
class Answer:
    """A request from its sending to its end: `status` is 0 where the connection failed. Seconds are monotonic."""

    what: str
    status: int
    began: float
    ended: float

    @property
    def is_error(self) -> bool:
        return self.status == 0 or self.status >= SERVER_ERROR


@dataclass
class Ledger:
    """What was answered, and what was promised by a successful answer."""

    answers: list[Answer] = field(default_factory=list)
    saves: Counter[str] = field(default_factory=Counter)  # by CVR: rules that were saved
    unsure: Counter[str] = field(default_factory=Counter)  # by CVR: no answer, so saved or not
    last: dict[str, int] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    signed_in: int = 0
    surprises: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, what: str, act: Callable[[], Page]) -> Page | None:
        """Carry out a request and note its answer; return the page, or None for an error."""
        began = time.monotonic()
        page, status = None, 0
        try:
            page = act()
            status = page.status
        except urllib.error.HTTPError as error:
            status = error.code
            with contextlib.suppress(OSError, http.client.HTTPException):
                page = Page(error.code, error.url or "", error.read().decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            status = 0
        answer = Answer(what, status, began, time.monotonic())
        with self._lock:
            self.answers.append(answer)
        return None if answer.is_error else page

    def surprised(self, what: str, page: Page) -> None:
        """Note an answer that nobody should get."""
        with self._lock:
            said = SUMMARY.search(page.text)
            why = " ".join(re.sub(r"<[^>]*>|^[^>]*>", " ", said[0]).split()) if said else ""
            self.surprises.append(f"{what}: {page.status} {page.url} {why}".strip())


class Person:
    """Somebody who signs in by the form, reads, saves and starts checks, at a person's pace, from an own `address`."""

    def __init__(self, shape: Shape, who: dict[str, str], ledger: Ledger, *, address: str) -> None:
        self._shape, self._who, self._ledger, self._address = shape, who, ledger, address
        self._visitor: Visitor | None = None
        self._rounds = 0
        self._root = f"/o/{who['cvr']}/systemer/"

    def one_round(self) -> None:
        """Do the next thing."""
        if self._rounds % SIGN_IN_EVERY == 0 or self._visitor is None:
            self._sign_in()
        elif self._rounds % 4 == 1:
            self._save()
        elif self._rounds % 4 == 3:
            self._check()
        else:
            self._read()
        self._rounds += 1

    def _sign_in(self) -> None:
        visitor = Visitor(self._shape.url, trust=self._shape.trust, address=self._address)
        if self._ledger.asked("sign-in page", lambda: visitor.get("/log-ind/")) is None:
            return
        sent = {"email": self._who["email"], "password": self._who["password"]}
        page = self._ledger.asked("sign-in", lambda: visitor.post("/log-ind/", **sent))
        if page and "/log-ind/" in page.url:
            self._ledger.surprised("sign-in", page)
        elif page:
            self._visitor = visitor
            self._ledger.signed_in += 1

    def _get(self, what: str, path: str) -> Page | None:
        assert self._visitor is not None
        visitor = self._visitor
        page = self._ledger.asked(what, lambda: visitor.get(path))
        if page and "/log-ind/" in page.url:
            self._ledger.surprised(what, page)
            self._visitor = None
            return None
        return page

    def _read(self) -> None:
        self._get("page", self._root if self._rounds % 8 else f"/o/{self._who['cvr']}/")

    def _save(self) -> None:
        """Save the rules at the version that was read; nobody else saves those of this organisation."""
        path, cvr = f"{self._root}helbred/regler/", self._who["cvr"]
        form = self._get("form", path)
        if form is None or self._visitor is None:
            return
        visitor, found = self._visitor, VERSION.search(form.text)
        assert found, form.text[:500]
        value = 2 + (self._ledger.last.get(cvr, 0) - 1) % 5
        sent = {"failures": str(value), "passes": "2", "version": found[1]}
        page = self._ledger.asked("save", lambda: visitor.post(path, **sent))
        if page is None:
            self._ledger.unsure[cvr] += 1
        elif page.status == 200 and page.url.endswith("/helbred/"):
            self._ledger.saves[cvr] += 1
            self._ledger.last[cvr] = value
        else:
            self._ledger.surprised("save", page)

    def _check(self) -> None:
        one = f"{self._root}{self._who['system']}/"
        if self._get("system", one) is None or self._visitor is None:
            return
        visitor = self._visitor
        page = self._ledger.asked("check", lambda: visitor.post(f"{one}kontroller/ny/"))
        if page and (found := RUN.search(page.url)):
            self._ledger.runs.add(found[1])
        elif page and page.url.rstrip("/").endswith(self._who["system"]):
            pass  # asked too often; said on the page
        elif page:
            self._ledger.surprised("check", page)


class Program:
    """A program that makes contact groups by the API, each until it is told that it is there."""

    def __init__(self, shape: Shape, who: dict[str, str], ledger: Ledger) -> None:
        self._url = f"{shape.url}/apis/v1/organisations/{who['organisation']}/contact-groups/"
        self._token, self._ledger = who["token"], ledger
        self._trust = ssl.create_default_context(cafile=str(shape.trust))
        self._name, self._key = "", ""

    def one_round(self) -> None:
        """Send the next one, or the last one again with the same key when it got no answer."""
        if not self._name:
            self._name, self._key = f"Gruppe {uuid.uuid4().hex[:12]}", str(uuid.uuid4())
        page = self._ledger.asked("api", self._send)
        if page is None:
            return
        if page.status in (200, 201):
            self._ledger.groups.add(self._name)
            self._name = ""
        elif page.status != 409:  # the first sending is still being carried out
            self._ledger.surprised("api", page)
            self._name = ""

    def _send(self) -> Page:
        request = urllib.request.Request(
            self._url,
            data=json.dumps({"name": self._name, "description": ""}).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": self._key,
            },
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=60, context=self._trust) as answer:
            return Page(answer.status, answer.url, answer.read().decode())


@contextlib.contextmanager
def busy(shape: Shape, people: list[dict[str, str]], pause: float) -> Any:
    """Let everybody be busy for the block, with so many seconds between two things; give the ledger."""
    ledger, over = Ledger(), threading.Event()
    workers: list[Any] = [
        Person(shape, who, ledger, address=f"127.0.0.{number}") for number, who in enumerate(people, start=11)
    ]
    workers += [Program(shape, who, ledger) for who in people[:2]]
    failures: list[BaseException] = []

    def work(worker: Any) -> None:
        try:
            while not over.wait(pause):
                worker.one_round()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]

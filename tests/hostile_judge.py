"""Sending requests as the bytes they are, and judging the answers: no fault, no way out, nothing unescaped or lost."""

import sys
import time
import traceback
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpResponseBase
from django.utils.html import escape

from tests import matrix
from tests.factories.hostile_fields import MARK, NEEDLES, Body
from tests.matrix import Somebody

MAY_BE_UNREADY = ("/readyz",)  # says so with 503


def send(who: Somebody, method: str, path: str, *, query: bytes = b"", body: Body | None = None) -> HttpResponseBase:
    """Send a request as the bytes it is."""
    environ: dict[str, Any] = matrix.REQUESTS._base_environ(
        PATH_INFO=path, REQUEST_METHOD=method, HTTP_COOKIE=who.cookie, QUERY_STRING=query.decode("latin-1")
    )
    if body is not None:
        environ |= {"CONTENT_TYPE": body.content_type, "CONTENT_LENGTH": str(len(body.content))}
        environ["wsgi.input"] = BytesIO(body.content)
    return matrix.HANDLER(environ)


def content_of(response: HttpResponseBase) -> bytes:
    """Return the whole answer, whether it is streamed or not."""
    if response.streaming:
        return b"".join(response)  # type: ignore[call-overload,no-any-return]
    return bytes(response.content)  # type: ignore[attr-defined]


def is_elsewhere(location: str) -> bool:
    """Say whether a browser would leave the portal for a redirect's target."""
    parts = urlsplit(location.replace("\\", "/"))
    return location.startswith("//") or bool(parts.netloc and parts.hostname not in ("testserver", "127.0.0.1"))


class Judge:
    """Sends requests, undoes them, and keeps what was wrong with the answers."""

    def __init__(self) -> None:
        self.asked, self.slowest = 0, (0.0, "")
        self.faults: list[str] = []
        self._trace = ""
        got_request_exception.connect(self._note)

    def _note(self, **_: Any) -> None:
        self._trace = "".join(traceback.format_exception(*sys.exc_info(), limit=-3))

    def ask(
        self, why: str, who: Somebody, method: str, path: str, *, query: bytes = b"", body: Body | None = None
    ) -> tuple[HttpResponseBase, bytes]:
        """Send a request, judge the answer and undo what it did."""
        started, self._trace = time.process_time(), ""
        where = f"{method} {path} ({why})"
        with transaction.atomic():
            response = send(who, method, path, query=query, body=body)
            content = content_of(response)
            transaction.set_rollback(True)
        self.asked += 1
        self.slowest = max(self.slowest, (time.process_time() - started, where))
        if response.status_code >= 500 and path not in MAY_BE_UNREADY:
            self.faults.append(f"{where}: {response.status_code} {self._trace}")
        if is_elsewhere(response.headers.get("Location", "")):
            self.faults.append(f"{where}: leads to {response.headers['Location']}")
        if "html" in response.headers.get("Content-Type", ""):
            self.faults += [f"{where}: shows {needle!r}" for needle in NEEDLES if needle in content]
        if body is not None and body.typed and response.status_code in (200, 400, 422):
            lost = [name for name in body.typed if escape(MARK) not in content.decode()]
            self.faults += [f"{where}: loses what was typed in {lost}"] if lost else []
        return response, content

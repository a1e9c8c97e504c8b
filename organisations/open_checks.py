"""Checks that anybody may ask for without signing in: few an hour for one address, two at once in a process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.peers import client_address, neighbourhood
from organisations import throttling

AN_HOUR = 10  # for one address
PATIENCE = 10  # seconds to wait for a turn
AT_ONCE = threading.BoundedSemaphore(2)  # in this process


class NoTurn(Exception):
    """The check is not carried out; `text` says why, `status` is that of the answer."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text, self.status = text, status


@contextmanager
def turn(request: HttpRequest, what: str) -> Iterator[None]:
    """Hold one of the turns while a check is carried out. Raises `NoTurn`."""
    key = f"{what}:{neighbourhood(client_address(request))}"
    if not throttling.allow(key, limit=AN_HOUR, window=timedelta(hours=1), at=timezone.now()):
        text = _("You can check %(count)s times an hour without signing in. Try again later.") % {"count": AN_HOUR}
        raise NoTurn(text, 429)
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise NoTurn(_("Many are checking right now. Try again in a moment."), 503)
    try:
        yield
    finally:
        AT_ONCE.release()

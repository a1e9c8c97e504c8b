"""What leaves the portal as a file is limited, and told to the event log every time."""

import datetime as dt

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations import events, throttling
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation
from organisations.too_many import TooMany

# Of one person. A file costs what hundreds of pages cost, and nobody reads more of them.
MOST, WINDOW = 60, dt.timedelta(minutes=5)
# The event log tells of its own exports, with the filter.
TOLD_ELSEWHERE = frozenset({"events"})


def count_file(request: HttpRequest) -> None:
    """Count a file that is about to be made, once for a request, before its cost. Raises `TooMany`."""
    caller: Caller | None = getattr(request, "caller", None)
    if caller is None or caller.user is None or getattr(request, "file_is_counted", False):
        return
    request.file_is_counted = True  # type: ignore[attr-defined]
    standing = throttling.count(f"files:{caller.user.pk}", limit=MOST, window=WINDOW, at=timezone.now())
    if not standing.allowed:
        minutes = int(WINDOW.total_seconds()) // 60
        text = _("You have fetched %(most)s files within %(minutes)s minutes, which is the most for one person.")
        raise TooMany(text % {"most": MOST, "minutes": minutes}, standing)


def note_export(request: HttpRequest, name: str, file_format: str) -> None:
    """Count the file, and record that the person in the request took the named list; fills the slot `list_exports`.

    It stands in the log of the organisation that the page concerns, else in the operator's. Raises `TooMany`.
    """
    count_file(request)
    caller: Caller | None = getattr(request, "caller", None)
    organisation: Organisation | None = getattr(request, "organisation", None)
    if caller is None or caller.user is None or name in TOLD_ELSEWHERE:
        return
    after = {"list": name, "format": file_format}
    with transaction.atomic():
        events.record(caller, organisation, Entry(tag=Tag.LIST_EXPORTED, obj=organisation or caller.user, after=after))

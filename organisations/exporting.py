"""Lists that leave the portal as files are told to the event log, every time."""

from django.db import transaction
from django.http import HttpRequest

from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation

# The event log tells of its own exports, with the filter.
TOLD_ELSEWHERE = frozenset({"events"})


@transaction.atomic
def note_export(request: HttpRequest, name: str, file_format: str) -> None:
    """Record that the person in the request took the named list as a file; fills the slot `list_exports`.

    It stands in the log of the organisation that the page concerns, else in the operator's.
    """
    caller: Caller | None = getattr(request, "caller", None)
    organisation: Organisation | None = getattr(request, "organisation", None)
    if caller is None or caller.user is None or name in TOLD_ELSEWHERE:
        return
    after = {"list": name, "format": file_format}
    events.record(caller, organisation, Entry(tag=Tag.LIST_EXPORTED, obj=organisation or caller.user, after=after))

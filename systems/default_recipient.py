"""The default recipient system: where messages to the authority go that name no contact point. At most one."""

from django.db import transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, save_version
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.models import Organisation
from systems.models import System
from systems.writing import entry, record, stored, told


@transaction.atomic
def make_default(*, caller: Caller, system: System, version: int) -> list[Finding]:
    """Move the mark to `system` from the one that bears it; both changes are recorded.

    The organisation's lock makes two movers take turns, and the mark is taken off before it is put on, so no moment
    has two. Returns what refuses it; empty when it was done, or was so already. Raises `StaleVersion`.
    """
    organisation = lock(system.organisation_id)
    current = stored(system.pk)
    if current is None or current.version != version:
        raise StaleVersion(current)
    if current.is_default_recipient:
        return []
    if not current.is_recipient:
        return [finding("system.default_must_receive", name=current.name)]
    taken = take_mark(organisation, besides=current)
    record(caller, organisation, [*taken, _mark(current, default=True)])
    return []


def take_mark(organisation: Organisation, *, besides: System) -> list[Entry]:
    """Take the mark off whatever system bears it but `besides`, and return the events; the lock is held."""
    marked = System.objects.select_for_update().filter(organisation=organisation, is_default_recipient=True)
    return [_mark(one, default=False) for one in marked.exclude(pk=besides.pk)]


def _mark(system: System, *, default: bool) -> Entry:
    before = told(system)
    system.is_default_recipient = default
    save_version(system, version=system.version)
    return entry(system, tag=Tag.DEFAULT_RECIPIENT_CHANGED, before=before, after=told(system))

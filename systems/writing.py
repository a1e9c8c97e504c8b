"""How a changed system is written: one conditional save, then one event that tells what it was and what it is."""

import uuid
from collections.abc import Iterable

from adgang.lib.registered import save_version
from adgang.lib.snapshots import JSON, snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation
from systems.models import System


def told(system: System) -> dict[str, JSON]:
    """Return the system as the event log keeps it, with what lives in other tables: credentials by name, addresses."""
    return snapshot(
        system,
        certificate=_name(system.certificate),
        next_certificate=_name(system.next_certificate),
        ssh_key=_name(system.ssh_key),
        next_ssh_key=_name(system.next_ssh_key),
        api_token=_name(system.token),
        allowed_ips=sorted(allowed.network for allowed in system.allowed_ips.all()),
    )


def _name(obj: object) -> str | None:
    return None if obj is None else str(obj)


def stored(system_id: uuid.UUID) -> System | None:
    """Return the system as the database has it now, with what its event tells; None when it is deleted."""
    return System.objects.with_page_data().filter(pk=system_id).first()


def write(*, caller: Caller, system: System, version: int, tag: Tag, before: dict[str, JSON], reason: str = "") -> None:
    """Save the changed system on top of `version` and record it; the last act of the caller's transaction.

    `before` is what `told` said before the change. Raises `StaleVersion`.
    """
    save_version(system, version=version)
    record(caller, system.organisation, [entry(system, tag=tag, before=before, after=told(system), reason=reason)])


def entry(
    system: System,
    *,
    tag: Tag,
    before: dict[str, JSON] | None = None,
    after: dict[str, JSON] | None = None,
    reason: str = "",
) -> Entry:
    """Return the event of something that happened to the system."""
    return Entry(tag=tag, obj=system, before=before or {}, after=after or {}, reason=reason, system_id=system.pk)


def record(caller: Caller, organisation: Organisation, entries: Iterable[Entry]) -> None:
    """Record events of one organisation; the last act of the transaction."""
    events.record_all(caller, [(organisation, one) for one in entries])

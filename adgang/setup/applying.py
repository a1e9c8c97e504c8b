"""Carrying out a set-up file: all of it in one transaction, or nothing, and only what was agreed to."""

import uuid

from django.db import transaction
from django.utils import timezone

from adgang.lib.registered import save_version
from adgang.lib.snapshots import JSON
from adgang.setup import planning, role_writing, template_writing
from adgang.setup.changes import Act
from adgang.setup.documents import CHANGE, Section
from adgang.setup.planning import Plan
from adgang.setup.wanted_systems import Systems, WantedSystem, changed, origin, write_origin
from contacts import writing
from memo import letter_import
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.expiry import end_for_system
from organisations.locks import lock
from organisations.models import Organisation
from organisations.rights import Right
from systems.health import dials_the_same, forget_checks
from systems.models import System
from systems.registering import add, new_username, write_networks
from systems.writing import entry, told


class SetupRefused(Exception):
    """The file has faults; `plan` names every one of them. Nothing was written."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the file has faults")
        self.plan = plan


class SetupChanged(Exception):
    """What is registered was changed since the plan was made; `plan` is the one of now. Nothing was written."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the set-up was changed since the plan was made")
        self.plan = plan


class ReasonMissing(Exception):
    """A system would go into service in spite of doubts about its connection, and nobody says why."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("a reason is needed")
        self.plan = plan


@transaction.atomic
def apply(*, caller: Caller, organisation: Organisation, content: bytes, seen: str = "", reason: str = "") -> Plan:
    """Carry out a file and return what was done; one transaction, its events last.

    `seen` is the digest of the plan that somebody agreed to, `reason` why systems go into service without a passed
    check. Raises `SetupRefused`, `SetupChanged` or `ReasonMissing`.
    """
    organisation = lock(organisation.pk)
    plan = planning.plan(organisation, content, at=timezone.now(), may=may_of(caller, organisation))
    if plan.refused:
        raise SetupRefused(plan)
    if seen and plan.digest != seen:
        raise SetupChanged(plan)
    if plan.needs_reason and not reason.strip():
        raise ReasonMissing(plan)
    if plan.changes:
        events.record_all(caller, _write(caller, organisation, plan, reason))
    return plan


def may_of(caller: Caller, organisation: Organisation) -> planning.May:
    """Return what says which rights over all of the organisation a caller has; commands have every right."""

    def may(right: Right) -> bool:
        return caller.user is None or caller.may(right, organisation)

    return may


def sections_of(caller: Caller, organisation: Organisation) -> list[Section]:
    """Return the sections that the caller may change."""
    may = may_of(caller, organisation)
    return [section for section in Section if may(CHANGE[section])]


def _write(caller: Caller, organisation: Organisation, plan: Plan, reason: str) -> Told:
    """Write everything and return the events of it, each with whose log it stands in."""
    at = timezone.now()
    entries = template_writing.write(plan.templates, at=at, reason=reason) if plan.templates else []
    entries += _systems(plan.systems, reason) if plan.systems else []
    if plan.structure:
        before, after = writing.logged(plan.before, plan.structure.structure)
        if before or after:
            writing.write(organisation, plan.before, plan.structure.structure, ordered=True)
            entries.append(Entry(tag=Tag.CONTACTS_IMPORTED, obj=organisation, before=before, after=after))
    if plan.letters and (rows := letter_import.changing(plan.letters.rows)):
        entries.append(letter_import.write(organisation, rows))
    listed: Told = [(organisation, one) for one in entries]
    for gone in plan.systems.gone if plan.systems else ():
        listed += _delete(organisation, gone, reason)
    if plan.roles:
        listed += role_writing.write(caller=caller, organisation=organisation, roles=plan.roles, at=at, reason=reason)
    counts: dict[str, JSON] = {str(act): plan.counts[act] for act in Act if plan.counts[act]}
    return [*listed, (organisation, Entry(tag=Tag.SETUP_APPLIED, obj=organisation, after=counts, reason=reason))]


def _systems(systems: Systems, reason: str) -> list[Entry]:
    """Write the systems that differ: names and the default mark are free before somebody else takes them."""
    differing = [one for one in systems.wanted if changed(one)]
    renamed = [one.old.pk for one in differing if one.old and one.old.name != one.new.name]
    for pk in renamed:
        System.objects.filter(pk=pk).update(name=str(pk))
    unmarked = [one.old.pk for one in differing if one.old and not one.new.is_default_recipient]
    before = {one.old.pk: told(one.old) for one in differing if one.old}
    System.objects.filter(pk__in=unmarked).update(is_default_recipient=False)
    _unmark_the_gone(systems)
    return [_write_system(one, before, reason) for one in differing]


def _unmark_the_gone(systems: Systems) -> None:
    gone = [system.pk for system in systems.gone]
    System.objects.filter(pk__in=gone).update(is_default_recipient=False)
    for pk in gone:
        System.objects.filter(pk=pk).update(name=str(pk))


def _write_system(one: WantedSystem, before: dict[uuid.UUID, dict[str, JSON]], reason: str) -> Entry:
    new, old = one.new, one.old
    if old is None:
        if new.needs.ssh and not new.ssh_username:
            new.ssh_username = new_username(new.name)
        add(new, one.networks)
        write_origin(new)
        return entry(new, tag=Tag.SYSTEM_CREATED, after=told(new) | _origin(one, new), reason=reason)
    write_networks(new, one.networks)
    if origin(old) != origin(new):
        write_origin(new)
    if not dials_the_same(old, new):
        forget_checks(new)
    save_version(new, version=old.version)
    was, after = before[old.pk] | _origin(one, old), told(new) | _origin(one, new)
    return entry(new, tag=Tag.SYSTEM_CHANGED, before=was, after=after, reason=reason)


def _origin(one: WantedSystem, system: System) -> dict[str, JSON]:
    """Return what a system was made from, as the log keeps it where that is new."""
    if (origin(one.old) if one.old else None) == origin(one.new):
        return {}
    return {"standard_system": [str(part) for part in origin(system) or ()]}


def _delete(organisation: Organisation, gone: System, reason: str) -> Told:
    ended = end_for_system(organisation=organisation, system_id=gone.pk)
    log = entry(gone, tag=Tag.SYSTEM_DELETED, before=told(gone), reason=reason)
    System.objects.filter(pk=gone.pk).delete()
    return [*ended, (organisation, log)]

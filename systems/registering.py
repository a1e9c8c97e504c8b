"""Creating, changing, copying and deleting systems."""

from collections.abc import Sequence
from copy import copy
from uuid import uuid4

from django.db import transaction
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.text import slugify

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, save_version
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import record_all
from organisations.expiry import end_for_system
from organisations.locks import lock
from systems import rules
from systems.default_recipient import take_mark
from systems.dependants import dependants
from systems.health import dials_the_same, forget_checks
from systems.models import AllowedIp, System, SystemHealth
from systems.writing import entry, record, stored, told

# What a copy does not take along: what is the original's alone, and every credential.
OWN = {
    "registry_id": None,
    "active_from": None,
    "active_to": None,
    "is_default_recipient": False,
    "certificate": None,
    "next_certificate": None,
    "next_certificate_from": None,
    "ssh_key": None,
    "next_ssh_key": None,
    "ssh_key_until": None,
    "ssh_username": "",
    "pinned_host_key": "",
    "version": 1,
}


@transaction.atomic
def create(*, caller: Caller, system: System, networks: Sequence[str] = (), reason: str = "") -> System:
    """Save a new system with its allowed addresses (in canonical form) and return it.

    An SFTP system without a user name is given one. Raises ValidationError, by field.
    """
    lock(system.organisation_id)
    rules.check(system, at=timezone.now())
    if system.needs.ssh and not system.ssh_username:
        system.ssh_username = new_username(system.name)
    taken = take_mark(system.organisation, besides=system) if system.is_default_recipient else []
    add(system, networks)
    created = entry(system, tag=Tag.SYSTEM_CREATED, after=told(system), reason=reason)
    record(caller, system.organisation, [*taken, created])
    return system


# What SSH user names do without, as it is written where those letters are missing.
DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def add(system: System, networks: Sequence[str]) -> None:
    """Write the rows of a new system; nothing is checked and nothing recorded."""
    system.save(force_insert=True)
    SystemHealth.objects.create(system=system)
    write_networks(system, networks)


def new_username(name: str) -> str:
    """Return an SSH user name made of a system's name and 8 hexadecimal digits that nobody else has."""
    plain = slugify(name.lower().translate(DANISH_LETTERS))[:40].strip("-_")
    return f"{plain or 'system'}-{uuid4().hex[:8]}"


def change(
    *,
    caller: Caller,
    system: System,
    version: int,
    networks: Sequence[str] | None = None,
    reason: str = "",
    tag: Tag = Tag.SYSTEM_CHANGED,
) -> list[Finding]:
    """Save the changed values of `system`, and its allowed addresses unless None, on top of `version`.

    A system that becomes the default recipient takes the mark from the one that bears it. Returns what refuses it (then
    nothing is written); empty when it was done, or when nothing differs. Raises ValidationError, by field, and
    `StaleVersion`.
    """
    with transaction.atomic():
        lock(system.organisation_id)
        before = stored(system.pk)
        if before is None or before.version != version:
            raise StaleVersion(before)
        rules.check(system, at=timezone.now(), before=before)
        if refused := _refusals(before, system):
            return refused
        was = told(before)
        if networks is not None:
            write_networks(system, networks)
        if told(system) != was:
            if not dials_the_same(before, system):
                forget_checks(system)
            taken = take_mark(system.organisation, besides=system) if system.is_default_recipient else []
            save_version(system, version=version)
            changed = entry(system, tag=tag, before=was, after=told(system), reason=reason)
            record(caller, system.organisation, [*taken, changed])
        return []


def _refusals(before: System, system: System) -> list[Finding]:
    """A system that others depend on, or that is the default, must go on receiving."""
    if not before.is_recipient or system.is_recipient:
        return []
    if before.is_default_recipient:
        return [finding("system.is_default", name=before.name)]
    return _dependants_refusal(before)


def _dependants_refusal(system: System) -> list[Finding]:
    count = len(dependants(system))
    return [finding("system.has_dependants", name=system.name, count=count)] if count else []


def copied(system: System, *, name: str) -> System:
    """Return an unsaved copy under a new name, without credentials, dates, ID in Digital Post and default mark."""
    made = copy(system)
    made._state = ModelState()  # not saved yet, and none of the original's relations
    for field, value in OWN.items():
        setattr(made, field, value)
    made.id = uuid4()
    made.name, made.organisation = name, system.organisation
    return made


def delete(*, caller: Caller, system: System, version: int, reason: str = "") -> list[Finding]:
    """Delete the system, its checks, its token and the roles that were limited to it.

    Its certificate and key stay among the organisation's. Returns what refuses it; empty when it was done. Raises
    `StaleVersion`.
    """
    with transaction.atomic():
        organisation = lock(system.organisation_id)
        current = stored(system.pk)
        if current is None or current.version != version:
            raise StaleVersion(current)
        if refused := _dependants_refusal(current):
            return refused
        ended = end_for_system(organisation=organisation, system_id=current.pk)
        gone = entry(current, tag=Tag.SYSTEM_DELETED, before=told(current), reason=reason)
        System.objects.filter(pk=current.pk).delete()
        record_all(caller, [*ended, (organisation, gone)])
        return []


def write_networks(system: System, networks: Sequence[str]) -> None:
    """Make `networks`, in canonical form, the system's allowed addresses."""
    AllowedIp.objects.filter(system=system).exclude(network__in=networks).delete()
    kept = set(AllowedIp.objects.filter(system=system).values_list("network", flat=True))
    AllowedIp.objects.bulk_create(AllowedIp(system=system, network=one) for one in networks if one not in kept)

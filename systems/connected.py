"""Connected (tilsluttet), the word of the process guide: in service, credential in force, and a recent sign of life.

A sign is a check that passed, a call from the system itself, both of the last seven days, or a named person's word,
which counts until what a check dials is changed.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding, finding
from certificates.kinds import SYSTEM_KINDS
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.lifecycle import fits, in_service, validity_at
from systems.models import System, SystemHealth
from systems.protocols import NEEDS
from systems.rows import Shown
from systems.states import in_service as in_service_at
from systems.writing import entry, record

FRESH = dt.timedelta(days=7)


class How(models.TextChoices):
    """What shows that a system is connected."""

    CHECK = "CHECK", _("its connection check passed")
    CALL = "CALL", _("the system called in")
    PERSON = "PERSON", _("a person confirmed it")


class Lack(models.TextChoices):
    """What a system lacks to be connected; the first that applies."""

    SERVICE = "SERVICE", _("it is not in service")
    CREDENTIAL = "CREDENTIAL", _("it has no certificate or key in force")
    SIGN = "SIGN", _("no check has passed and the system has not called in for seven days, and nobody has confirmed it")


@dataclass(frozen=True, kw_only=True)
class Connected:
    """The answer: `how` and `when` where the system is connected, else `lack`."""

    connected: bool
    how: How | None = None
    when: dt.datetime | None = None
    lack: Lack | None = None

    def __bool__(self) -> bool:
        return self.connected


def connected(system: Shown, at: dt.datetime) -> Connected:
    """Say whether the system is connected at a moment, by what, and since when that is known.

    Asks no query of a system from `with_page_data()`, nor of a row of a list.
    """
    if not in_service(system, at):
        return Connected(connected=False, lack=Lack.SERVICE)
    if not credential_in_force(system, at):
        return Connected(connected=False, lack=Lack.CREDENTIAL)
    return _sign(system, at) or Connected(connected=False, lack=Lack.SIGN)


def credential_in_force(system: Shown, at: dt.datetime) -> bool:
    """Say whether the credential of the protocol is there and of its time, kind and CVR; nothing is judged anew."""
    if system.needs.ssh:
        return bool(system.ssh_key_id and system.ssh_username)
    certificate = validity_at(system, at)
    return certificate is not None and fits(certificate, system, at)


def _sign(system: Shown, at: dt.datetime) -> Connected | None:
    health = system.known_health
    if health is None:
        return None
    for how, when in ((How.CHECK, health.last_passed), (How.CALL, health.last_seen)):
        if when is not None and when >= at - FRESH:
            return Connected(connected=True, how=how, when=when)
    return Connected(connected=True, how=How.PERSON, when=health.confirmed) if health.confirmed else None


def connected_at(at: dt.datetime) -> Q:
    """Return the condition of `connected` for a query of systems."""
    sign = (
        Q(health__last_passed__gte=at - FRESH)
        | Q(health__last_seen__gte=at - FRESH)
        | Q(health__confirmed__isnull=False)
    )
    by_key = [protocol for protocol, needs in NEEDS.items() if needs.ssh]
    key = Q(service_protocol__in=by_key, ssh_key__isnull=False) & ~Q(ssh_username="")
    own = _valid("certificate", at) | (_valid("next_certificate", at) & Q(next_certificate_from__lte=at))
    return in_service_at(at) & (key | (~Q(service_protocol__in=by_key) & own)) & sign


def _valid(field: str, at: dt.datetime) -> Q:
    dates = Q(**{f"{field}__not_before__lte": at, f"{field}__not_after__gte": at, f"{field}__kind__in": SYSTEM_KINDS})
    cvr = Q(**{f"{field}__cvr": F("organisation__cvr_number")}) | Q(**{f"{field}__cvr": F("delegated_cvr")})
    return dates & cvr


def confirm(*, caller: Caller, system: System, at: dt.datetime, reason: str) -> list[Finding]:
    """Keep a person's word that the system is connected, with the reason; it counts until the settings change.

    Returns what refuses it: only a person can confirm.
    """
    if caller.user is None:
        return [finding("system.confirmed_by_person")]
    with transaction.atomic():
        values = {"confirmed": at, "confirmed_by": caller.user, "confirmed_reason": reason}
        SystemHealth.objects.update_or_create(system=system, defaults=values)
        after = {"confirmed": True}
        done = entry(system, tag=Tag.SYSTEM_CONFIRMED, before={"confirmed": False}, after=after, reason=reason)
        record(caller, system.organisation, [done])
    return []


@transaction.atomic
def withdraw(*, caller: Caller, system: System) -> list[Finding]:
    """Take the confirmation back. Returns what refuses it: that there is none."""
    confirmed = SystemHealth.objects.filter(system=system, confirmed__isnull=False)
    if not confirmed.update(confirmed=None, confirmed_by=None, confirmed_reason=""):
        return [finding("system.not_confirmed")]
    done = entry(system, tag=Tag.SYSTEM_CONFIRMED, before={"confirmed": True}, after={"confirmed": False})
    record(caller, system.organisation, [done])
    return []

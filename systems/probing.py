"""What a check may do beyond looking: allowed by the owner, one probe at a time, and what a run then takes with it.

A message is delivered only by a check that somebody asked for, and at most once an hour; a folder may be tried by any.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from django.db import transaction

from adgang.lib.failures import Failure
from adgang.lib.findings import Finding, finding
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems import probe_messages
from systems.check_key import the_key
from systems.models import AllowedProbe, CheckRun, Probe, Protocol, System, Trigger
from systems.steps.subject import Subject
from systems.writing import entry, record

# Those that somebody waits for.
BY_A_PERSON = (Trigger.MANUAL, Trigger.API, Trigger.COMMAND)
MESSAGES = (Probe.DELIVER, Probe.MAIL)


def offered(system: System) -> list[Probe]:
    """Return the probes that the system's settings give a place to: messages go to those who receive them."""
    match system.protocol:
        case Protocol.SFTP if system.sftp_host:
            return [Probe.LOGIN, Probe.WRITE]
        case Protocol.REST_PUSH if system.is_recipient:
            return [Probe.DELIVER]
        case Protocol.SMTP if system.is_recipient:
            return [Probe.MAIL]
    return []


def allowed(system: System) -> list[AllowedProbe]:
    """Return what the owner has allowed of what is offered now; nothing is written without a sign-in."""
    rows = {Probe(row.probe): row for row in system.allowed_probes.select_related("allowed_by")}
    return [rows[probe] for probe in _usable(system, rows)]


def _usable(system: System, given: Collection[Probe]) -> list[Probe]:
    order = offered(system)
    return [probe for probe in order if probe in given and (probe is not Probe.WRITE or Probe.LOGIN in given)]


def _names_allowed(system: System) -> list[Probe]:
    """Return as `allowed`, without who allowed it; nothing is asked of a system that is offered nothing."""
    if not offered(system):
        return []
    names = AllowedProbe.objects.filter(system=system).values_list("probe", flat=True)
    return _usable(system, {Probe(name) for name in names})


@transaction.atomic
def allow(*, caller: Caller, system: System, probe: Probe, at: dt.datetime) -> list[Finding]:
    """Allow a probe. Returns what refuses it; allowing what is allowed already changes nothing."""
    if probe not in offered(system):
        return [finding("probe.no_place")]
    if probe is Probe.WRITE and not system.allowed_probes.filter(probe=Probe.LOGIN).exists():
        return [finding("probe.login_first")]
    if probe is Probe.LOGIN:
        the_key()
    System.objects.select_for_update().filter(pk=system.pk).first()  # two clicks at once are one
    before = _names(system)
    if str(probe) not in before:
        AllowedProbe.objects.create(system=system, probe=probe, allowed=at, allowed_by=caller.user)
        _record(caller, system, Tag.PROBE_ALLOWED, before)
    return []


@transaction.atomic
def withdraw(*, caller: Caller, system: System, probe: Probe) -> None:
    """Take the leave for a probe back, and with the sign-in the leave to write. Nothing happens where there is none."""
    together = [Probe.LOGIN, Probe.WRITE] if probe is Probe.LOGIN else [probe]
    before = _names(system)
    if system.allowed_probes.filter(probe__in=together).delete()[0]:
        _record(caller, system, Tag.PROBE_WITHDRAWN, before)


def _names(system: System) -> list[str]:
    return sorted(system.allowed_probes.values_list("probe", flat=True))


def _record(caller: Caller, system: System, tag: Tag, before: list[str]) -> None:
    told = entry(system, tag=tag, before={"allowed_probes": before}, after={"allowed_probes": _names(system)})
    record(caller, system.organisation, [told])


def planned(subject: Subject, *, system: System, trigger: str) -> Subject:
    """Return the subject with the probes that a run of this kind takes."""
    taken = [probe for probe in _names_allowed(system) if probe not in MESSAGES or trigger in BY_A_PERSON]
    delivers = any(probe in MESSAGES for probe in taken)
    return replace(subject, probes=tuple(map(str, taken)), deliver_to=system.endpoint if delivers else "")


def equipped(subject: Subject, *, system: System, run: CheckRun, at: dt.datetime) -> Subject:
    """Return the subject with what its probes take: the check's own key, the message that is to be delivered."""
    subject = planned(subject, system=system, trigger=run.trigger)
    if Probe.LOGIN in subject.probes:
        subject = replace(subject, check_key=the_key().private())
    for probe in MESSAGES:
        if probe in subject.probes:
            return _with_message(subject, system, run, probe, at)
    return subject


def _with_message(subject: Subject, system: System, run: CheckRun, probe: Probe, at: dt.datetime) -> Subject:
    try:
        message = probe_messages.prepare(run=run, system=system, probe=probe, at=at)
    except Failure as withheld:
        return replace(subject, withheld=withheld.code)
    return replace(subject, message=message)

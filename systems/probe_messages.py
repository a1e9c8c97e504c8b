"""Test messages: one for a run, at most one an hour for a system, judged by a person who tries to open them."""

import datetime as dt
import uuid

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import transaction

from adgang.lib import slots
from adgang.lib.failures import Failure
from adgang.lib.findings import Finding, finding
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.lifecycle import certificate_at
from systems.models import CheckRun, Probe, ProbeAnswer, ProbeMessage, System
from systems.steps.recording import JSON
from systems.steps.subject import TrialMessage
from systems.writing import entry, record

BETWEEN = dt.timedelta(hours=1)
HANDED_OVER = ("message.delivered", "message.handed_over")


def prepare(*, run: CheckRun, system: System, probe: Probe, at: dt.datetime) -> TrialMessage:
    """Return the message that the run is to deliver, and keep that it is.

    Raises Failure `message.too_soon`, `message.no_certificate` or `message.not_for_this_key`. A run that is carried
    out a second time finds its first message here, and sends no other.
    """
    if ProbeMessage.objects.filter(system=system, created__gt=at - BETWEEN).exists():
        raise Failure("message.too_soon")
    certificate = _recipient(system, at) if probe is Probe.MAIL else None
    id_ = uuid.uuid4()
    (make,) = slots.fillings("test_message")
    content = make(system.organisation, id_, at)
    sha256 = certificate.fingerprint(SHA256()).hex() if certificate else ""
    ProbeMessage.objects.create(id=id_, system=system, run=run, probe=probe, certificate=sha256, created=at)
    return TrialMessage(id=str(id_), content=content, certificate=certificate)


def _recipient(system: System, at: dt.datetime) -> x509.Certificate:
    kept = certificate_at(system, at)
    if kept is None:
        raise Failure("message.no_certificate")
    certificate = x509.load_pem_x509_certificate(kept.pem.encode())
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise Failure("message.not_for_this_key")
    return certificate


def settle(*, message: TrialMessage, steps: list[JSON], at: dt.datetime) -> None:
    """Keep whether a run's message was handed over; one that was not is forgotten, so that another can be tried.

    Only the attempt that made the message may say so: of one whose worker was lost nobody knows whether it went.
    """
    own = ProbeMessage.objects.filter(pk=message.id, sent=None)
    if any(found["code"] in HANDED_OVER for step in steps for found in step["findings"]):
        own.update(sent=at)
    else:
        own.delete()


def message_of(run: CheckRun) -> ProbeMessage | None:
    """Return the message that the run sent by mail, which a person can answer for; None when it sent none."""
    found: ProbeMessage | None = (
        ProbeMessage.objects.filter(run=run, probe=Probe.MAIL, sent__isnull=False).select_related("answered_by").first()
    )
    return found


def verdict(message: ProbeMessage) -> Finding | None:
    """Return what a person's answer says of the system; None as long as there is none."""
    codes = {ProbeAnswer.OPENED: "message.opened", ProbeAnswer.NOT_OPENED: "message.not_opened"}
    return finding(codes[ProbeAnswer(message.answer)]) if message.answer else None


@transaction.atomic
def answer(*, caller: Caller, system: System, run: CheckRun, said: ProbeAnswer, at: dt.datetime) -> list[Finding]:
    """Keep what a person says of the run's message; a later word replaces an earlier one. Returns what refuses it."""
    message = message_of(run)
    if message is None:
        return [finding("message.none_sent")]
    if caller.user is None:
        return [finding("system.confirmed_by_person")]
    before = message.answer
    message.answer, message.answered, message.answered_by = said, at, caller.user
    message.save(update_fields=["answer", "answered", "answered_by"])
    if before != said:
        after = {
            "answer": str(said),
            "sha256": message.certificate,
            "run": str(run.pk),
            "probe_message": str(message.pk),
        }
        told = entry(system, tag=Tag.PROBE_ANSWERED, before={"answer": before} if before else {}, after=after)
        record(caller, system.organisation, [told])
    return []

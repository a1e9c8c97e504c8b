"""Where a registered certificate stands: asked when it is uploaded, asked again until there is an answer, and nightly.

What is known lies in a row of its own. Revoked is final: the row never leaves that state, the change makes the one
event, and the rooms above take the certificate out of force.
"""

import datetime as dt
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from adgang.lib import slots
from adgang.lib.connections import release_connection
from adgang.lib.failures import Failure
from adgang.lib.findings import Finding, finding
from adgang.lib.queueing import after_commit
from adgang.lib.snapshots import as_json
from certificates.anchors import Anchors, installed_anchors
from certificates.details import Details, read_details
from certificates.models import Certificate, Revocation, Standing, TrustAnchor
from certificates.revocation import mails, ocsp
from certificates.revocation.addresses import ocsp_address
from certificates.revocation.answers import OCSP, Answer, RevocationLists, issuer_of
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.mail import queue_mail

log = structlog.get_logger("adgang.revocation")

LEASE = dt.timedelta(minutes=2)
# After a try that brought no answer; the last one over and over.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# So often a responder is asked for its second opinion where the list has answered already.
SECOND_OPINIONS = 3


def begin(certificate: Certificate, answer: Answer, *, at: dt.datetime) -> Standing:
    """Keep what is known of a certificate that was just received, and have a worker ask the rest.

    `answer` is what the stored lists say. To be called in the transaction that keeps the certificate.
    """
    standing = Standing.objects.create(certificate=certificate, due=at, pending=True, **_fields(answer))
    after_commit("certificates.ask_revocation", certificate_id=str(certificate.pk))
    return standing


def known(certificate: Certificate, *, at: dt.datetime) -> Answer:
    """Return what is known of a registered certificate at `at`; one query unless its standing was fetched with it."""
    standing = standing_of(certificate)
    if standing is None:
        return Answer()
    answer = Answer(
        Revocation(standing.revocation),
        standing.source,
        standing.as_of,
        standing.valid_until,
        standing.revoked_at,
        standing.reason,
    )
    if answer.status == Revocation.GOOD and (answer.valid_until is None or answer.valid_until < at):
        return Answer(as_of=answer.as_of, valid_until=answer.valid_until, lack="revocation.stale")
    if answer.status == Revocation.UNKNOWN and standing.checked is None:
        return Answer(lack="revocation.pending")
    return answer


def freshness(certificate: Certificate, *, at: dt.datetime) -> list[Finding]:
    """Return what refuses to take a certificate into service at `at` (now): that nobody knows whether it is revoked.

    Only where `ADGANG_REQUIRE_REVOCATION_CHECK` asks for it. That it is revoked is found by judging.
    """
    answer = known(certificate, at=at)
    if not settings.ADGANG_REQUIRE_REVOCATION_CHECK or answer.status != Revocation.UNKNOWN:
        return []
    if answer.lack == "revocation.stale":
        return [finding("revocation.stale", next_update=answer.valid_until)]
    return [finding("revocation.no_list")]


def standing_of(certificate: Certificate) -> Standing | None:
    """Return the row, or None of a certificate that was never asked about."""
    return getattr(certificate, "standing", None)


def ask(certificate_id: uuid.UUID | str, *, at: dt.datetime) -> Answer | None:
    """Ask lists and responder about one certificate, unless another worker does; None when there is nothing to ask."""
    batch = uuid.uuid4()
    waiting = Standing.objects.filter(certificate_id=certificate_id, due__lte=at).exclude(revocation=Revocation.REVOKED)
    if not waiting.update(due=at + LEASE, batch=batch):
        return None
    standing = Standing.objects.select_related("certificate__organisation", "certificate__user").get(
        certificate_id=certificate_id
    )
    details, anchors = read_details(standing.certificate.der), installed_anchors()
    answer = RevocationLists().answer(details, anchors, at=at)
    if standing.pending and answer.status != Revocation.REVOKED:
        answer, heard = _second_opinion(details, anchors, answer, at)
        standing.pending = not heard and not (answer.status == Revocation.GOOD and standing.attempts >= SECOND_OPINIONS)
        standing.attempts += 1
    settle(standing, answer, at=at)
    return answer


def _second_opinion(details: Details, anchors: Anchors, listed: Answer, at: dt.datetime) -> tuple[Answer, bool]:
    """Return the responder's answer, or the list's where it has none; and whether there is no more to be heard."""
    authority = issuer_of(details, anchors)
    row = TrustAnchor.objects.filter(sha256=authority.details.sha256).first() if authority else None
    address = ocsp_address(row) if row else ""
    if authority is None or not address:
        return listed, True
    release_connection()
    try:
        return ocsp.ask(details, authority.details, address=address, at=at), True
    except Failure as failure:
        log.warning("no answer by OCSP", address=address, code=failure.code, found=dict(failure.params))
        return listed, False


def settle(standing: Standing, answer: Answer, *, at: dt.datetime) -> None:
    """Keep an answer: as it is, or as the change that revokes; `standing` comes with its certificate and organisation.

    A good answer of the responder outlives a list that cannot say, as long as it holds.
    """
    holds = standing.valid_until is not None and standing.valid_until >= at
    if answer.status == Revocation.UNKNOWN and standing.source == OCSP and holds:
        answer = known(standing.certificate, at=at)
    if answer.status == Revocation.REVOKED:
        revoke(standing, answer, at=at)
        return
    due = _next(standing, answer, at)
    values = {"pending": standing.pending, "attempts": standing.attempts, "checked": at, "due": due}
    _write(standing, answer, **values)


def _next(standing: Standing, answer: Answer, at: dt.datetime) -> dt.datetime:
    if standing.pending or answer.status == Revocation.UNKNOWN:
        return at + WAITS[min(standing.attempts, len(WAITS)) - 1 if standing.attempts else 0]
    return next_night(at, spread=standing.certificate_id.int)


def next_night(at: dt.datetime, *, spread: int) -> dt.datetime:
    """Return a moment of the coming night (00:00 to 04:00 UTC), spread by a number so that not all fall on one."""
    tomorrow = at.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    return tomorrow + dt.timedelta(seconds=spread % (4 * 3600))


def _fields(answer: Answer) -> dict[str, Any]:
    return {
        "revocation": answer.status,
        "source": answer.source,
        "as_of": answer.as_of,
        "valid_until": answer.valid_until,
        "revoked_at": answer.revoked_at,
        "reason": answer.reason,
    }


def _write(standing: Standing, answer: Answer, **values: object) -> bool:
    """Write an answer to a row that is not revoked; say whether it was there to be written."""
    read = _fields(answer)
    open_still = Standing.objects.filter(~Q(revocation=Revocation.REVOKED), pk=standing.pk)
    written = open_still.update(**read, **values)
    for name, value in (read | values).items():
        setattr(standing, name, value)
    return bool(written)


def revoke(standing: Standing, answer: Answer, *, at: dt.datetime) -> None:
    """Keep that a certificate was revoked, once: with an event, the person told, and what stands on it taken down."""
    certificate, before = standing.certificate, str(standing.revocation)
    with transaction.atomic():
        if not _write(standing, answer, pending=False, checked=at, due=None):
            return
        if certificate.user is not None:
            queue_mail(
                kind=mails.REVOKED,
                to=certificate.user.email,
                organisation=certificate.organisation,
                object_id=certificate.pk,
                language=certificate.user.language,
            )
        after = {
            "revocation": "revoked",
            "revoked_at": as_json(answer.revoked_at),
            "revocation_reason": answer.reason,
            "source": answer.source,
        }
        entry = Entry(tag=Tag.CERTIFICATE_REVOKED, obj=certificate, before={"revocation": before}, after=after)
        events.record(Caller.task("ask_revocation"), certificate.organisation, entry)
    log.warning("certificate revoked", certificate=str(certificate.pk), sha256=certificate.sha256)
    for take_down in slots.fillings("revoked_certificates"):
        take_down(at=at)

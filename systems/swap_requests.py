"""Asking other authorities to replace a certificate in their own systems, and what they answer.

The certificate belongs to the organisation that asks (a vendor, whose CVR the systems name); the systems do not, so
their own administrator decides. Both event logs tell of it.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import check_version, save_version
from adgang.lib.snapshots import snapshot
from certificates.anchors import installed_anchors
from certificates.models import Certificate
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.holding import holders
from organisations.mail import about, queue_mail
from organisations.models import Mail, Organisation, User
from organisations.rights import PrivilegeType, Right
from systems import swapping
from systems.credential_page import visible_systems
from systems.credential_rows import uses_certificate
from systems.models import CertificateSwapRequest, SwapState, System

ASKED, ANSWERED = "certificate_swap_asked", "certificate_swap_answered"


def administrators(organisation: Organisation, at: dt.datetime) -> list[User]:
    """Return the system administrators of the whole organisation, by name."""
    return list(holders(organisation, PrivilegeType.ORGANISATION_ADMINISTRATOR, at=at))


@transaction.atomic
def ask(
    *,
    caller: Caller,
    old: Certificate,
    new: Certificate,
    organisations: Iterable[Organisation],
    message: str,
    at: dt.datetime,
) -> list[CertificateSwapRequest]:
    """Ask each authority, and mail its system administrators; an earlier request that waits is withdrawn for it.

    The caller has the right to change systems in the organisation of `old`, to which both certificates are issued.
    """
    made, entries = [], []
    for organisation in sorted(organisations, key=lambda one: one.pk):
        entries += _withdraw_earlier(caller, organisation, old, at)
        request = CertificateSwapRequest.objects.create(
            organisation=organisation,
            asked_by=old.organisation,
            asker=caller.user,
            old_sha256=old.sha256,
            certificate=new,
            message=message,
        )
        made.append(request)
        entry = Entry(tag=Tag.CERTIFICATE_SWAP_ASKED, obj=request, after=_told(request), reason=message)
        entries += [(organisation, entry), (old.organisation, entry)]
        for user in administrators(organisation, at):
            queue_mail(
                kind=ASKED, to=user.email, organisation=organisation, object_id=request.pk, language=user.language
            )
    events.record_all(caller, entries)
    return made


def _withdraw_earlier(
    caller: Caller, organisation: Organisation, old: Certificate, at: dt.datetime
) -> list[tuple[Organisation, Entry]]:
    waiting = CertificateSwapRequest.objects.filter(organisation=organisation, old_sha256=old.sha256).waiting()
    entries = []
    for request in waiting.select_related("asked_by", "certificate"):
        entry = _answer(caller, request, request.version, SwapState.WITHDRAWN, "", at)
        entries += [(organisation, entry), (request.asked_by, entry)]
    return entries


def systems_of(caller: Caller, request: CertificateSwapRequest) -> list[System]:
    """Return the systems of the asked authority that use the old certificate and that the caller may change."""
    using = visible_systems(caller, Right.SYSTEMS_CHANGE).filter(organisation=request.organisation)
    return list(using.filter(uses_certificate(request.old_sha256)))


def candidates(caller: Caller, request: CertificateSwapRequest, *, at: dt.datetime) -> list[swapping.Candidate]:
    """Return those systems with what the new certificate would be to each."""
    anchors = installed_anchors()
    using = systems_of(caller, request)
    return [swapping.candidate(system, request.certificate, at=at, anchors=anchors) for system in using]


def answered_meanwhile() -> Finding:
    """Return what is said to who comes second."""
    return finding("swap.answered")


def accept(
    *,
    caller: Caller,
    request: CertificateSwapRequest,
    version: int,
    chosen: Mapping[uuid.UUID, int],
    at: dt.datetime,
    begin: dt.datetime | None = None,
) -> swapping.Outcome | list[Finding]:
    """Put the certificate into the chosen systems and tell who asked, all in one transaction.

    Returns what came of it; findings say why nothing was done (answered already, no system chosen). Raises
    `StaleVersion`.
    """
    if not request.waits:
        return [finding("swap.answered")]
    systems = [(system, chosen[system.pk]) for system in systems_of(caller, request) if system.pk in chosen]
    if not systems:
        return [finding("swap.no_system")]
    old = Certificate.objects.same_as(request.old_sha256).filter(organisation=request.organisation).first()
    if old is None:
        return [finding("swap.no_system")]
    swap = swapping.Swap(caller, old, request.certificate, at, begin)

    def answer() -> list[tuple[Organisation, Entry]]:
        entry = _answer(caller, request, version, SwapState.ACCEPTED, "", at)
        _tell_asker(request)
        return [(request.organisation, entry), (request.asked_by, entry)]

    check_version(request, version=version)
    return swap.in_authority(request.organisation, systems, also=answer)


@transaction.atomic
def decline(
    *, caller: Caller, request: CertificateSwapRequest, version: int, reason: str, at: dt.datetime
) -> list[Finding]:
    """Decline with a reason, which who asked gets to read. Returns what refuses it. Raises `StaleVersion`."""
    return _end(caller, request, version, SwapState.DECLINED, reason, at)


@transaction.atomic
def withdraw(*, caller: Caller, request: CertificateSwapRequest, version: int, at: dt.datetime) -> list[Finding]:
    """Take the request back, on behalf of who asked. Returns what refuses it. Raises `StaleVersion`."""
    return _end(caller, request, version, SwapState.WITHDRAWN, "", at)


def _end(
    caller: Caller, request: CertificateSwapRequest, version: int, state: SwapState, reason: str, at: dt.datetime
) -> list[Finding]:
    if not request.waits:
        return [finding("swap.answered")]
    entry = _answer(caller, request, version, state, reason, at)
    events.record_all(caller, [(request.organisation, entry), (request.asked_by, entry)])
    if state is SwapState.DECLINED:
        _tell_asker(request)
    return []


def _answer(
    caller: Caller, request: CertificateSwapRequest, version: int, state: SwapState, reason: str, at: dt.datetime
) -> Entry:
    before = _told(request)
    request.state, request.reason, request.answered, request.answerer = state, reason, at, caller.user
    save_version(request, version=version)
    return Entry(tag=Tag.CERTIFICATE_SWAP_ANSWERED, obj=request, before=before, after=_told(request), reason=reason)


def _told(request: CertificateSwapRequest) -> dict[str, Any]:
    """Who asks and answers stands on the event itself, for people of two authorities read it."""
    values = snapshot(request, certificate=str(request.certificate))
    return {name: value for name, value in values.items() if name not in ("asker", "answerer")}


def _tell_asker(request: CertificateSwapRequest) -> None:
    if request.asker is not None and request.asker.is_active:
        queue_mail(
            kind=ANSWERED,
            to=request.asker.email,
            organisation=request.asked_by,
            object_id=request.pk,
            language=request.asker.language,
        )


def asked_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail to the asked authority tells; None when the request waits no more."""
    request = _request(mail)
    return _mail_context(request, request.organisation) if request and request.waits else None


def answered_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail to the person who asked tells."""
    request = _request(mail)
    return _mail_context(request, request.asked_by) if request else None


def _request(mail: Mail) -> CertificateSwapRequest | None:
    related = ("organisation", "asked_by", "certificate", "asker")
    return CertificateSwapRequest.objects.select_related(*related).filter(pk=about(mail)).first()


def _mail_context(request: CertificateSwapRequest, reader: Organisation) -> dict[str, Any]:
    using = System.objects.filter(uses_certificate(request.old_sha256), organisation=request.organisation)
    path = reverse("swap_request", args=[reader.cvr_number, request.pk])
    return {"request": request, "systems": list(using), "url": f"{settings.ADGANG_BASE_URL}{path}"}

"""A renewed certificate takes the place of the old one in all its systems: upload, preview, swap, and requests."""

import ssl
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from adgang.lib.uploads import credential_form
from certificates.kinds import Kind
from certificates.models import Certificate
from organisations.rights import Right
from systems import access, swap_requests, swapping
from systems.credential_words import common_name
from systems.forms.swapping import AnswerForm, RenewalForm, SwapForm
from systems.models import CertificateSwapRequest
from systems.swapping import Outcome
from systems.views.stale import CONFLICT, posted_version


@credential_form
def certificate_renew(request: HttpRequest, cvr: str, certificate_id: uuid.UUID) -> HttpResponse:
    """Upload the certificate that is to follow this one; the preview of the swap comes next."""
    old = _of_a_system(access.certificate(request, cvr, certificate_id, right=Right.SYSTEMS_CHANGE))
    form = RenewalForm(request.POST or None, request.FILES or None)
    candidates: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        received = swapping.receive_renewal(
            caller=access.caller(request), old=old, data=form.content, at=timezone.now()
        )
        if received.certificate:
            return redirect("certificate_swap", cvr, old.pk, received.certificate.pk)
        form.refuse(received.findings)
        candidates = [(one.title, ssl.DER_cert_to_PEM_cert(one.der)) for one in received.candidates]
    context = {"certificate": old, "name": common_name(old.subject), "form": form, "candidates": candidates}
    return render(request, "systems/certificate_renew.html", context)


def _of_a_system(certificate: Certificate) -> Certificate:
    if certificate.kind == Kind.MOCES:
        raise Http404
    return certificate


def certificate_swap(request: HttpRequest, cvr: str, certificate_id: uuid.UUID, next_id: uuid.UUID) -> HttpResponse:
    """Preview the swap of a certificate in every system that uses it, and carry it out."""
    old = _of_a_system(access.certificate(request, cvr, certificate_id, right=Right.SYSTEMS_CHANGE))
    new = old.organisation.certificates.filter(pk=next_id, user=None).exclude(sha256=old.sha256).first()
    if new is None:
        raise Http404
    caller, at = access.caller(request), timezone.now()
    shown = swapping.preview(caller=caller, old=old, new=new, at=at)
    form = SwapForm(
        request.POST if request.method == "POST" else None, others=[one.organisation for one in shown.others]
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        outcomes = swapping.carry_out(caller=caller, old=old, new=new, chosen=form.chosen, at=at, begin=form.moment)
        if not _tell(request, form, outcomes):
            _ask(request, form, old, new)
            return redirect("certificate", cvr, new.pk)
        status = CONFLICT
        shown = swapping.preview(caller=caller, old=old, new=new, at=at, begin=form.moment)
    context = {
        "old": old,
        "new": new,
        "preview": shown,
        "form": form,
        "is_same_holder": (old.cvr, old.holder_id) == (new.cvr, new.holder_id),
        "chosen": form.chosen if form.is_bound and status == 200 else None,
    }
    return render(request, "systems/certificate_swap.html", context, status=status)


def _ask(request: HttpRequest, form: SwapForm, old: Certificate, new: Certificate) -> None:
    if not form.asked:
        return
    message = form.cleaned_data.get("message", "")
    caller, at = access.caller(request), timezone.now()
    swap_requests.ask(caller=caller, old=old, new=new, organisations=form.asked, message=message, at=at)
    names = ", ".join(one.name for one in form.asked)
    toast(request, _("%(names)s have been asked; the answer comes by mail.") % {"names": names})


def _tell(request: HttpRequest, form: SwapForm, outcomes: list[Outcome]) -> bool:
    """Say what was done; what was not becomes errors of the form, and True."""
    count = len(swapping.changed_systems(outcomes))
    if count:
        text = (
            ngettext(
                "The certificate is staged in %(count)s system.",
                "The certificate is staged in %(count)s systems.",
                count,
            )
            if form.moment
            else ngettext(
                "The certificate is in force in %(count)s system.",
                "The certificate is in force in %(count)s systems.",
                count,
            )
        )
        toast(request, text % {"count": count})
    for outcome in outcomes:
        if outcome.changed:
            continue
        form.add_error(None, _why_not(outcome))
    return any(not outcome.changed for outcome in outcomes)


def _why_not(outcome: Outcome) -> str:
    if outcome.stale:
        text = _("%(authority)s: somebody else changed one of the systems meanwhile, so none of them was changed.")
        then = _("Look at them as they are now, and repeat it.")
        return f"{text % {'authority': outcome.organisation.name}} {then}"
    names = ", ".join(one.system.name for one in outcome.refused)
    text = _("%(authority)s: the certificate does not fit %(systems)s, so no system was changed there.")
    return text % {"authority": outcome.organisation.name, "systems": names}


def swap_request(request: HttpRequest, cvr: str, request_id: uuid.UUID) -> HttpResponse:
    """Show what another authority asks, or was asked; accept or decline it."""
    asked = access.swap_request(request, cvr, request_id, right=Right.SYSTEMS_CHANGE)
    is_ours, caller = asked.organisation.cvr_number == cvr, access.caller(request)
    may_answer = is_ours and asked.waits
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"version": asked.version})
    status = 200
    if request.method == "POST" and may_answer and form.is_valid():
        refused = _answer(request, asked, form)
        if not refused:
            return redirect("credentials", cvr)
        for text in refused:
            form.add_error(None, text)
        status = CONFLICT
    context = {
        "asked": asked,
        "is_ours": is_ours,
        "may_answer": may_answer,
        "name": common_name(asked.certificate.subject),
        "candidates": swap_requests.candidates(caller, asked, at=timezone.now()) if may_answer else [],
        "form": form,
    }
    return render(request, "systems/swap_request.html", context, status=status)


def _answer(request: HttpRequest, asked: CertificateSwapRequest, form: AnswerForm) -> list[str]:
    """Carry out the answer; returns why it was not."""
    caller, at, version = access.caller(request), timezone.now(), form.cleaned_data["version"]
    try:
        if form.declines:
            reason = form.cleaned_data["reason"]
            found = swap_requests.decline(caller=caller, request=asked, version=version, reason=reason, at=at)
            return _done(request, found, _("The request is declined; whoever asked is told why."))
        outcome = swap_requests.accept(
            caller=caller, request=asked, version=version, chosen=form.chosen, at=at, begin=form.moment
        )
    except StaleVersion:
        return [_("Somebody else answered the request meanwhile. Look at it as it is now.")]
    if isinstance(outcome, Outcome):
        done = _("The certificate is replaced, and whoever asked is told.")
        return _done(request, [], done) if outcome.changed else [_why_not(outcome)]
    return _done(request, outcome, "")


def _done(request: HttpRequest, refused: list[Finding], text: str) -> list[str]:
    if not refused:
        toast(request, text)
    return [f"{one.message} {one.remedy}" for one in refused]


def swap_request_withdraw(request: HttpRequest, cvr: str, request_id: uuid.UUID) -> HttpResponse:
    """Take back what was asked of another authority."""
    asked = access.swap_request(request, cvr, request_id, right=Right.SYSTEMS_CHANGE)
    back = reverse("swap_request", args=[cvr, request_id])
    if asked.asked_by.cvr_number != cvr or not asked.waits:
        return redirect(back)
    if request.method == "POST":
        try:
            refused = swap_requests.withdraw(
                caller=access.caller(request), request=asked, version=posted_version(request), at=timezone.now()
            )
        except StaleVersion:
            refused = [swap_requests.answered_meanwhile()]
        if refused:
            toast(request, refused[0].message, variant="warning")
        else:
            toast(request, _("The request is withdrawn."))
        return redirect(back)
    return confirm(
        request,
        title=_("Withdraw the request to %(name)s?") % {"name": asked.organisation.name},
        consequences=[_("Their systems keep the certificate they have. You can ask again later.")],
        submit=_("Withdraw the request"),
        cancel_url=back,
        version=asked.version,
        crumbs=[_("Certificates and keys"), reverse("credentials", args=[cvr])],
    )

"""A system's certificate and API token. Nothing of what is typed here is cached or reported."""

import ssl
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from adgang.lib import dates
from adgang.lib.confirm import confirm
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from adgang.lib.uploads import credential_form
from certificates.models import Certificate
from organisations.rights import Right
from systems import access, api_tokens, credentials, swapping
from systems.forms.service import SystemCertificateForm
from systems.models import System
from systems.views.stale import CONFLICT, keep_typed, look_again, posted_version, system_url


@credential_form
def system_certificate(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Upload a certificate: to be used now, or to follow the present one on a date."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = SystemCertificateForm(request.POST or None, request.FILES or None, instance=system)
    candidates: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            received = credentials.give_certificate(
                caller=access.caller(request),
                system=system,
                version=form.version,
                data=form.content,
                at=timezone.now(),
                begin=form.moment,
            )
        except StaleVersion as stale:
            if (current := keep_typed(request, form, stale)) is None:
                return look_again(request, cvr, stale)
            system, status = current, CONFLICT
        else:
            if received.certificate:
                return _certificate_received(request, cvr, system, received.certificate)
            form.refuse(received.findings)
            candidates = [(one.title, ssl.DER_cert_to_PEM_cert(one.der)) for one in received.candidates]
    context = {"system": system, "form": form, "candidates": candidates}
    return render(request, "systems/system_certificate.html", context, status=status)


def _certificate_received(request: HttpRequest, cvr: str, system: System, received: Certificate) -> HttpResponse:
    until = dates.day(received.not_after)
    if received == system.next_certificate:
        text = _("The certificate is ready and comes into force on %(time)s; it is valid until %(date)s.")
        toast(request, text % {"time": dates.moment(system.next_certificate_from), "date": until})
    else:
        toast(request, _("The certificate is in force; it is valid until %(date)s.") % {"date": until})
    if renewed := swapping.renews(caller=access.caller(request), certificate=received):
        old, count = renewed[0]
        text = ngettext(
            "It renews the certificate of %(count)s more system. Do you want to put it in there too?",
            "It renews the certificate of %(count)s more systems. Do you want to put it in there too?",
            count,
        )
        toast(request, text % {"count": count}, system_url(cvr, system.pk), _("No, go to the system"), variant="info")
        return redirect("certificate_swap", cvr, old.pk, received.pk)
    return redirect(system_url(cvr, system.pk))


def system_certificate_remove(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Take the certificate out of force."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            credentials.remove_certificate(
                caller=access.caller(request), system=system, version=posted_version(request)
            )
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        toast(request, _("The certificate of %(name)s is removed.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Remove the certificate of %(name)s?") % {"name": system.name},
        consequences=[
            _("The system is not connected until another certificate is uploaded."),
            _("The certificate itself is not revoked; do that in MitID Erhverv if it is no longer to be used."),
        ],
        submit=_("Remove the certificate"),
        cancel_url=system_url(cvr, system_id),
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def system_next_certificate_remove(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Give up the certificate that was to follow."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            credentials.remove_next_certificate(
                caller=access.caller(request), system=system, version=posted_version(request)
            )
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        toast(request, _("The next certificate of %(name)s is removed.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Remove the next certificate of %(name)s?") % {"name": system.name},
        consequences=[_("The present certificate stays in force, until it expires or another is uploaded.")],
        submit=_("Remove the next certificate"),
        cancel_url=system_url(cvr, system_id),
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def system_certificate_restore(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Put the certificate back that the renewal of the token removed."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            refused = credentials.restore_certificate(
                caller=access.caller(request), system=system, version=posted_version(request), at=timezone.now()
            )
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        if refused:
            toast(request, " ".join(f"{one.message} {one.remedy}" for one in refused), variant="warning")
        else:
            toast(request, _("The certificate of %(name)s is back in force.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Put the certificate of %(name)s back?") % {"name": system.name},
        consequences=[
            _("The certificate that was removed with the old token is in force here again."),
            _("In Digital Post itself it must be uploaded again, after the token was renewed there."),
        ],
        submit=_("Put the certificate back"),
        cancel_url=system_url(cvr, system_id),
        danger=False,
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


@never_cache
def system_token(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Make a new API token. It appears in the answer to the POST itself and nowhere else, ever."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            token = api_tokens.renew(
                caller=access.caller(request), system=system, version=posted_version(request), at=timezone.now()
            )
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        context = {"system": system, "token": token, "authorization": api_tokens.authorization(system, token)}
        return render(request, "systems/system_token.html", context)
    return confirm(
        request,
        title=_("Renew the API token of %(name)s?") % {"name": system.name}
        if system.token
        else _("Make an API token for %(name)s?") % {"name": system.name},
        consequences=_renewal(system),
        submit=_("Renew the token") if system.token else _("Make the token"),
        cancel_url=system_url(cvr, system_id),
        danger=bool(system.token or system.certificate),
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def _renewal(system: System) -> list[str]:
    lines = [_("The new token is shown once, on the next page. Have a safe place for it ready.")]
    if system.token:
        lines.append(
            _("The token that begins with %(prefix)s stops working at once.") % {"prefix": system.token.prefix}
        )
    if system.certificate:
        lines.append(
            _("The certificate is removed with it, as Digital Post does; you can put it back here afterwards.")
        )
    return lines


def _crumbs(cvr: str, system: System) -> list[object]:
    return [_("Systems"), reverse("systems", args=[cvr]), system.name, system_url(cvr, system.pk)]

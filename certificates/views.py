"""Pages of certificates: the open check, and a person's own employee certificate."""

import ssl
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.dates import day
from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from adgang.lib.uploads import credential_form
from certificates.anchors import installed_anchors
from certificates.forms import CertificateForm, CheckCertificateForm
from certificates.judging import judge
from certificates.kinds import ANY_KIND, Environment, Kind
from certificates.models import Certificate
from certificates.person_panel import person_panel
from certificates.reading import read_certificate
from certificates.revocation.answers import looked_up
from certificates.ssh_keys import SshVerdict, judge_ssh_key
from certificates.ssh_reading import looks_like_ssh_key
from certificates.uploading import receive_own_certificate, remove_own_certificate
from certificates.verdicts import Verdict
from organisations import access, open_checks
from organisations.rights import Right


@dataclass(frozen=True)
class Checked:
    """The outcome of an open check; `candidates` are (name, PEM) when the person must choose one of several."""

    verdict: Verdict | SshVerdict
    candidates: list[tuple[str, str]]

    @property
    def is_ssh_key(self) -> bool:
        """Whether it was judged as an SSH key."""
        return isinstance(self.verdict, SshVerdict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found."""
        return self.verdict.findings


@credential_form
def check_certificate(request: HttpRequest) -> HttpResponse:
    """Judge a certificate or SSH key for anybody. Nothing is stored."""
    access.public(request, "ADGANG_PUBLIC_CHECKS")
    form = CheckCertificateForm(request.POST or None, request.FILES or None)
    if not (request.method == "POST" and form.is_valid()):
        return _check_page(request, form)
    try:
        with open_checks.turn(request, "check_certificate"):
            return _check_page(request, form, _check(form))
    except open_checks.NoTurn as refused:
        form.add_error(None, refused.text)
        return _check_page(request, form, status=refused.status)


def _check_page(
    request: HttpRequest, form: CheckCertificateForm, checked: Checked | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "checked": checked, "environment": settings.ADGANG_ENVIRONMENT}
    return render(request, "certificates/check_certificate.html", context, status=status)


def _check(form: CheckCertificateForm) -> Checked:
    content = form.content
    if looks_like_ssh_key(content):
        return Checked(judge_ssh_key(content, refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA), [])
    reading, anchors, at = read_certificate(content), installed_anchors(), timezone.now()
    verdict = judge(
        reading,
        at=at,
        environment=Environment(settings.ADGANG_ENVIRONMENT),
        anchors=anchors,
        cvr=form.cleaned_data["cvr"] or None,
        kinds=frozenset({Kind(form.cleaned_data["kind"])}) if form.cleaned_data["kind"] else ANY_KIND,
    )
    verdict = looked_up(verdict, reading.certificate, anchors, at=at)
    return Checked(verdict, [(found.title, ssl.DER_cert_to_PEM_cert(found.der)) for found in reading.candidates])


@credential_form
def moces_upload(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show and register one's own employee certificate (MOCES), issued in the organisation."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    user = access.person(request)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        received = receive_own_certificate(
            caller=access.caller(request), organisation=organisation, user=user, data=form.content, at=timezone.now()
        )
        if received.certificate:
            until = day(received.certificate.not_after)
            toast(request, _("Your employee certificate is registered; it is valid until %(date)s.") % {"date": until})
            return redirect("moces_upload", cvr)
        form.refuse(received.findings)
    context = {"form": form, "organisation": organisation, "panel": person_panel(request, user, organisation)}
    return render(request, "certificates/moces_upload.html", context)


def moces_remove(request: HttpRequest, cvr: str, certificate_id: uuid.UUID) -> HttpResponse:
    """Remove one's own employee certificate from the portal, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    user = access.person(request)
    certificate = get_object_or_404(Certificate.objects.of_person(user, organisation), pk=certificate_id)
    if request.method == "POST":
        remove_own_certificate(caller=access.caller(request), certificate=certificate)
        toast(request, _("Your employee certificate is removed from the portal."))
        return redirect("moces_upload", cvr)
    back, until = reverse("moces_upload", args=[cvr]), day(certificate.not_after)
    return confirm(
        request,
        title=_("Remove employee certificate"),
        consequences=[
            _("The certificate that is valid until %(date)s is removed from your page.") % {"date": until},
            _("The certificate itself goes on working where you use it; it is not revoked."),
        ],
        submit=_("Remove certificate"),
        cancel_url=back,
        crumbs=[_("My page"), reverse("me"), _("Employee certificate"), back],
    )

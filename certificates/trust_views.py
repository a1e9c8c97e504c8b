"""Pages on which the operators see, add and remove the authorities that certificates are traced to."""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.confirm import confirm
from adgang.lib.findings import Severity
from adgang.lib.toasts import toast
from adgang.lib.uploads import credential_form
from certificates.forms import TrustAnchorForm
from certificates.kinds import Environment
from certificates.trust_list import InstalledAuthority, installed_authorities, missing_authorities
from certificates.trusting import Trusted, distrust, trust
from organisations import access
from organisations.rights import Right


def trust_anchors(request: HttpRequest) -> HttpResponse:
    """List the installed authorities, and the known ones that are missing."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    installed = installed_authorities()
    at = timezone.now()
    context = {
        "groups": [
            (
                environment.label,
                [
                    (row, row.expired(at), row.list_is_stale(at))
                    for row in installed
                    if row.anchor.environment == environment
                ],
            )
            for environment in Environment
        ],
        "missing": missing_authorities(installed),
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
    }
    return render(request, "certificates/trust_anchors.html", context)


@credential_form
def trust_anchor_add(request: HttpRequest) -> HttpResponse:
    """Install the authorities in an uploaded file: all of them, or none."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    form = TrustAnchorForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        outcome = trust(
            caller=caller,
            files=[(form.name, form.content)],
            environment=Environment(form.cleaned_data["environment"]) if form.cleaned_data["environment"] else None,
            unpinned=form.cleaned_data["known_source"],
        )
        if not outcome.refused:
            _tell(request, outcome)
            return redirect("trust_anchors")
        form.refuse([found for _name, found in outcome.findings])
    context = {"form": form, "is_production": settings.ADGANG_ENVIRONMENT == Environment.PRODUCTION}
    return render(request, "certificates/trust_anchor_add.html", context)


def _tell(request: HttpRequest, outcome: Trusted) -> None:
    for anchor in outcome.added:
        toast(request, _("%(subject)s is installed.") % {"subject": anchor.subject})
    for anchor in outcome.present:
        toast(request, _("%(subject)s was installed already.") % {"subject": anchor.subject}, variant="info")
    for _name, found in outcome.findings:
        if found.severity is Severity.WARNING:
            toast(request, found.message, variant="warning")


def trust_anchor_remove(request: HttpRequest, anchor_id: uuid.UUID) -> HttpResponse:
    """Remove an authority, after asking once."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    row = next((row for row in installed_authorities() if row.anchor.pk == anchor_id), None)
    if row is None:
        raise Http404
    back = reverse("trust_anchors")
    if request.method == "POST":
        distrust(caller=caller, anchor=row.anchor)
        toast(request, _("%(subject)s is removed.") % {"subject": row.anchor.subject})
        return redirect(back)
    return confirm(
        request,
        title=_("Remove a trusted issuer"),
        intro=f"{row.anchor.subject} ({row.anchor.get_environment_display()})",
        consequences=list(_consequences(row)),
        submit=_("Remove issuer"),
        cancel_url=back,
        crumbs=[_("Operations"), reverse("operations"), _("Trusted issuers"), back],
    )


def _consequences(row: InstalledAuthority) -> Iterator[str]:
    yield _("New certificates that lead to it are refused from now on.")
    if row.certificates:
        yield ngettext(
            "%(count)s registered certificate was issued by it and can no longer be verified.",
            "%(count)s registered certificates were issued by it and can no longer be verified.",
            row.certificates,
        ) % {"count": row.certificates}
    for anchor in row.below:
        yield _("%(subject)s has no root certificate any more, so nothing that it issued can be verified.") % {
            "subject": anchor.subject
        }
    yield _("It can be installed again from its file.")

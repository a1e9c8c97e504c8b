"""Check a certificate or key against a system before it is used."""

import ssl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from adgang.lib.uploads import credential_form
from organisations.rights import Right
from systems import access
from systems.forms.credential_check import CredentialCheckForm
from systems.prechecking import precheck


@credential_form
def credential_check(request: HttpRequest, cvr: str) -> HttpResponse:
    """Judge a certificate or SSH key as an upload would be. Nothing is stored, and no event tells of it."""
    scope = access.credentials(request, cvr, right=Right.SYSTEMS_VIEW)
    posted = request.method == "POST"
    form = CredentialCheckForm(
        request.POST if posted else None, request.FILES if posted else None, systems=scope.systems
    )
    checked = None
    if posted and form.is_valid():
        checked = precheck(
            form.content,
            organisation=scope.organisation,
            system=form.system,
            systems=scope.systems,
            at=timezone.now(),
        )
    context = {
        "organisation": scope.organisation,
        "form": form,
        "checked": checked,
        "candidates": [(one.title, ssl.DER_cert_to_PEM_cert(one.der)) for one in checked.candidates] if checked else [],
        "system": form.system if checked else None,
    }
    return render(request, "systems/credential_check.html", context)

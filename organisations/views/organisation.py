"""The page of an organisation: its details, legal contact, logo and terms."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, logos, refusals, registering, terms
from organisations.event_reading import object_events
from organisations.forms.organisation import LogoForm, OrganisationForm
from organisations.rights import Right


def organisation(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the organisation's details."""
    found = access.organisation(request, cvr, right=Right.ORGANISATION_VIEW)
    newest = terms.newest()
    context = {
        "organisation": found,
        "newest": newest,
        "acceptance": terms.acceptance(found, newest) if newest else None,
        "may_change": access.caller(request).may(Right.ORGANISATION_CHANGE, found),
        "may_see_webhooks": access.caller(request).may(Right.WEBHOOKS_CHANGE, found),
        "may_see_setup": access.caller(request).may(Right.SETUP_VIEW, found),
        "events": object_events(request, found, found.pk),
    }
    return render(request, "organisations/organisation.html", context)


def organisation_edit(request: HttpRequest, cvr: str) -> HttpResponse:
    """Change the organisation's details."""
    found = access.organisation(request, cvr, right=Right.ORGANISATION_CHANGE)
    form = OrganisationForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            registering.change(caller=access.caller(request), organisation=form.instance, version=form.version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("The organisation was saved."))
        return redirect("organisation", cvr)
    return render(request, "organisations/organisation_edit.html", {"form": form, "organisation": found})


def organisation_logo(request: HttpRequest, cvr: str) -> HttpResponse:
    """Send the logo as the PNG that we made of it."""
    found = access.organisation(request, cvr, right=Right.ORGANISATION_VIEW)
    if found.logo is None:
        raise Http404
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=300",
    }
    return HttpResponse(found.logo.content(), content_type="image/png", headers=headers)


def organisation_logo_change(request: HttpRequest, cvr: str) -> HttpResponse:
    """Upload a logo, or take the present one away."""
    found = access.organisation(request, cvr, right=Right.ORGANISATION_CHANGE)
    removes = "remove" in request.POST
    form = LogoForm(request.POST or None, request.FILES or None, instance=found)
    if removes:
        form.fields["picture"].required = False
    if form.is_valid():
        picture = None if removes else logos.read(form.cleaned_data["picture"])
        if isinstance(picture, Finding):
            form.add_error("picture", refusals.text(picture))
        else:
            return _save_logo(request, form, picture)
    return render(request, "organisations/organisation_logo_change.html", {"form": form, "organisation": found})


def _save_logo(request: HttpRequest, form: LogoForm, picture: bytes | None) -> HttpResponse:
    caller, cvr = access.caller(request), form.instance.cvr_number
    try:
        logos.change(caller=caller, organisation=form.instance, version=form.version, picture=picture)
    except StaleVersion:
        toast(
            request,
            _("Somebody changed the organisation meanwhile, so the logo was left alone. Try again."),
            variant="warning",
        )
        return redirect("organisation_logo_change", cvr)
    toast(request, _("The logo was saved.") if picture else _("The logo was removed."))
    return redirect(reverse("organisation", args=[cvr]))

"""The terms of connection: reading and accepting them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, refusals
from organisations import terms as agreement
from organisations.forms.organisation import TermsAcceptForm
from organisations.models import Organisation
from organisations.rights import Right


def terms(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the newest terms, who accepted them and when; whoever may accept them finds the button here."""
    organisation = access.organisation(request, cvr, right=Right.ORGANISATION_VIEW)
    return _page(request, organisation)


@require_POST
def terms_accept(request: HttpRequest, cvr: str) -> HttpResponse:
    """Accept the terms on behalf of the organisation."""
    organisation = access.organisation(request, cvr, right=Right.TERMS_ACCEPT)
    form = TermsAcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, form=form)
    found = agreement.accept(
        caller=access.caller(request), organisation=organisation, terms_id=form.cleaned_data["terms_id"]
    )
    if isinstance(found, Finding):
        toast(request, refusals.text(found), variant="warning")
    else:
        toast(request, _("The terms were accepted. You can now give all roles."))
    return redirect("terms", cvr)


def _page(request: HttpRequest, organisation: Organisation, *, form: TermsAcceptForm | None = None) -> HttpResponse:
    newest = agreement.newest()
    acceptances = organisation.terms_acceptances.select_related("terms", "accepted_by")
    accepted = next((one for one in acceptances if newest and one.terms_id == newest.pk), None)
    may_accept = access.caller(request).may(Right.TERMS_ACCEPT, organisation)
    offers = newest is not None and accepted is None and may_accept
    context = {
        "organisation": organisation,
        "terms": newest,
        "text": (newest.text_en if get_language() == "en" else "") or newest.text_da if newest else "",
        "accepted": accepted,
        "earlier": [one for one in acceptances if one != accepted],
        "form": (form or TermsAcceptForm(initial={"terms_id": newest.pk})) if newest and offers else None,
    }
    return render(request, "organisations/terms.html", context)

"""The page across authorities, and a reminder to one of them."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.across.figures import with_figures
from adgang.across.forms import RemindForm
from adgang.across.listing import across_list
from adgang.lib import lists
from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, refusals, reminding, second_steps
from organisations.models import Organisation
from organisations.rights import Right


def across(request: HttpRequest) -> HttpResponseBase:
    """List every authority one acts for: how ready, which systems, what expires, what fails."""
    access.person(request)
    caller, at = access.caller(request), timezone.now()
    second_steps.enter_all(request, caller.organisations)
    return lists.respond(
        request, across_list(caller, at=at), with_figures(caller, at=at), template="across/across.html"
    )


def across_remind(request: HttpRequest, cvr: str) -> HttpResponse:
    """Write to the responsible people of an authority one acts for."""
    organisation = access.organisation(request, cvr, right=Right.READINESS_CHANGE)
    return _remind(request, organisation)


def operations_remind(request: HttpRequest, cvr: str) -> HttpResponse:
    """Write to the responsible people of any authority, as the operator."""
    access.operator(request, right=Right.OPERATIONS_CHANGE)
    return _remind(request, get_object_or_404(Organisation, cvr_number=cvr))


def _remind(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    caller = access.caller(request)
    form = RemindForm(request.POST or None, initial={"text": proposed(organisation)})
    if form.is_valid():
        sent = reminding.remind(caller=caller, organisation=organisation, text=form.cleaned_data["text"])
        if not isinstance(sent, Finding):
            toast(request, _("The reminder to %(organisation)s is on its way.") % {"organisation": organisation})
            return redirect("across")
        form.add_error(None, refusals.text(sent))
    return render(request, "across/across_remind.html", {"form": form, "reminded": organisation})


def proposed(organisation: Organisation) -> str:
    """Return the text that the sender begins from."""
    return _(
        "We look after the connection to Digital Post together with you. Please see what is left on the overview of "
        "%(organisation)s, and finish what is yours."
    ) % {"organisation": organisation.name}

"""A person's own pages: who I am here, and which organisation I work for now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from adgang.lib.toasts import toast
from organisations import access
from organisations import mail_preferences as preferences
from organisations.callers import LAST, Caller
from organisations.devices import devices, end_device
from organisations.forms.mails import MailPreferencesForm
from organisations.forms.sign_in import ProfileForm
from organisations.models import Organisation
from organisations.rights import Right
from organisations.views.sign_in import set_language


@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Show the person's details, roles everywhere and sessions; save name and language."""
    user = access.person(request)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if form.is_valid():
        user.name, user.language = form.cleaned_data["name"], form.cleaned_data["language"]
        user.save(update_fields=["name", "language"])
        return _saved(request, user.language)
    caller = access.caller(request)
    context = {
        "form": form,
        "privileges": sorted(caller.privileges, key=lambda held: held.scope.name if held.scope else ""),
        "devices": devices(user, session_key=request.session.session_key),
    }
    return render(request, "organisations/me.html", context)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    with override(language):
        toast(request, _("Your details were saved."))
    response = redirect("me")
    set_language(response, language)
    return response


@never_cache
def mail_preferences(request: HttpRequest) -> HttpResponse:
    """Show which mails the person gets from each organisation; save what they choose."""
    user = access.person(request)
    form = MailPreferencesForm(request.POST or None, offered=preferences.offered(access.caller(request)))
    if form.is_valid():
        preferences.choose(user=user, choices=form.choices())
        toast(request, _("Your choice of mails was saved."))
        return redirect("me")
    return render(request, "organisations/mail_preferences.html", {"form": form})


@require_POST
def session_end(request: HttpRequest, handle: str) -> HttpResponse:
    """End one of the person's own sessions."""
    user = access.person(request)
    end_device(user, handle)
    toast(request, _("The session was ended."))
    return redirect("me")


def choose_organisation(request: HttpRequest) -> HttpResponse:
    """Offer the organisations in which the person has a role; go straight on when there is only one way."""
    access.person(request)
    caller = access.caller(request)
    organisations, operates = caller.organisations, caller.may_operate()
    if len(organisations) == 1 and not operates:
        return redirect(landing(caller, organisations[0]))
    if operates and not organisations:
        return redirect("operations")
    last = request.COOKIES.get(LAST)
    context = {
        "choices": [
            (organisation, landing(caller, organisation), _roles(caller, organisation), organisation.cvr_number == last)
            for organisation in sorted(organisations, key=lambda organisation: organisation.cvr_number != last)
        ],
        "operates": operates,
    }
    return render(request, "organisations/choose_organisation.html", context)


# Where a person begins in an organisation: the first page that their role opens.
LANDINGS = [
    ("overview", Right.OVERVIEW_VIEW),
    ("systems", Right.SYSTEMS_VIEW),
    ("structure", Right.CONTACTS_VIEW),
    ("organisation", Right.ORGANISATION_VIEW),
]


def landing(caller: Caller, organisation: Organisation) -> str:
    """Return the URL of the page where the person's work in the organisation begins."""
    grants = caller.grants(organisation)
    name = next(name for name, right in LANDINGS if grants.opens(right))
    return reverse(name, args=[organisation.cvr_number])


def _roles(caller: Caller, organisation: Organisation) -> str:
    held = [privilege.role.label for privilege in caller.privileges if privilege.scope_id == organisation.pk]
    return ", ".join(dict.fromkeys(held))

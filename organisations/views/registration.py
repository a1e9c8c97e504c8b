"""Opening an account without an invitation, to ask for access with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from adgang.lib.findings import Finding, finding
from adgang.lib.peers import client_address
from adgang.lib.toasts import toast
from organisations import access, second_steps
from organisations import sign_in as signing
from organisations.access_requests import registration
from organisations.forms.access_requests import RegisterForm
from organisations.forms.sign_in import NewAccountForm
from organisations.models import User
from organisations.views.passwords import link_over, unshared


def register(request: HttpRequest) -> HttpResponse:
    """Mail a link to the address of whoever wants an account."""
    access.public(request, "ADGANG_REGISTRATION")
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        registration.ask(
            email=form.cleaned_data["email"],
            address=client_address(request),
            language=get_language() or "da",
            at=timezone.now(),
        )
        return redirect("register_sent")
    return render(request, "organisations/register.html", {"form": form})


def register_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way; the same for every address."""
    access.public(request, "ADGANG_REGISTRATION")
    context = {"hours": int(registration.LIFETIME.total_seconds() // 3600)}
    return render(request, "organisations/register_sent.html", context)


@sensitive_variables("token")
@sensitive_post_parameters("new_password", "repeated")
@never_cache
def register_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form behind the link; the POST alone uses the link and opens the account."""
    caller = access.public(request, "ADGANG_REGISTRATION")
    found = registration.find(token, at=timezone.now())
    if found is None:
        return link_over(request, finding("link.over"))
    form = NewAccountForm(request.POST or None, user=User(email=found.email))
    if form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["new_password"]
        made = registration.open_account(caller=caller, token=token, name=name, password=password)
        if isinstance(made, Finding):
            return link_over(request, made)
        signing.begin(request, made, method="password")
        second_steps.note_need(request, made)
        toast(request, _("Your account is open. You can now ask for access."))
        return unshared(redirect("access_requests"))
    return unshared(render(request, "organisations/register_confirm.html", {"form": form, "email": found.email}))

"""Changing one's own e-mail, and the two links that come of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding, finding
from adgang.lib.toasts import toast
from organisations import access, email_changes, proofs, refusals
from organisations.forms.sign_in import EmailChangeForm
from organisations.models import SecretLink
from organisations.views.passwords import link_over, unshared


@never_cache
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for the new address, and mail a link to it."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    form = EmailChangeForm(request.POST or None)
    if form.is_valid():
        asked = email_changes.ask(
            caller=access.caller(request), user=user, email=form.cleaned_data["email"], at=timezone.now()
        )
        if not isinstance(asked, Finding):
            toast(request, _("A mail is on its way to %(email)s. Open the link in it.") % {"email": asked.new})
            return redirect("my_security")
        form.add_error("email", refusals.text(asked))
    return render(request, "organisations/email_change.html", {"form": form})


@sensitive_variables("token")
@never_cache
def email_change_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the address shall be the account's; the POST alone uses the link."""
    caller, at = access.public(request), timezone.now()
    change = email_changes.find(token, SecretLink.Purpose.EMAIL_CONFIRM, at=at)
    if change is None:
        return link_over(request, finding("link.over"))
    if request.method == "POST":
        own = request.session.session_key if request.user == change.user else None
        done = email_changes.confirm(caller=caller, token=token, at=at, but=own)
        if isinstance(done, Finding):
            return link_over(request, done)
        toast(request, _("Your e-mail is now %(email)s.") % {"email": done.new})
        return unshared(redirect("my_security" if own else "sign_in"))
    page = confirm(
        request,
        title=_("Change your e-mail?"),
        consequences=[
            _("Your account is found by %(new)s from now on, and no longer by %(old)s.")
            % {"new": change.new, "old": change.old},
            _("You are logged out everywhere else."),
            _("%(old)s is told, and can object for seven days.") % {"old": change.old},
        ],
        submit=_("Change e-mail"),
        cancel_url=reverse("sign_in"),
        danger=False,
    )
    return unshared(page)


@sensitive_variables("token")
@never_cache
def email_change_object(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the change shall be stopped or undone; the POST alone uses the link."""
    caller, at = access.public(request), timezone.now()
    change = email_changes.find(token, SecretLink.Purpose.EMAIL_OBJECT, at=at)
    if change is None:
        return link_over(request, finding("link.over"))
    if request.method == "POST":
        done = email_changes.object_to(caller=caller, token=token, at=at)
        if isinstance(done, Finding):
            return link_over(request, done)
        toast(request, _("The account is closed to others. A mail to choose a new password is on its way to you."))
        return unshared(redirect("sign_in"))
    page = confirm(
        request,
        title=_("Was it not you who changed the e-mail?"),
        consequences=[
            _("The account keeps %(old)s, or gets it back.") % {"old": change.old},
            _("The account is logged out everywhere, and its password works no more."),
            _("Passkeys, one-time codes and connected logins that were added since the day before are removed."),
            _("You get a mail to choose a new password."),
        ],
        submit=_("It was not me"),
        cancel_url=reverse("sign_in"),
    )
    return unshared(page)

"""Choosing a new password: by a link in a mail, or knowing the old one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from adgang.lib.findings import Finding, finding
from adgang.lib.peers import client_address
from adgang.lib.toasts import toast
from organisations import access, passwords
from organisations import sign_in as signing
from organisations.forms.sign_in import NewPasswordForm, PasswordChangeForm, PasswordResetForm


def password_reset(request: HttpRequest) -> HttpResponse:
    """Mail a link to whoever has forgotten their password."""
    access.public(request)
    form = PasswordResetForm(request.POST or None)
    if form.is_valid():
        passwords.ask(email=form.cleaned_data["email"], address=client_address(request), at=timezone.now())
        return redirect("password_reset_sent")
    return render(request, "organisations/password_reset.html", {"form": form})


def password_reset_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way if there is an account; the same for every address."""
    access.public(request)
    context = {"hours": int(passwords.LINK_LIFETIME.total_seconds() // 3600)}
    return render(request, "organisations/password_reset_sent.html", context)


@sensitive_variables("token")
@sensitive_post_parameters("new_password", "repeated")
@never_cache
def password_reset_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form behind the link; the link is used by the POST alone, for mail scanners fetch links too."""
    caller = access.public(request)
    holder = passwords.holder(token, at=timezone.now())
    if holder is None:
        return link_over(request, finding("link.over"))
    form = NewPasswordForm(request.POST or None, user=holder)
    if form.is_valid():
        found = passwords.choose(
            caller=caller, token=token, password=form.cleaned_data["new_password"], at=timezone.now()
        )
        if isinstance(found, Finding):
            return link_over(request, found)
        toast(request, _("Your password was changed. Log in with the new one."))
        return unshared(redirect("sign_in"))
    return unshared(render(request, "organisations/password_reset_confirm.html", {"form": form, "holder": holder}))


def link_over(request: HttpRequest, refusal: Finding) -> HttpResponse:
    """Return the page of a secret link that opens nothing (any more)."""
    return unshared(render(request, "organisations/link_over.html", {"refusal": refusal}, status=410))


def unshared(response: HttpResponse) -> HttpResponse:
    """Keep the address of a secret page from other sites and from search engines."""
    # Not "no-referrer": with it browsers send "Origin: null" with the page's own form, which the CSRF check refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@sensitive_post_parameters("current_password", "new_password", "repeated")
@never_cache
def password_change(request: HttpRequest) -> HttpResponse:
    """Choose a new password knowing the old one; other sessions end."""
    user = access.person(request)
    if not user.has_usable_password():
        return redirect("my_security")  # who has none chooses one by a link in a mail
    form = PasswordChangeForm(request.POST or None, user=user)
    if form.is_valid():
        signing.change_password(request, user, form.cleaned_data["new_password"])
        toast(request, _("Your password was changed, and you were logged out everywhere else."))
        return redirect("me")
    return render(request, "organisations/password_change.html", {"form": form})

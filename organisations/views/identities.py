"""A person's ways in besides the password: connecting, removing, and proving anew who one is."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from adgang.lib.confirm import confirm
from adgang.lib.cvr import spaced
from adgang.lib.findings import Finding, finding
from adgang.lib.peers import client_address
from adgang.lib.toasts import toast
from organisations import access, email_changes, errands, factors, identities, proofs, refusals, second_steps
from organisations import sign_in as signing
from organisations.devices import devices
from organisations.errands import Errand
from organisations.forms.sign_in import ProveForm
from organisations.identities import Shown
from organisations.models import SignInIdentity, User, has_second_factor
from organisations.passkey_options import Purpose, answer_in, place, take_challenge
from organisations.second_factor_policies import asked_of
from organisations.sign_in_history import attempts
from organisations.sign_in_methods import METHODS
from organisations.views.sign_in import welcome


@never_cache
def my_security(request: HttpRequest) -> HttpResponse:
    """Show how the person can sign in, where they are signed in, and who tried."""
    user = access.person(request)
    has_app, passkeys = factors.has_app(user), list(user.passkeys.all())
    context = {
        "identities": user.identities.order_by("created"),
        "ways": identities.ways(),
        "devices": devices(user, session_key=request.session.session_key),
        "attempts": attempts(user),
        "has_password": user.has_usable_password(),
        "has_app": has_app,
        "passkeys": passkeys,
        "asked_by": asked_of(access.caller(request)),
        "email_changes": email_changes.waiting(user, at=timezone.now()),
        "has_second": has_app or any(one.stopped is None for one in passkeys),
        "codes_left": user.recovery_codes.filter(used=None).count(),
    }
    return render(request, "organisations/my_security.html", context)


def returned(
    request: HttpRequest, errand: Errand, shown: Shown, *, leave: dict[str, str] | None = None
) -> HttpResponse:
    """Do what somebody left for, now that they come back with a proven identity.

    `leave` holds the `url_name` at which they log out where they came from, and what that needs to know.
    """
    at = timezone.now()
    if errand.purpose == "bind" and request.user.is_authenticated:
        errands.keep_proven(request, shown, at=at)
        return redirect("identity_confirm")
    found = identities.holder(shown)
    if isinstance(found, Finding):
        return refused(request, [found])
    if errand.purpose == "prove" and request.user.is_authenticated:
        if found != request.user:
            return refused(request, [finding("identity.other")])
        proofs.prove(request)
        return redirect(local(request, errand.onward) or reverse("my_security"))
    response = welcome(request, found, method=shown.method, cvr=shown.cvr, onward=local(request, errand.onward))
    if leave:
        request.session[signing.LEAVE] = leave
    return response


def refused(request: HttpRequest, findings: list[Finding]) -> HttpResponse:
    """Return the page that says why nobody was let in."""
    return render(
        request,
        "organisations/identity_refused.html",
        {
            "findings": findings,
            "home_url": settings.ADGANG_BASE_URL,
            "is_unbound": any(found.code == "identity.unbound" for found in findings),
        },
        status=403,
    )


def local(request: HttpRequest, url: str) -> str:
    """Return the address when it is a page of ours, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else ""


def _issued(shown: Shown) -> str:
    if shown.cvr:
        return _("Issued in CVR %(cvr)s") % {"cvr": spaced(shown.cvr)}
    return _("Issued by %(name)s") % {"name": shown.issuer}


def identity_confirm(request: HttpRequest) -> HttpResponse:
    """Connect the identity that was proven just now with the account, after asking once."""
    user = access.person(request)
    shown = errands.proven(request, at=timezone.now())
    if shown is None:
        toast(request, _("Choose what to connect, and prove that it is yours."), variant="info")
        return redirect("my_security")
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if request.method == "POST":
        errands.forget_proven(request)
        bound = identities.bind(caller=access.caller(request), user=user, shown=shown)
        if isinstance(bound, Finding):
            return refused(request, [bound])
        toast(request, _("You can now log in with it."))
        return redirect("my_security")
    return confirm(
        request,
        title=_("Connect this login with your account?"),
        intro=_("Connect it only if it is yours: whoever holds it can then log in as you."),
        consequences=[
            str(METHODS[shown.method]),
            _issued(shown),
            _("Identity %(subject)s") % {"subject": shown.subject},
        ],
        submit=_("Connect"),
        cancel_url=reverse("my_security"),
        danger=False,
        crumbs=[_("My page"), reverse("me"), _("Login and security"), reverse("my_security")],
    )


def identity_remove(request: HttpRequest, identity_id: uuid.UUID) -> HttpResponse:
    """Remove a way in, after asking once."""
    user = access.person(request)
    identity = get_object_or_404(SignInIdentity, pk=identity_id, user=user)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if request.method == "POST":
        identities.remove(caller=access.caller(request), user=user, identity=identity)
        toast(request, _("You can no longer log in with it."))
        return redirect("my_security")
    return confirm(
        request,
        title=_("Remove this login"),
        consequences=[
            _("You can no longer log in with %(method)s.") % {"method": identity.get_method_display()},
            _("You can still log in with your password.")
            if user.has_usable_password()
            else _("You have no password; you can choose one by “Forgot your password?”."),
        ],
        submit=_("Remove login"),
        cancel_url=reverse("my_security"),
        crumbs=[_("My page"), reverse("me"), _("Login and security"), reverse("my_security")],
    )


@sensitive_post_parameters("password", "code")
@never_cache
def identity_prove(request: HttpRequest) -> HttpResponse:
    """Ask the signed-in person to prove anew who they are, and send them on."""
    user = access.person(request)
    onward = local(request, request.GET.get("next", "")) or reverse("my_security")
    answer, has_password = answer_in(request), user.has_usable_password()
    with_code = has_second_factor(user)
    form = ProveForm(request.POST or None, with_password=has_password, with_code=with_code, by_passkey=bool(answer))
    if form.is_valid():
        wrong = _unproven(request, user, form.cleaned_data, answer)
        if wrong is None:
            proofs.prove(request)
            return redirect(onward)
        form.add_error(None if answer or not has_password else "password", refusals.text(wrong))
    bound = set(user.identities.values_list("method", flat=True))
    context = {
        "form": form,
        "onward": onward,
        "ways": [way for way in identities.ways() if way.method in bound],
        "has_password": has_password,
        "has_passkey": user.passkeys.exists(),
        "place": place(request),
    }
    return render(request, "organisations/identity_prove.html", context)


def _unproven(request: HttpRequest, user: User, given: dict[str, str], answer: str) -> Finding | None:
    """Return why the person has not proved who they are: by password and code, or by a passkey.

    A passkey whose machine did not know its person proves it together with the password alone.
    """
    caller, address, at = access.caller(request), client_address(request), timezone.now()
    password = given.get("password", "")
    if answer:
        challenge = take_challenge(request, Purpose.PROVE, at=at)
        signed = second_steps.check_passkey(
            caller=caller, user=user, answer=answer, challenge=challenge, address=address, at=at
        )
        if isinstance(signed, Finding) or signed.is_verified:
            return signed if isinstance(signed, Finding) else None
        if not password:
            return finding("passkey.unverified")
    if "password" not in given or isinstance(
        signing.check(caller=caller, email=user.email, password=password, address=address, at=at), Finding
    ):
        return finding("proof.wrong")
    if answer or "code" not in given:
        return None
    taken = second_steps.check(caller=caller, user=user, typed=given["code"], address=address, at=at)
    return finding("proof.wrong") if isinstance(taken, Finding) else None


@never_cache
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End every other session of the person, after asking once."""
    user = access.person(request)
    if request.method == "POST":
        signing.end_sessions(user, but=request.session.session_key)
        toast(request, _("You were logged out everywhere else."))
        return redirect("my_security")
    return confirm(
        request,
        title=_("Log out everywhere else"),
        consequences=[_("Every session but this one ends at once, in all browsers.")],
        submit=_("Log out everywhere else"),
        cancel_url=reverse("my_security"),
        crumbs=[_("My page"), reverse("me"), _("Login and security"), reverse("my_security")],
    )

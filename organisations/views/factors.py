"""The second step of signing in; one-time codes and recovery codes: adding and removing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding, finding
from adgang.lib.peers import client_address
from adgang.lib.toasts import toast
from organisations import access, factors, proofs, refusals, second_steps
from organisations.forms.sign_in import CodeForm
from organisations.models import User, has_second_factor
from organisations.passkey_options import Purpose, answer_in, place, take_challenge
from organisations.second_factor_policies import asked_of
from organisations.views.identities import refused
from organisations.views.sign_in import welcome


@sensitive_post_parameters("code")
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second step after a right password, and begin the session."""
    access.public(request)
    user = second_steps.awaited(request, at=timezone.now())
    if user is None or request.user.is_authenticated:
        return redirect("sign_in")
    answer, has_app = answer_in(request), factors.has_app(user)
    form = CodeForm(request.POST or None, with_app=has_app, by_passkey=bool(answer))
    if form.is_valid():
        taken = _step(request, user, form.cleaned_data["code"], answer)
        if isinstance(taken, str):
            second_steps.forget(request)
            return welcome(request, user, method=taken)
        form.add_error(None if answer else "code", refusals.text(taken))
    context = {"form": form, "has_app": has_app, "has_passkey": user.passkeys.exists(), "place": place(request)}
    return render(request, "organisations/second_factor.html", context)


def _step(request: HttpRequest, user: User, code: str, answer: str) -> str | Finding:
    """Return how the second step was taken: by a code, or by what a passkey signed."""
    caller, address, at = access.caller(request), client_address(request), timezone.now()
    if not answer:
        return second_steps.check(caller=caller, user=user, typed=code, address=address, at=at)
    challenge = take_challenge(request, Purpose.SECOND_STEP, at=at)
    signed = second_steps.check_passkey(
        caller=caller, user=user, answer=answer, challenge=challenge, address=address, at=at
    )
    return signed if isinstance(signed, Finding) else "password+passkey"


@never_cache
def second_factor_add(request: HttpRequest) -> HttpResponse:
    """Tell what a second factor is, and let the person choose one; where somebody must have one, they begin here."""
    user = access.person(request)
    context = {
        "must": second_steps.MUST in request.session,
        "asked_by": asked_of(access.caller(request)),
        "place": place(request),
        "has_app": factors.has_app(user),
    }
    return render(request, "organisations/second_factor_add.html", context)


@sensitive_variables("codes")
@sensitive_post_parameters("code")
@never_cache
def totp_add(request: HttpRequest) -> HttpResponse:
    """Show the secret for the person's app; its code confirms it, and the first recovery codes are shown this once."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if factors.has_app(user):
        return redirect("my_security")
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = _("Six digits from the app.")  # recovery codes prove nothing of a new app
    if form.is_valid():
        typed = form.cleaned_data["code"]
        codes = factors.confirm(caller=access.caller(request), user=user, typed=typed, at=timezone.now())
        if not isinstance(codes, Finding):
            return added(request, codes)
        form.add_error("code", refusals.text(codes))
    totp = factors.offered(user)
    context = {"form": form, "picture": factors.picture(totp), "secret": totp.secret()}
    return render(request, "organisations/totp_add.html", context)


@sensitive_variables("codes")
def added(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Return what follows on a new second factor: the first recovery codes, else one's own page."""
    request.session.pop(second_steps.MUST, None)
    if codes:
        return render(request, "organisations/recovery_codes.html", {"codes": codes})
    toast(request, _("You can log in with it from now on."))
    return redirect("my_security")


@never_cache
def totp_remove(request: HttpRequest) -> HttpResponse:
    """Take no codes of the person's app any more, after asking once."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if factors.has_app(user) and second_steps.is_last_required(user, at=timezone.now()):
        return refused(request, [finding("factor.required")])
    if request.method == "POST":
        factors.remove(caller=access.caller(request), user=user)
        toast(request, _("One-time codes are off."))
        return redirect("my_security")
    return confirm(
        request,
        title=_("Remove one-time codes"),
        consequences=without_last(user) or [_("You are not asked for codes of your app any more.")],
        submit=_("Remove one-time codes"),
        cancel_url=reverse("my_security"),
        crumbs=[_("My page"), reverse("me"), _("Login and security"), reverse("my_security")],
    )


def without_last(user: User) -> list[str]:
    """Return what it means for the person to remove the last second factor; nothing when others stay."""
    if factors.count(user) > 1:
        return []
    lines = [_("Your recovery codes work no more.")]
    if user.has_usable_password():
        lines.insert(0, _("Your password alone opens your account: whoever learns it can log in as you."))
    return lines


@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, after asking once; they are shown in the answer and never again."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if not has_second_factor(user):
        return redirect("my_security")
    if request.method == "POST":
        codes = factors.renew_codes(caller=access.caller(request), user=user)
        return render(request, "organisations/recovery_codes.html", {"codes": codes})
    return confirm(
        request,
        title=_("Make new recovery codes"),
        consequences=[_("The earlier codes work no more."), _("The new ones are shown once.")],
        submit=_("Make new codes"),
        cancel_url=reverse("my_security"),
        danger=False,
        crumbs=[_("My page"), reverse("me"), _("Login and security"), reverse("my_security")],
    )

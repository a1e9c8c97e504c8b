"""Passkeys: what browsers are asked, adding and removing."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding, finding
from adgang.lib.peers import client_address, neighbourhood
from adgang.lib.toasts import toast
from organisations import access, passkeys, proofs, refusals, second_steps
from organisations import sign_in as signing
from organisations.forms.sign_in import PasskeyForm
from organisations.models import Passkey, User
from organisations.passkey_options import (
    Purpose,
    answer_in,
    creation_options,
    place,
    request_options,
    take_challenge,
)
from organisations.throttling import allow
from organisations.views.factors import added, without_last
from organisations.views.identities import refused

JSON = "application/json"


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Answer what the browser needs to sign in, to take the second step, or to prove anew who one is."""
    user = access.public(request).user
    at, address = timezone.now(), client_address(request)
    key = f"passkey_options:{neighbourhood(address)}"
    if address and not allow(key, limit=4 * signing.TRIES_PER_ADDRESS, window=signing.lockout(), at=at):
        return HttpResponse(status=429, headers={"Retry-After": str(int(signing.lockout().total_seconds()))})
    purpose = Purpose.PROVE
    if user is None and (user := second_steps.awaited(request, at=at) if "second" in request.GET else None):
        purpose = Purpose.SECOND_STEP
    elif user is None:
        purpose = Purpose.SIGN_IN
    return HttpResponse(request_options(request, purpose, user), content_type=JSON)


@never_cache
@require_POST
def passkey_add_options(request: HttpRequest) -> HttpResponse:
    """Answer what the browser needs to make a passkey."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)  # which the script tells as a failure; a page loaded anew asks first
    return HttpResponse(creation_options(request, user), content_type=JSON)


@sensitive_variables("codes")
@never_cache
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Add a passkey under a name; the first recovery codes are shown this once."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        challenge = take_challenge(request, Purpose.ADD, at=timezone.now())
        codes = passkeys.add(
            caller=access.caller(request),
            user=user,
            name=form.cleaned_data["name"],
            answer=answer_in(request),
            challenge=challenge,
        )
        if not isinstance(codes, Finding):
            return added(request, codes)
        form.add_error(None, refusals.text(codes))
    return render(request, "organisations/passkey_add.html", {"form": form, "place": place(request)})


@never_cache
def passkey_remove(request: HttpRequest, passkey_id: uuid.UUID) -> HttpResponse:
    """Remove a passkey, after asking once."""
    user = access.person(request)
    passkey = get_object_or_404(Passkey.objects.select_related("user"), pk=passkey_id, user=user)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if passkey.stopped is None and second_steps.is_last_required(user, at=timezone.now()):
        return refused(request, [finding("factor.required")])
    if passkeys.is_only_way(passkey):
        return refused(request, [finding("factor.lost_way")])
    if request.method == "POST":
        passkeys.remove(caller=access.caller(request), passkey=passkey)
        toast(request, _("The passkey %(name)s was removed.") % {"name": passkey.name})
        return redirect("my_security")
    return confirm(
        request,
        title=_("Remove the passkey %(name)s?") % {"name": passkey.name},
        intro=_("It also stays on your own machine until you delete it there."),
        consequences=_removal(user, passkey),
        submit=_("Remove passkey"),
        cancel_url=reverse("my_security"),
        crumbs=[_("My page"), reverse("me"), _("Login and security"), reverse("my_security")],
    )


def _removal(user: User, passkey: Passkey) -> list[str]:
    lines = [_("It opens your account no more.")]
    return lines + (without_last(user) if passkey.stopped is None else [])

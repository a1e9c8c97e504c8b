"""Signing in and out, and keeping a session alive."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from adgang.lib.findings import Finding
from adgang.lib.peers import client_address
from organisations import access, demo_people, identities, idle, passkeys, refusals, second_steps
from organisations import sign_in as signing
from organisations.forms.sign_in import SignInForm
from organisations.models import User, has_second_factor
from organisations.passkey_options import Purpose, answer_in, place, take_challenge


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password, or a passkey, and go on to where the person was heading."""
    caller = access.public(request)
    if caller.user is not None:
        return redirect(_onward(request))
    answer = answer_in(request)
    form = SignInForm(request.POST or None, by_passkey=bool(answer))
    if form.is_valid():
        found = _by_passkey(request, answer) if answer else _by_password(request, form)
        if isinstance(found, User):
            return _enter(request, found, method="passkey" if answer else "password")
        form.add_error(None, refusals.text(found))
    people = demo_people.people() if demo_people.allowed(request) else []
    context = {"form": form, "demo_people": people, "ways": identities.ways(), "place": place(request)}
    return render(request, "organisations/sign_in.html", context)


def _by_password(request: HttpRequest, form: SignInForm) -> User | Finding:
    return signing.check(
        caller=access.caller(request),
        email=form.cleaned_data["email"],
        password=form.cleaned_data["password"],
        address=client_address(request),
        at=timezone.now(),
    )


def _by_passkey(request: HttpRequest, answer: str) -> User | Finding:
    at, caller, address = timezone.now(), access.caller(request), client_address(request)
    challenge = take_challenge(request, Purpose.SIGN_IN, at=at)
    return passkeys.sign_in(caller=caller, answer=answer, challenge=challenge, address=address, at=at)


def _enter(request: HttpRequest, user: User, *, method: str) -> HttpResponse:
    """Begin the session, or ask for the second step first."""
    if method == "password" and has_second_factor(user):
        second_steps.wait_for(request, user)
        return redirect(f"{reverse('second_factor')}?{urlencode({'next': _onward(request)})}")
    return welcome(request, user, method=method)


def welcome(request: HttpRequest, user: User, *, method: str, cvr: str = "", onward: str = "") -> HttpResponse:
    """Begin the person's session and send them on, in their own language unless this browser has one chosen."""
    signing.begin(request, user, method=method, cvr=cvr)
    if method == "password":
        second_steps.note_need(request, user)
    response = redirect(onward or _onward(request))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        set_language(response, user.language)
    return response


def set_language(response: HttpResponse, language: str) -> None:
    """Let the browser remember the language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=dt.timedelta(days=365),
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _onward(request: HttpRequest) -> str:
    """Return where the person wanted to go, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("choose_organisation")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    user = access.person(request)
    leave = request.session.get(signing.LEAVE)
    signing.end(request, user)
    if not leave:
        return redirect("sign_in")
    request.session[signing.LEAVE] = leave
    return redirect("signed_out")


@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    """Offer somebody who came in from elsewhere to log out there too.

    A page between, because the browser would not let the form of the log-out lead to another site (CSP `form-action`).
    """
    caller = access.public(request)
    leave = request.session.get(signing.LEAVE)
    if caller.user is not None or not leave:
        return redirect("sign_in")
    return render(request, "organisations/signed_out.html", {"leave_url": reverse(leave["url_name"])})


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people by a button; only in the demo, only from this machine."""
    access.public(request, "ADGANG_DEMO")
    if not demo_people.allowed(request):
        raise Http404
    person = get_object_or_404(demo_people.accounts(), pk=demo_people.id_of(request.POST.get("person", "")))
    if request.user.is_authenticated:
        signing.end(request, request.user)
    return welcome(request, person, method="demo")


def session_extend(request: HttpRequest) -> HttpResponse:
    """Answer how many seconds of idleness the session still stands; a POST begins its time anew."""
    access.person(request)
    if request.method == "POST":
        idle.prolong(request, after=dt.timedelta())
    return JsonResponse({"seconds": idle.seconds_left(request)})

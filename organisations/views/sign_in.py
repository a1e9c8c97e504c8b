"""Signing in and out, and keeping a session alive."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from adgang.lib.peers import client_address
from organisations import access, demo_people, idle, refusals
from organisations import sign_in as signing
from organisations.forms.sign_in import SignInForm
from organisations.models import User


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password, and go on to where the person was heading."""
    caller = access.public(request)
    if caller.user is not None:
        return redirect(_onward(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        found = signing.check(
            caller=caller,
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            address=client_address(request),
            at=timezone.now(),
        )
        if isinstance(found, User):
            return welcome(request, found, method="password")
        form.add_error(None, refusals.text(found))
    people = demo_people.people() if demo_people.allowed(request) else []
    return render(request, "organisations/sign_in.html", {"form": form, "demo_people": people})


def welcome(request: HttpRequest, user: User, *, method: str) -> HttpResponse:
    """Begin the person's session and send them on, in their own language unless this browser has one chosen."""
    signing.begin(request, user, method=method)
    response = redirect(_onward(request))
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
    signing.end(request, user)
    return redirect("sign_in")


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

"""Signing in with OpenID Connect: leave for the provider, come back, and perhaps log out there too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from adgang.lib.findings import Finding, finding
from organisations import access, errands
from organisations.oidc import flow
from organisations.oidc.offering import METHOD, way
from organisations.sign_in import LEAVE
from organisations.views.identities import refused, returned

ANSWER = ("state", "code", "error", "iss")


@never_cache
def oidc_start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    access.public(request)
    if not way():
        return redirect("sign_in")
    found = flow.departure(errands.start(request, method=METHOD, extra=flow.extra()))
    return refused(request, [found]) if isinstance(found, Finding) else redirect(found)


@sensitive_variables("answered")
@never_cache
def oidc_return(request: HttpRequest) -> HttpResponse:
    """Take the browser back, and do what the person left for."""
    access.public(request)
    if not way():
        return redirect("sign_in")
    at = timezone.now()
    answered = {name: request.GET.get(name, "")[:4096] for name in ANSWER}
    errand = errands.finish(request, method=METHOD, state=answered["state"], at=at)
    if errand is None:
        return refused(request, [finding("identity.lost_way")])
    found = flow.arrival(errand, answered, at=at)
    if isinstance(found, Finding):
        return refused(request, [found])
    return returned(request, errand, found, leave={"url_name": "oidc_leave"} if flow.farewell() else None)


def oidc_leave(request: HttpRequest) -> HttpResponse:
    """Send somebody who logged out here on, to log out at the provider too."""
    access.public(request)
    request.session.pop(LEAVE, None)
    return redirect((flow.farewell() if way() else "") or "sign_in")

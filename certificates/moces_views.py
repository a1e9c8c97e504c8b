"""Signing in with an employee certificate: leave for the host that asks for it, show it there, come back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from adgang.lib.client_certificates import handed_on
from adgang.lib.findings import finding
from certificates import moces
from organisations import access, errands
from organisations.views.identities import refused, returned


@never_cache
def moces_start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the host that asks for a certificate."""
    access.public(request)
    if not moces.way():
        return redirect("sign_in")
    errand = errands.start(request, method=moces.METHOD)
    return redirect(f"{settings.ADGANG_MOCES_URL}{reverse('moces_show')}?{urlencode({'state': errand.state})}")


@never_cache
def moces_show(request: HttpRequest) -> HttpResponse:
    """Judge the certificate that the browser showed to the proxy, and send the browser back with what came of it."""
    access.public(request)
    if not moces.way():
        return redirect("sign_in")
    at = timezone.now()
    found = moces.judged(handed_on(request), at=at)
    if isinstance(found, list):
        return refused(request, found)
    told = moces.ticket(found, state=request.GET.get("state", "")[:100], at=at)
    return redirect(f"{settings.ADGANG_BASE_URL}{reverse('moces_return')}?{urlencode({'ticket': told})}")


@never_cache
def moces_return(request: HttpRequest) -> HttpResponse:
    """Take the browser back and do what the person left for."""
    access.public(request)
    if not moces.way():
        return redirect("sign_in")
    at = timezone.now()
    told = moces.opened(request.GET.get("ticket", ""), at=at)
    errand = errands.finish(request, method=moces.METHOD, state=told[1], at=at) if told else None
    if told is None or errand is None:
        return refused(request, [finding("identity.lost_way")])
    return returned(request, errand, told[0])

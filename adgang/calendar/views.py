"""The page where a person gets the address of their calendar, and the calendar itself."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from adgang.calendar import gathering, ics, links
from adgang.lib.confirm import confirm
from adgang.lib.peers import client_address, neighbourhood
from adgang.lib.toasts import toast
from organisations import access, throttling, too_many
from organisations.callers import Caller, Channel
from organisations.rights import Right

FETCHES_AN_HOUR = 60  # of one calendar
TRIES_AN_HOUR = 600  # from one network, whatever address they guess
HOUR = timedelta(hours=1)


@never_cache
def calendar(request: HttpRequest, cvr: str) -> HttpResponse:
    """Explain the calendar; a POST makes a new secret address, which appears in its answer and never again."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    user, at = access.person(request), timezone.now()
    address = ""
    if request.method == "POST":
        token = links.make(caller=access.caller(request), user=user, organisation=organisation, at=at)
        address = f"{settings.ADGANG_BASE_URL}{reverse('calendar_feed', args=[token])}"
    context = {"organisation": organisation, "link": links.of(user, organisation, at=at), "address": address}
    return render(request, "calendar/calendar.html", context)


def calendar_revoke(request: HttpRequest, cvr: str) -> HttpResponse:
    """End the secret address."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    user, back = access.person(request), reverse("calendar", args=[cvr])
    if request.method == "POST":
        links.revoke(caller=access.caller(request), user=user, organisation=organisation, at=timezone.now())
        toast(request, _("The address of your calendar works no more."))
        return redirect(back)
    return confirm(
        request,
        title=_("Revoke the address of your calendar?"),
        consequences=[
            _("Calendars that subscribe to it get nothing more. What they have fetched may stay there."),
            _("You can make a new address at any time."),
        ],
        submit=_("Revoke the address"),
        cancel_url=back,
        crumbs=[_("Calendar"), back],
    )


@require_safe
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the calendar of whoever holds the address; 404 for every address that opens nothing."""
    access.public(request)
    at = timezone.now()
    network = f"calendar:{neighbourhood(client_address(request))}"
    standing = throttling.count(network, limit=TRIES_AN_HOUR, window=HOUR, at=at)
    if not standing.allowed:
        return _unshared(too_many.plain(_("Calendars were fetched too often from your network."), standing))
    opened = links.opened(token, at=at)
    if opened is None:
        raise Http404
    link, user, organisation = opened
    standing = throttling.count(f"calendar:{link.pk}", limit=FETCHES_AN_HOUR, window=HOUR, at=at)
    if not standing.allowed:
        with translation.override(user.language):
            return _unshared(too_many.plain(_("This calendar was fetched too often."), standing))
    caller = Caller(user=user, channel=Channel.API, request_id=str(uuid.uuid4()))
    if not caller.grants(organisation):
        raise Http404
    with translation.override(user.language):
        name = _("Digital Post – %(organisation)s") % {"organisation": organisation.name}
        content = ics.calendar(name, gathering.gather(caller, organisation, link, at=at))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="adgang.ics"'
    return _unshared(response)


def _unshared(response: HttpResponse) -> HttpResponse:
    """Keep the secret address from other sites and from search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response

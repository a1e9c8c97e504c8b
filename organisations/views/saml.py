"""Signing in with SAML: leave for the provider, come back by its POST, and log out there too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from adgang.lib.findings import Finding, finding
from adgang.lib.secrets import new_token
from adgang.lib.toasts import toast
from organisations import access, errands, tickets
from organisations import sign_in as signing
from organisations.saml import flow, leaving
from organisations.saml.offering import METHOD, has_own_keys, name, way
from organisations.saml.toolkit import our_metadata
from organisations.views.identities import refused, returned

LOGOUT = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature")


def saml_metadata(request: HttpRequest) -> HttpResponse:
    """Hand out what a provider must know of the portal."""
    access.public(request)
    if not has_own_keys():
        raise Http404
    return HttpResponse(our_metadata(), content_type="application/samlmetadata+xml")


@never_cache
def saml_start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    access.public(request)
    if not way():
        return redirect("sign_in")
    errand = errands.start(request, method=METHOD)
    address, request_id = flow.departure(errand)
    errands.add(request, request_id=request_id)
    return redirect(address)


@sensitive_post_parameters("SAMLResponse")
@csrf_exempt  # another site's form, with which browsers send no cookie of ours; the errand's state is asked for next
@never_cache
@require_POST
def saml_acs(request: HttpRequest) -> HttpResponse:
    """Judge what the provider says, and send the browser on to where its session is seen again."""
    access.public(request)
    if not way():
        return redirect("sign_in")
    posted, state = request.POST.get("SAMLResponse", ""), request.POST.get("RelayState", "")[:100]
    told = flow.ticket(posted, state=state, at=timezone.now())
    response = redirect(f"{reverse('saml_return')}?{urlencode({'ticket': told})}")
    response.status_code = 303  # whatever the browser makes of others: a GET, with which it sends the cookie
    return response


@never_cache
def saml_return(request: HttpRequest) -> HttpResponse:
    """Take the browser back, and do what the person left for."""
    access.public(request)
    if not way():
        return redirect("sign_in")
    at = timezone.now()
    told = tickets.opened(request.GET.get("ticket", ""), row=flow.ROW, at=at)
    errand = errands.finish(request, method=METHOD, state=told["state"], at=at) if told else None
    if told is None or errand is None:
        return refused(request, [finding("identity.lost_way")])
    found = flow.arrival(errand, told)
    if isinstance(found, Finding):
        return refused(request, [found])
    shown, assertion = found
    return returned(request, errand, shown, leave=leaving.note(assertion))


@never_cache
def saml_leave(request: HttpRequest) -> HttpResponse:
    """Send somebody who logged out here on, to log out at the provider too."""
    access.public(request)
    noted = request.session.pop(signing.LEAVE, None)
    if not way() or not noted or noted["url_name"] != "saml_leave":
        return redirect("sign_in")
    state = new_token()
    address, request_id = leaving.departure(noted, state=state)
    request.session["left"] = request_id
    return redirect(address)


@never_cache
def saml_slo(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer about logging out, or its word that the person logged out there."""
    access.public(request)
    said = {part: request.GET[part] for part in LOGOUT if part in request.GET}
    if not way() or any(len(request.GET.getlist(part)) > 1 for part in said):
        return redirect("sign_in")
    query = request.META.get("QUERY_STRING", "")
    if "SAMLResponse" in said:
        return _answered(request, said, query)
    asked = leaving.asked(said, query) if "SAMLRequest" in said else None
    if asked is None:
        return refused(request, [finding("identity.untrusted", name=name())])
    name_id, answer = asked
    user, noted = access.caller(request).user, request.session.get(signing.LEAVE) or {}
    if user is not None and noted.get("name_id") == name_id:
        signing.end(request, user)
    return redirect(answer)


def _answered(request: HttpRequest, said: dict[str, str], query: str) -> HttpResponse:
    request_id = request.session.pop("left", None)
    if request_id and leaving.confirmed(said, query, request_id=request_id):
        toast(request, _("You are logged out at %(name)s too.") % {"name": name()})
    else:
        told = _("%(name)s did not confirm that you are logged out there. Close the browser to be sure.")
        toast(request, told % {"name": name()}, variant="warning")
    return redirect("sign_in")

"""Whether the log is as it was written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from organisations import access, event_chains, job_pages
from organisations.event_list import address
from organisations.models import Event, Job, Organisation
from organisations.rights import Right


def event_chain(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the state of the organisation's log; a POST begins a verification."""
    organisation = access.organisation(
        request, cvr, right=Right.EVENTS_ACTIONS if request.method == "POST" else Right.EVENTS_VIEW
    )
    return _state(request, organisation, may_verify=access.caller(request).may(Right.EVENTS_ACTIONS, organisation))


def operations_event_chain(request: HttpRequest) -> HttpResponse:
    """Show the state of the installation's own log; a POST begins a verification."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    return _state(request, None, may_verify=True)


def _state(request: HttpRequest, organisation: Organisation | None, *, may_verify: bool) -> HttpResponse:
    if request.method == "POST":
        event_chains.begin(caller=access.caller(request), organisation=organisation)
        return redirect(address("event_chain", organisation))
    state = event_chains.state(organisation)
    context = {
        "organisation": organisation,
        "chain": state,
        "broken_url": _broken_url(state, organisation),
        "may_verify": may_verify,
        "log_url": address("events", organisation),
    }
    job = event_chains.latest(organisation) or Job(kind=event_chains.KIND, status="DONE")
    words = {"": _("The entries are walked through")}
    return job_pages.follow(request, job, template="organisations/event_chain.html", context=context, words=words)


def _broken_url(state: event_chains.Chain, organisation: Organisation | None) -> str:
    """Return the page of the first broken entry, or of the last one before it, where there is one."""
    if not state.broken:
        return ""
    own = Event.objects.filter(organisation_id=state.head.pk, seq__lte=state.broken["seq"])
    found = own.order_by("-seq").first()
    return address("event", organisation, event_id=found.pk) if found else ""

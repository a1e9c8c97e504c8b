"""Testing all systems at once: what will be tested and what not, how far it is, and what came of it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib import lists
from adgang.lib.findings import finding
from adgang.lib.toasts import toast
from organisations.models import Organisation
from organisations.rights import Right
from systems import access, batches
from systems.batch_showing import BatchView, results_list, worst_first
from systems.check_limits import TooManyChecks
from systems.models import CheckBatch

SHOWN_BATCHES = 5


def check_all(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show what would be tested and what not and why; begin, or show the test that is under way."""
    organisation, systems = access.systems(request, cvr, right=Right.SYSTEMS_CHECK)
    at, drafts = timezone.now(), bool(request.POST.get("drafts") or request.GET.get("drafts"))
    if under_way := batches.open_batch(organisation):
        return redirect("check_batch", cvr, under_way.pk)
    planned = batches.plan(systems.with_page_data().order_by("name"), at=at, drafts=drafts)
    if request.method == "POST" and planned.tested:
        try:
            caller = access.caller(request)
            batch = batches.begin(caller=caller, organisation=organisation, planned=planned, at=at)
        except TooManyChecks as refused:
            found = finding(refused.code, **refused.params)
            toast(request, f"{found.message} {found.remedy}", variant="warning")
            return redirect("check_all", cvr)
        return redirect("check_batch", cvr, batch.pk)
    earlier = CheckBatch.objects.filter(organisation=organisation)[:SHOWN_BATCHES]
    context = {"organisation": organisation, "planned": planned, "drafts": drafts, "earlier": earlier}
    return render(request, "systems/check_all.html", context)


def check_batch(request: HttpRequest, cvr: str, batch_id: uuid.UUID) -> HttpResponseBase:
    """Show how far a test of all systems is, and what came of it, the worst first."""
    organisation, systems = access.systems(request, cvr, right=Right.SYSTEMS_VIEW)
    batch = _batch(organisation, batch_id)
    visible = set(systems.values_list("pk", flat=True))
    shown = BatchView(batch, visible)
    query = request.GET.copy()
    seen = query.pop("seen", [""])[0]
    if seen and seen == shown.seen:
        return HttpResponse(status=204)
    request.GET = query  # type: ignore[assignment]  # the list's own links begin without it
    context = {
        "organisation": organisation,
        "batch": batch,
        "shown": shown,
        "left_out": list(batches.reasons(batch, visible)),
        "is_live": bool(seen),
        "again_url": reverse("check_all", args=[cvr])
        if access.caller(request).may(Right.SYSTEMS_CHECK, organisation)
        else "",
    }
    if batch.is_open:
        template = "systems/check_batch_live.html" if seen else "systems/check_batch.html"
        return render(request, template, context)
    return lists.respond(
        request,
        results_list(cvr, _("Test of all systems")),
        worst_first(shown.runs),
        template="systems/check_batch_live.html" if seen else "systems/check_batch.html",
        context=context,
    )


def _batch(organisation: Organisation, batch_id: uuid.UUID) -> CheckBatch:
    found = CheckBatch.objects.filter(organisation=organisation, pk=batch_id).select_related("requested_by").first()
    if found is None:
        raise Http404
    return found

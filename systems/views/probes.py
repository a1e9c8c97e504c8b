"""What a check may do beyond looking: allowed and taken back by a button, and a person's word on a test message."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access, probe_messages, probing
from systems.models import CheckRun, Probe, ProbeAnswer
from systems.views.stale import system_url


@require_POST
def system_probe_allow(request: HttpRequest, cvr: str, system_id: uuid.UUID, probe: str) -> HttpResponse:
    """Allow a test at the system."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    chosen = _probe(probe)
    refused = probing.allow(caller=access.caller(request), system=system, probe=chosen, at=timezone.now())
    for found in refused:
        toast(request, f"{found.message} {found.remedy}", variant="warning")
    if not refused:
        toast(request, _("Allowed: %(test)s. The next check does it.") % {"test": chosen.label})
    return redirect(f"{system_url(cvr, system.pk)}#probes")


@require_POST
def system_probe_withdraw(request: HttpRequest, cvr: str, system_id: uuid.UUID, probe: str) -> HttpResponse:
    """Take the leave for a test back."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    chosen = _probe(probe)
    probing.withdraw(caller=access.caller(request), system=system, probe=chosen)
    toast(request, _("No longer allowed: %(test)s.") % {"test": chosen.label})
    return redirect(f"{system_url(cvr, system.pk)}#probes")


@require_POST
def check_answer(request: HttpRequest, cvr: str, system_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """Keep whether the test message could be opened."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHECK)
    run = CheckRun.objects.filter(system=system, pk=run_id).first()
    if run is None:
        raise Http404
    said = request.POST.get("answer", "")
    if said in ProbeAnswer.values:
        refused = probe_messages.answer(
            caller=access.caller(request), system=system, run=run, said=ProbeAnswer(said), at=timezone.now()
        )
        for found in refused:
            toast(request, f"{found.message} {found.remedy}", variant="warning")
        if not refused:
            toast(request, _("Thank you. Your answer is kept with the check and in the event log."))
    else:
        toast(request, _("Choose one of the two answers."), variant="warning")
    return redirect("check", cvr, system.pk, run.pk)


def _probe(name: str) -> Probe:
    try:
        return Probe(name.upper())
    except ValueError as error:
        raise Http404 from error

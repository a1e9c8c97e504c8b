"""Pages that switch the installation while it runs: maintenance and what is logged."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.toasts import toast
from adgang.operations.forms import LogLevelForm, MaintenanceForm
from organisations import access, log_levels
from organisations import maintenance as rules
from organisations.models import Maintenance
from organisations.rights import Right


def maintenance(request: HttpRequest) -> HttpResponse:
    """Show what is on and planned, and switch maintenance on or plan it."""
    caller = access.operator(
        request, right=Right.OPERATIONS_CHANGE if request.method == "POST" else Right.OPERATIONS_VIEW
    )
    at = timezone.now()
    form = MaintenanceForm(request.POST or None, at=at)
    if form.is_valid():
        made = rules.plan(caller=caller, maintenance=form.instance, at=at)
        toast(request, _("Maintenance is on.") if made.is_on(at) else _("Maintenance is planned and announced."))
        return redirect("maintenance")
    context = {
        "form": form,
        "standing": [(one, one.is_on(at)) for one in rules.not_over(at=at)],
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
    }
    return render(request, "operations/maintenance.html", context)


def maintenance_end(request: HttpRequest, maintenance_id: uuid.UUID) -> HttpResponse:
    """Ask, and end maintenance or call it off."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    at = timezone.now()
    standing = get_object_or_404(Maintenance, pk=maintenance_id)
    back = reverse("maintenance")
    is_planned = standing.starts > at
    if request.method == "POST":
        if not rules.end(caller=caller, ids=[standing.pk], at=at):
            toast(request, _("It is over already."), variant="warning")
        elif is_planned:
            toast(request, _("The maintenance is called off."))
        else:
            toast(request, _("Maintenance has ended. Within seconds everybody works as before."))
        return redirect(back)
    return confirm(
        request,
        title=_("Call the maintenance off") if is_planned else _("End the maintenance"),
        consequences=[
            _("It does not begin, and is announced no more.")
            if is_planned
            else _("Everybody can work again, and the schedule starts checks again.")
        ],
        submit=_("Call it off") if is_planned else _("End the maintenance"),
        cancel_url=back,
        danger=False,
        crumbs=[_("Operations"), reverse("operations"), _("Maintenance"), back],
    )


def log_level(request: HttpRequest) -> HttpResponse:
    """Show how much is logged, and change it for a time."""
    caller = access.operator(
        request, right=Right.OPERATIONS_CHANGE if request.method == "POST" else Right.OPERATIONS_VIEW
    )
    at = timezone.now()
    if request.method == "POST" and "fall_back" in request.POST:
        log_levels.fall_back(caller=caller, at=at)
        toast(request, _("What is logged is what the settings say."))
        return redirect("log_level")
    form = LogLevelForm(request.POST or None)
    if form.is_valid():
        row = log_levels.change(caller=caller, at=at, **form.cleaned_data)
        text = _("%(what)s writes %(level)s within seconds, in every process.")
        toast(request, text % {"what": log_levels.LOGGERS[row.logger], "level": row.level})
        return redirect("log_level")
    context = {
        "form": form,
        "changed": [(log_levels.LOGGERS.get(row.logger, row.logger), row) for row in log_levels.in_force(at=at)],
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
    }
    return render(request, "operations/log_level.html", context)

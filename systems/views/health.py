"""The health of systems: of all of an authority, of one, and what people decide about it."""

import datetime as dt
import uuid
from functools import partial

from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import dates, lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.lists import Column, Empty, Filter, ListSpec
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access, availability, health_pictures, monitoring
from systems.forms.monitoring import HealthRulesForm, MaintenanceForm, MonitoringForm
from systems.health_showing import HealthView, state_badge, titles
from systems.models import HealthState, MaintenanceWindow, System

# What fails first, then what nothing is known of.
URGENCY = Case(When(health__state=HealthState.FAILING, then=0), When(health__state="", then=1), default=2)
FILTERS = [
    (HealthState.FAILING.value, HealthState.FAILING.label),
    (HealthState.HEALTHY.value, HealthState.HEALTHY.label),
    ("unknown", HealthState.UNKNOWN.label),
]


def health(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the health of the authority's systems in service."""
    organisation, found = access.systems(request, cvr, right=Right.SYSTEMS_VIEW)
    at = timezone.now()
    shown = availability.with_history(found.in_service(at).select_related("health", "monitoring"), at=at)
    context = {
        "organisation": organisation,
        "rules": monitoring.rules_of(organisation),
        "may_change": access.caller(request).may(Right.SYSTEMS_CHANGE, organisation),
    }
    return lists.respond(request, spec(cvr, at), shown, template="systems/health.html", context=context)


def spec(cvr: str, at: dt.datetime) -> ListSpec:
    """Return what the list shows."""
    shares = [
        Column(key, title, partial(_share, key=key, at=at), numeric=True)
        for key, title in (
            ("day", gettext_lazy("24 hours")),
            ("week", gettext_lazy("7 days")),
            ("month", gettext_lazy("30 days")),
        )
    ]
    return ListSpec(
        name="health",
        caption=gettext_lazy("Health of the systems"),
        columns=[
            Column(
                "name",
                gettext_lazy("Name"),
                "name",
                sort=("name",),
                link=lambda one: reverse("system_health", args=[cvr, one.pk]),
            ),
            Column("state", gettext_lazy("Health"), state_badge, sort=(URGENCY, "health__state_since")),
            Column("since", gettext_lazy("Since"), "health.state_since", sort=("health__state_since",)),
            *shares,
            Column("strip", gettext_lazy("The last 30 days"), partial(_strip, at=at), where="page"),
            Column("last", gettext_lazy("Last check"), "health.last_check", sort=("health__last_check",)),
            Column("next", gettext_lazy("Next check"), _next, sort=("health__next_check_at",)),
            Column("vendor", gettext_lazy("Vendor"), "supplier", where="file"),
        ],
        search=("name", "supplier", "endpoint", "receipt_endpoint", "sftp_host"),
        filters=[Filter("state", gettext_lazy("Health"), choices=FILTERS, apply=_in_state)],
        default_sort="state",
        empty=Empty(
            gettext_lazy("No systems in service"),
            gettext_lazy("Systems in service are checked by themselves, every day. Here you see how they fare."),
        ),
    )


def _in_state(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(health__state="" if value == "unknown" else value)


def _share(system: System, *, key: str, at: dt.datetime) -> str:
    return health_pictures.percent(availability.period(system, key, at=at).share)


def _strip(system: System, *, at: dt.datetime) -> SafeString:
    return health_pictures.period_strip(availability.period(system, "month", at=at), titles()["month"])


def _next(system: System) -> object:
    flags = getattr(system, "monitoring", None)
    if flags is not None and not flags.monitored:
        return _("Switched off")
    return system.known_health.next_check_at if system.known_health else None


def system_health(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Show the health of one system: availability, last checks, changes, maintenance, flags."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_VIEW)
    may_change = access.caller(request).may(Right.SYSTEMS_CHANGE, system.organisation, system_id=system_id)
    view = HealthView(system, at=timezone.now(), may_change=may_change)
    return render(request, "systems/system_health.html", {"system": system, "health": view})


def monitoring_edit(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Switch the scheduled checks of a system, and its mails, on or off."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = MonitoringForm(request.POST or None, instance=monitoring.monitoring_of(system))
    if form.is_valid():
        try:
            monitoring.change_monitoring(
                caller=access.caller(request), system=system, flags=form.instance, version=form.version
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("The monitoring of %(name)s was saved.") % {"name": system.name})
        return redirect("system_health", cvr, system_id)
    return render(request, "systems/monitoring_edit.html", {"system": system, "form": form})


def health_rules(request: HttpRequest, cvr: str) -> HttpResponse:
    """Change how many results in a row change the state of the authority's systems."""
    organisation = access.organisation(request, cvr, right=Right.SYSTEMS_CHANGE)
    form = HealthRulesForm(request.POST or None, instance=monitoring.rules_of(organisation))
    if form.is_valid():
        try:
            monitoring.change_rules(
                caller=access.caller(request), organisation=organisation, rules=form.instance, version=form.version
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("The rules were saved. They count from the next check on."))
        return redirect("health", cvr)
    return render(request, "systems/health_rules.html", {"organisation": organisation, "form": form})


def maintenance_create(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Announce maintenance of a system: no mails about it meanwhile."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = MaintenanceForm(request.POST or None, initial={"starts": timezone.now()})
    if form.is_valid():
        window = form.window(system)
        refused = monitoring.plan_maintenance(caller=access.caller(request), window=window, at=timezone.now())
        if not refused:
            times = {"start": dates.moment(window.starts), "end": dates.moment(window.ends)}
            toast(request, _("Maintenance from %(start)s until %(end)s is announced.") % times)
            return redirect("system_health", cvr, system_id)
        for found in refused:
            form.add_error("ends", f"{found.message} {found.remedy}")
    return render(request, "systems/maintenance_create.html", {"system": system, "form": form})


def maintenance_cancel(request: HttpRequest, cvr: str, system_id: uuid.UUID, window_id: uuid.UUID) -> HttpResponse:
    """Ask, and call maintenance off, or end it when it is under way."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    window = MaintenanceWindow.objects.filter(system=system, pk=window_id).first()
    if window is None:
        raise Http404
    at = timezone.now()
    if request.method == "POST":
        return _cancel(request, system, window, at)
    health_url = reverse("system_health", args=[cvr, system_id])
    crumbs = [_("Systems"), reverse("systems", args=[cvr]), system.name, reverse("system", args=[cvr, system_id])]
    return confirm(
        request,
        title=_("End the maintenance now") if window.covers(at) else _("Call the maintenance off"),
        intro=window.reason,
        consequences=[_("Mails about the system are sent again, also about a fault that is there now.")],
        submit=_("End it") if window.covers(at) else _("Call it off"),
        cancel_url=health_url,
        danger=False,
        version=window.version,
        crumbs=[*crumbs, _("Health"), health_url],
    )


def _cancel(request: HttpRequest, system: System, window: MaintenanceWindow, at: dt.datetime) -> HttpResponse:
    try:
        refused = monitoring.cancel_maintenance(
            caller=access.caller(request), window=window, version=posted_version(request), at=at
        )
    except StaleVersion:
        toast(request, _("Somebody else changed the maintenance meanwhile. Look again."), variant="warning")
    else:
        for found in refused:
            toast(request, f"{found.message} {found.remedy}", variant="warning")
        if not refused:
            toast(request, _("The maintenance is over."))
    return redirect("system_health", system.organisation.cvr_number, system.pk)

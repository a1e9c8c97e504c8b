"""Connection checks: asked for by a button, followed while they run, kept as a history."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from adgang.lib import lists
from adgang.lib.confirm import confirm
from adgang.lib.findings import finding
from adgang.lib.lists import Column, DateFilter, Empty, Filter, ListSpec
from adgang.lib.registered import StaleVersion
from adgang.lib.templatetags.adgang import badge
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access, checking, pinning, run_changes
from systems.check_limits import TooManyChecks
from systems.check_showing import COLOURS, RunView
from systems.models import CheckRun, RunStatus, System, Trigger
from systems.steps.host_keys import pinned_key
from systems.views.stale import look_again, posted_version, system_url


@require_POST
def check_start(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Begin a check, or show the one that is under way."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHECK)
    try:
        run = checking.ask(access.caller(request), system, Trigger.MANUAL)
    except TooManyChecks as refused:
        found = finding(refused.code, **refused.params)
        toast(request, f"{found.message} {found.remedy}", variant="warning")
        return redirect("system", cvr, system_id)
    return redirect("check", cvr, system_id, run.pk)


def check(request: HttpRequest, cvr: str, system_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """Show one check; while it runs the page asks for what is new, and gets nothing when nothing is."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_VIEW)
    caller = access.caller(request)
    run = _run(system, run_id)
    shown = RunView(
        run,
        may_check=caller.may(Right.SYSTEMS_CHECK, system.organisation, system_id=system_id),
        may_pin=caller.may(Right.SYSTEMS_CHANGE, system.organisation, system_id=system_id)
        and pinning.shown_key(run, system) is not None,
    )
    if request.GET.get("seen") == shown.seen:
        return HttpResponse(status=204)
    context = {"system": system, "shown": shown, "run": run, "changes": run_changes.changes_of(run)}
    if "seen" in request.GET:
        return render(request, "systems/check_live.html", context | {"is_fragment": True})
    return render(request, "systems/check.html", context)


def checks(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponseBase:
    """List the checks of one system."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_VIEW)
    may_check = access.caller(request).may(Right.SYSTEMS_CHECK, system.organisation, system_id=system_id)
    return lists.respond(
        request,
        spec(cvr, system),
        run_changes.with_results_before(CheckRun.objects.filter(system=system).select_related("requested_by")),
        template="systems/checks.html",
        context={"system": system, "may_check": may_check, "open_run": checking.open_run(system)},
    )


def pin_host_key(request: HttpRequest, cvr: str, system_id: uuid.UUID, run_id: uuid.UUID) -> HttpResponse:
    """Ask whether the key that the server showed is the right one, and keep it."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    run = _run(system, run_id)
    if request.method == "POST":
        return _pin(request, cvr, system, run)
    key = pinning.shown_key(run, system)
    if key is None:
        raise Http404
    return confirm(
        request,
        title=_("Confirm the server's key"),
        intro=_("The server %(host)s showed the key %(fingerprint)s.")
        % {"host": system.sftp_host, "fingerprint": key.fingerprint},
        consequences=_consequences(system),
        submit=_("Yes, it is the right key"),
        cancel_url=reverse("check", args=[cvr, system_id, run_id]),
        danger=bool(system.pinned_host_key),
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def _pin(request: HttpRequest, cvr: str, system: System, run: CheckRun) -> HttpResponse:
    try:
        refused = pinning.pin(caller=access.caller(request), system=system, version=posted_version(request), run=run)
    except StaleVersion as stale:
        return look_again(request, cvr, stale)
    for found in refused:
        toast(request, f"{found.message} {found.remedy}", variant="warning")
    if not refused:
        toast(request, _("The server's key is confirmed. Test the connection again."))
    return redirect("check", cvr, system.pk, run.pk)


def _consequences(system: System) -> list[str]:
    known = [_("Compare it with the fingerprint that whoever runs the server has given you by another way.")]
    if system.pinned_host_key:
        earlier = pinned_key(system.pinned_host_key).fingerprint
        known.append(_("The key confirmed until now, %(fingerprint)s, is given up.") % {"fingerprint": earlier})
    return [*known, _("From now on a check fails if the server shows another key.")]


def _crumbs(cvr: str, system: System) -> list[object]:
    return [_("Systems"), reverse("systems", args=[cvr]), system.name, system_url(cvr, system.pk)]


def _run(system: System, run_id: uuid.UUID) -> CheckRun:
    run: CheckRun | None = CheckRun.objects.filter(system=system, pk=run_id).select_related("requested_by").first()
    if run is None:
        raise Http404
    return run


def spec(cvr: str, system: System) -> ListSpec:
    """Return what the history of checks shows."""
    return ListSpec(
        name="checks",
        caption=gettext_lazy("Connection checks"),
        columns=[
            Column("created", gettext_lazy("Asked for"), "created", sort=("created",), link=_link(cvr, system)),
            Column("status", gettext_lazy("Result"), _badge, sort=("status",), export=_status),
            Column("summary", gettext_lazy("Cause"), _cause),
            Column("compared", gettext_lazy("Compared with the check before"), run_changes.compared),
            Column("trigger", gettext_lazy("Asked for by"), _asked_by),
            Column("duration", gettext_lazy("Duration"), _duration, sort=("duration_ms",), numeric=True),
        ],
        filters=[
            Filter("status", gettext_lazy("Result"), choices=RunStatus.choices, apply=_with_status),
            Filter("trigger", gettext_lazy("Asked for"), choices=Trigger.choices, apply=_with_trigger),
            DateFilter("since", gettext_lazy("From"), apply=_since),
        ],
        default_sort="-created",
        empty=Empty(
            gettext_lazy("No checks yet"),
            gettext_lazy("Here stand the checks of the system's connection, with what each of them found."),
        ),
    )


def _link(cvr: str, system: System) -> Callable[[CheckRun], str]:
    return lambda run: reverse("check", args=[cvr, system.pk, run.pk])


def _badge(run: CheckRun) -> SafeString:
    return badge(RunStatus(run.status).label, COLOURS[RunStatus(run.status)])


def _status(run: CheckRun) -> str:
    return str(RunStatus(run.status).label)


def _cause(run: CheckRun) -> str:
    headline = RunView(run).headline
    return headline.message if headline else ""


def _asked_by(run: CheckRun) -> str:
    return run.requested_by.name if run.requested_by else str(Trigger(run.trigger).label)


def _duration(run: CheckRun) -> str:
    return "" if run.duration is None else f"{number_format(run.duration / dt.timedelta(seconds=1), 1)} s"


def _with_status(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(status=value)


def _with_trigger(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(trigger=value)


def _since(rows: lists.Rows, day: dt.date) -> lists.Rows:
    return rows.filter(created__date__gte=day)

"""Into service and out of it, the default mark, and a person's word that a system is connected."""

import datetime as dt
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import dates
from adgang.lib.confirm import ReasonForm, confirm
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access, connected, lifecycle
from systems.default_recipient import make_default
from systems.dependants import dependants
from systems.forms.fields import take_findings
from systems.forms.service import ServiceForm
from systems.models import System
from systems.states import State
from systems.views.stale import CONFLICT, keep_typed, look_again, posted_version, system_url
from systems.views.system import SystemPage


def system_activate(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Take a system into service, now or on a date; everything that is missing is named first."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    at, status = timezone.now(), 200
    form = ServiceForm(request.POST or None, instance=system, reason_required=bool(lifecycle.doubts(system)))
    if lifecycle.state(system, at) is State.EXPIRING:
        form.without_date()
    if request.method == "POST" and form.is_valid():
        try:
            refused = _activate(request, system, form, at)
        except StaleVersion as stale:
            if (current := keep_typed(request, form, stale)) is None:
                return look_again(request, cvr, stale)
            system, status = current, CONFLICT
        else:
            if not refused:
                return _activated(request, cvr, system, at)
            take_findings(form, refused)
    page = SystemPage(system, at=at, may_change=True, may_check=True)
    context = {"system": system, "page": page, "form": form}
    return render(request, "systems/system_activate.html", context, status=status)


def _activate(request: HttpRequest, system: System, form: ServiceForm, at: dt.datetime) -> list[Finding]:
    caller, reason = access.caller(request), form.cleaned_data["reason"]
    if begin := form.moment:
        return lifecycle.plan(caller=caller, system=system, version=form.version, at=at, begin=begin, reason=reason)
    return lifecycle.activate(caller=caller, system=system, version=form.version, at=at, reason=reason)


def _activated(request: HttpRequest, cvr: str, system: System, at: dt.datetime) -> HttpResponse:
    if lifecycle.state(system, at) is State.PLANNED:
        text = _("%(name)s goes into service on %(time)s.")
        toast(request, text % {"name": system.name, "time": dates.moment(system.active_from)})
    else:
        toast(request, _("%(name)s is in service.") % {"name": system.name})
    return redirect(system_url(cvr, system.pk))


def system_deactivate(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Take a system out of service, now or on a date, or cancel its plan."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    at, status = timezone.now(), 200
    form = ServiceForm(request.POST or None, instance=system)
    if request.method == "POST" and form.is_valid():
        try:
            refused = lifecycle.deactivate(
                caller=access.caller(request),
                system=system,
                version=form.version,
                at=at,
                end=form.moment,
                reason=form.cleaned_data["reason"],
            )
        except StaleVersion as stale:
            if (current := keep_typed(request, form, stale)) is None:
                return look_again(request, cvr, stale)
            system, status = current, CONFLICT
        else:
            if not refused:
                return _deactivated(request, cvr, system)
            take_findings(form, refused)
    page = SystemPage(system, at=at, may_change=True, may_check=False)
    context = {"system": system, "page": page, "form": form, "consequences": _ending(system)}
    return render(request, "systems/system_deactivate.html", context, status=status)


def _ending(system: System) -> list[str]:
    """What happens to what, when the system goes out of service."""
    lines = []
    if system.is_default_recipient:
        lines.append(
            _("It is the default recipient system: post that is addressed to no contact point has nowhere to go.")
        )
    if count := len(dependants(system)):
        text = ngettext(
            "One contact point or other thing depends on it and stops working.",
            "%(count)s contact points or other things depend on it and stop working.",
            count,
        )
        lines.append(text % {"count": count})
    lines.append(_("Its settings, certificate and key are kept, and it can go into service again."))
    return lines


def _deactivated(request: HttpRequest, cvr: str, system: System) -> HttpResponse:
    if system.active_from is None:
        toast(request, _("The plan is cancelled; %(name)s does not go into service.") % {"name": system.name})
    elif system.active_to and system.active_to > timezone.now():
        text = _("%(name)s goes out of service on %(time)s.")
        toast(request, text % {"name": system.name, "time": dates.moment(system.active_to)})
    else:
        toast(request, _("%(name)s is out of service.") % {"name": system.name})
    return redirect(system_url(cvr, system.pk))


def system_default(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Make a system the default recipient."""
    # The mark is taken from another system, which a grant for this one does not reach.
    access.organisation(request, cvr, right=Right.SYSTEMS_CHANGE)
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            refused = make_default(caller=access.caller(request), system=system, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        if refused:
            toast(request, " ".join(f"{one.message} {one.remedy}" for one in refused), variant="warning")
        else:
            toast(request, _("%(name)s is the default recipient system.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Make %(name)s the default recipient system?") % {"name": system.name},
        consequences=_moving(system),
        submit=_("Make it the default"),
        cancel_url=system_url(cvr, system_id),
        danger=False,
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def _moving(system: System) -> list[str]:
    others = System.objects.filter(organisation=system.organisation, is_default_recipient=True).exclude(pk=system.pk)
    lines = [_("%(name)s is the default no longer.") % {"name": other.name} for other in others]
    if not lifecycle.in_service(system, timezone.now()):
        lines.append(_("The system is not in service yet; until it is, the default receives nothing."))
    return [_("It receives what is addressed to the authority, but to no contact point."), *lines]


def system_confirm(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Confirm by name that a system is connected, where no check can show it."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = connected.confirm(
            caller=access.caller(request), system=system, at=timezone.now(), reason=form.cleaned_data["reason"]
        )
        if not refused:
            toast(request, _("You have confirmed that %(name)s is connected.") % {"name": system.name})
            return redirect(system_url(cvr, system_id))
        take_findings(form, refused)
    return confirm(
        request,
        title=_("Confirm that %(name)s is connected?") % {"name": system.name},
        consequences=[
            _("Your name and the reason stand on the system's page and in the event log."),
            _("It counts as connected until what a check looks at is changed, or you take it back."),
        ],
        submit=_("Confirm the connection"),
        cancel_url=system_url(cvr, system_id),
        danger=False,
        form=form,
        crumbs=_crumbs(cvr, system),
    )


def system_confirm_withdraw(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Take back that a system is connected."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        refused = connected.withdraw(caller=access.caller(request), system=system)
        text = refused[0].message if refused else _("The confirmation is taken back.")
        toast(request, text, variant="warning" if refused else "success")
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Take the confirmation back?"),
        consequences=[_("Without it, only a passed check or a call from the system shows that it is connected.")],
        submit=_("Take it back"),
        cancel_url=system_url(cvr, system_id),
        crumbs=_crumbs(cvr, system),
    )


def _crumbs(cvr: str, system: System) -> list[object]:
    return [_("Systems"), reverse("systems", args=[cvr]), system.name, system_url(cvr, system.pk)]

"""The list of an authority's systems."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter

from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib import lists
from adgang.lib.lists import Column, Empty, Filter, ListSpec, alike
from adgang.lib.templatetags.adgang import badge
from adgang.lib.urls import leading_to
from organisations.models import Organisation
from organisations.rights import Right
from systems import access, rows, showing
from systems.connected import connected, connected_at
from systems.drafting import first_open_step
from systems.models import Protocol, RunStatus, SystemDraft
from systems.notices import many_senders
from systems.rows import Shown, SystemRow
from systems.states import State, in_state

TYPES = {
    "sender": (_("Sender systems"), {"is_sender": True}),
    "recipient": (_("Recipient systems"), {"is_recipient": True}),
    "default": (_("The default recipient system"), {"is_default_recipient": True}),
}


def systems(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the systems that the person may see, and the drafts for those who may create one."""
    organisation, found = access.systems(request, cvr, right=Right.SYSTEMS_VIEW)
    at = timezone.now()
    may_create = access.caller(request).may(Right.SYSTEMS_CHANGE, organisation)
    create_url = reverse("system_create", args=[cvr])
    context = {
        "organisation": organisation,
        "drafts": _drafts(organisation) if may_create else [],
        "create_url": create_url if may_create else "",
        "may_check_all": access.caller(request).may(Right.SYSTEMS_CHECK, organisation),
        "notices": many_senders(organisation, at=at) if may_create else [],
    }
    return lists.respond(
        request,
        replace(spec(cvr, at), read=partial(rows.read, organisation=organisation)),
        found.with_list_data(),
        template="systems/systems.html",
        context=context,
        empty_action=(create_url, _("Create a system")) if may_create else None,
    )


@dataclass(frozen=True)
class Begun:
    """A draft above the list, and where the work on it goes on."""

    draft: SystemDraft
    url: str


def _drafts(organisation: Organisation) -> list[Begun]:
    drafts = SystemDraft.objects.filter(organisation=organisation).select_related("begun_by")
    return [Begun(draft, _step_url(organisation, draft)) for draft in drafts]


def _step_url(organisation: Organisation, draft: SystemDraft) -> str:
    step = first_open_step(draft)
    return reverse("system_draft_step", args=[organisation.cvr_number, draft.pk, step.value])


def spec(cvr: str, at: dt.datetime) -> ListSpec:
    """Return what the list shows of systems as of a moment."""
    page_of = leading_to("system", cvr)
    return ListSpec(
        name="systems",
        caption=_("Systems"),
        columns=[
            Column("name", _("Name"), "name", sort=("name",), link=lambda one: page_of(one.pk)),
            Column(
                "types",
                _("Type"),
                alike(showing.types_text, by=attrgetter("is_sender", "is_recipient", "is_default_recipient")),
                sort=("-is_default_recipient", "-is_recipient"),
            ),
            Column("protocol", _("Protocol"), _protocol, sort=("service_protocol",)),
            Column(
                "state",
                _("State"),
                alike(lambda one: showing.state_badge(one, at), by=attrgetter("active_from", "active_to")),
                sort=(F("active_from").asc(nulls_first=True), F("active_to").asc(nulls_first=True)),
                export=lambda one: showing.state_text(one, at),
            ),
            Column(
                "credential",
                _("Certificate expires"),
                lambda one: showing.credential_text(one, at),
                sort=(F("certificate__not_after").asc(nulls_last=True),),
                export=lambda one: showing.credential_until(one, at),
            ),
            Column(
                "check",
                _("Last check"),
                _check,
                sort=(F("health__last_check").asc(nulls_first=True),),
                link=partial(_open_check_url, cvr),
                export=showing.check_text,
            ),
            Column(
                "connected",
                _("Connected"),
                alike(lambda one: showing.connected_text(one, at), by=lambda one: bool(connected(one, at))),
            ),
            Column("endpoint", _("Messages are delivered to"), "endpoint", where="file"),
            Column("receipts", _("Receipts are delivered to"), "receipt_endpoint", where="file"),
            Column("contact", _("E-mail of the technical contact"), "technical_contact_email", where="file"),
            Column("vendor", _("Vendor"), "supplier", where="file"),
            Column("id", _("ID here"), lambda one: str(one.pk), where="file"),
            Column("registry_id", _("ID in Digital Post"), lambda one: str(one.registry_id or ""), where="file"),
        ],
        search=("name", "supplier", "endpoint", "receipt_endpoint", "technical_contact_name"),
        filters=[
            Filter("state", _("State"), choices=State.choices, apply=partial(_in_state, at=at)),
            Filter("protocol", _("Protocol"), choices=Protocol.choices, apply=_with_protocol),
            Filter("type", _("Type"), choices=[(key, label) for key, (label, _w) in TYPES.items()], apply=_of_type),
            Filter(
                "connected",
                _("Connected"),
                choices=[("yes", _("Yes")), ("no", _("No"))],
                apply=partial(_connected, at=at),
            ),
        ],
        default_sort="name",
        empty=Empty(
            _("No systems yet"),
            _(
                "Here stand the systems with which you send and receive Digital Post. Create the first one, upload its "
                "certificate or key, check the connection and take it into service."
            ),
        ),
    )


def _check(system: SystemRow) -> str:
    for run in system.open_runs:
        return badge(RunStatus(run.status).label, "info")
    return showing.check_badge(system)


def _open_check_url(cvr: str, system: SystemRow) -> str:
    for run in system.open_runs:
        return reverse("check", args=[cvr, system.pk, run.pk])
    return ""


def _protocol(system: Shown) -> str:
    return str(system.protocol.label)


def _in_state(rows: lists.Rows, value: str, at: dt.datetime) -> lists.Rows:
    return rows.filter(in_state(State(value), at))


def _with_protocol(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(service_protocol=value)


def _of_type(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(**TYPES[value][1])


def _connected(rows: lists.Rows, value: str, at: dt.datetime) -> lists.Rows:
    return rows.filter(connected_at(at)) if value == "yes" else rows.exclude(connected_at(at))

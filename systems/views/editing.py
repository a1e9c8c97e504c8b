"""Changing what is registered: settings, protocol, addresses; copying and deleting."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access, registering
from systems.dependants import dependants
from systems.endpoints import endpoint_fault
from systems.forms.editing import AddressesForm, CopyForm, ProtocolForm, SystemForm
from systems.forms.fields import take_errors, take_findings
from systems.lifecycle import in_service, state
from systems.models import System
from systems.protocols import NEEDS, Protocol
from systems.states import COMMITTED
from systems.views.stale import look_again, posted_version, system_url


def system_edit(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Change a system's settings."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = SystemForm(request.POST or None, instance=system)
    if request.method == "POST" and form.is_valid():
        try:
            refused = registering.change(caller=access.caller(request), system=system, version=form.version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        except ValidationError as error:
            take_errors(form, error)
        else:
            if not refused:
                return _saved(request, cvr, system)
            take_findings(form, refused, field="is_recipient")
    return render(request, "systems/system_edit.html", {"system": form.before, "form": form})


def _saved(request: HttpRequest, cvr: str, system: System) -> HttpResponse:
    toast(request, _("%(name)s is saved.") % {"name": system.name})
    return redirect(system_url(cvr, system.pk))


def system_protocol(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Choose another protocol for a system that is not in service; addresses that do not fit it are dropped."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = ProtocolForm(request.POST or None, instance=system)
    refused = _protocol_refusals(form.before or system)
    if request.method == "POST" and not refused and form.is_valid():
        drop_unfitting(system)
        try:
            registering.change(caller=access.caller(request), system=system, version=form.version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        return _saved(request, cvr, system)
    return render(request, "systems/system_protocol.html", {"system": form.before, "form": form, "refused": refused})


def _protocol_refusals(system: System) -> list[Finding]:
    if state(system, timezone.now()) in COMMITTED:
        return [finding("system.protocol_in_service", name=system.name)]
    return []


def drop_unfitting(system: System) -> None:
    """Empty the addresses that the system's protocol cannot deliver to."""
    kind = NEEDS[Protocol(system.service_protocol)].endpoint
    for field in ("endpoint", "receipt_endpoint"):
        address = getattr(system, field)
        if address and endpoint_fault(kind, address):
            setattr(system, field, "")


def system_addresses(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Change the addresses that the system calls from."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = AddressesForm(request.POST or None, instance=system)
    if request.method == "POST" and form.is_valid():
        networks = form.cleaned_data["networks"]
        try:
            registering.change(caller=access.caller(request), system=system, version=form.version, networks=networks)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        return _saved(request, cvr, system)
    return render(request, "systems/system_addresses.html", {"system": system, "form": form})


def system_copy(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Create a system like this one, under another name and without its credentials."""
    access.organisation(request, cvr, right=Right.SYSTEMS_CHANGE)  # a grant for one system creates no other
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    name = _("%(name)s (copy)") % {"name": system.name[:90]}
    form = CopyForm(request.POST or None, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        made = registering.copied(system, name=form.cleaned_data["name"])
        networks = [allowed.network for allowed in system.allowed_ips.all()]
        reason = _("Copy of %(name)s") % {"name": system.name}
        try:
            registering.create(caller=access.caller(request), system=made, networks=networks, reason=reason)
        except ValidationError as error:
            take_errors(form, error)
        else:
            toast(request, _("%(name)s is created. It needs credentials of its own.") % {"name": made.name})
            return redirect(system_url(cvr, made.pk))
    return render(request, "systems/system_copy.html", {"system": system, "form": form})


def system_delete(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Delete a system that nothing depends on; otherwise show what does."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if dependants(system):
        return _depended_on(request, system)
    if request.method == "POST":
        try:
            refused = registering.delete(caller=access.caller(request), system=system, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        if refused:
            return _depended_on(request, system)
        toast(request, _("%(name)s is deleted.") % {"name": system.name})
        return redirect("systems", cvr)
    return confirm(
        request,
        title=_("Delete %(name)s?") % {"name": system.name},
        consequences=_deletion(system),
        submit=_("Delete the system"),
        cancel_url=system_url(cvr, system_id),
        version=system.version,
        crumbs=[_("Systems"), reverse("systems", args=[cvr]), system.name, system_url(cvr, system_id)],
    )


def _depended_on(request: HttpRequest, system: System) -> HttpResponse:
    found = dependants(system)
    move_urls = sorted({one.move_url for one in found if one.move_url})
    caller = access.caller(request)
    context = {
        "system": system,
        "dependants": found,
        "move_urls": move_urls,
        "may_follow": caller.may(Right.CONTACTS_VIEW, system.organisation),
        "may_move": caller.may(Right.CONTACTS_CHANGE, system.organisation),
    }
    return render(request, "systems/system_delete.html", context, status=409 if request.method == "POST" else 200)


def _deletion(system: System) -> list[str]:
    lines = [
        _("The system, its settings, its allowed addresses and the history of its checks are deleted for good."),
        _("Its API token stops working, and roles that were given for this system alone end."),
        _("Its certificate and key are not revoked, and nothing is changed in Digital Post itself."),
    ]
    if in_service(system, timezone.now()):
        lines.insert(0, _("The system is in service: post to and from it will stop being looked after here."))
    if system.is_default_recipient:
        lines.insert(0, _("It is the default recipient system, and the authority will have none."))
    return lines

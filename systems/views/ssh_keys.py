"""A system's SSH key: uploaded, given up, and rotated with an overlap. Nothing of what is typed here is cached."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from adgang.lib.uploads import credential_form
from certificates.uploading import ReceivedKey
from organisations.rights import Right
from systems import access, credentials, key_rotation
from systems.forms.service import SystemSshKeyForm
from systems.models import System
from systems.views.stale import CONFLICT, keep_typed, look_again, posted_version, system_url


@credential_form
def system_ssh_key(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Upload the system's SSH public key."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    form = SystemSshKeyForm(request.POST or None, request.FILES or None, instance=system)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            received = _give_key(request, system, form)
        except StaleVersion as stale:
            if (current := keep_typed(request, form, stale)) is None:
                return look_again(request, cvr, stale)
            system, status = current, CONFLICT
        else:
            if received.key:
                text = _("The key %(fingerprint)s counts beside the present one.") if form.is_beside else _registered()
                toast(request, text % {"fingerprint": received.key.fingerprint})
                return redirect(system_url(cvr, system_id))
            form.refuse(received.findings)
    return render(request, "systems/system_ssh_key.html", {"system": system, "form": form}, status=status)


def _registered() -> str:
    return _("The key %(fingerprint)s is registered.")


def _give_key(request: HttpRequest, system: System, form: SystemSshKeyForm) -> ReceivedKey:
    caller, at = access.caller(request), timezone.now()
    if not form.is_beside:
        return credentials.give_ssh_key(caller=caller, system=system, version=form.version, data=form.content, at=at)
    return key_rotation.add_next_key(
        caller=caller,
        system=system,
        version=form.version,
        data=form.content,
        at=at,
        until=form.cleaned_data.get("until"),
    )


def system_ssh_key_remove(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Take the SSH key away from the system."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            credentials.remove_ssh_key(caller=access.caller(request), system=system, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        toast(request, _("The SSH key of %(name)s is removed.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Remove the SSH key of %(name)s?") % {"name": system.name},
        consequences=[
            _("The next key takes its place.")
            if system.next_ssh_key
            else _("The system is not connected until another key is uploaded.")
        ],
        submit=_("Remove the key"),
        cancel_url=system_url(cvr, system_id),
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def system_ssh_key_retire(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Retire the present key, so that the next one stands alone."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if system.next_ssh_key is None or system.ssh_key is None:
        return redirect(system_url(cvr, system_id))
    if request.method == "POST":
        try:
            key_rotation.retire(caller=access.caller(request), system=system, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        toast(request, _("The old SSH key of %(name)s is retired.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Retire the present SSH key of %(name)s?") % {"name": system.name},
        consequences=[
            _("%(fingerprint)s counts no more.") % {"fingerprint": system.ssh_key.fingerprint},
            _("%(fingerprint)s is the system's only key.") % {"fingerprint": system.next_ssh_key.fingerprint},
            _("Check the connection afterwards, and remove the old key from the server."),
        ],
        submit=_("Retire the key"),
        cancel_url=system_url(cvr, system_id),
        danger=False,
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def system_next_ssh_key_remove(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Give up the next key."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            key_rotation.give_up(caller=access.caller(request), system=system, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        toast(request, _("The next SSH key of %(name)s is removed.") % {"name": system.name})
        return redirect(system_url(cvr, system_id))
    return confirm(
        request,
        title=_("Remove the next SSH key of %(name)s?") % {"name": system.name},
        consequences=[_("The present key stays, and does not retire by itself.")],
        submit=_("Remove the next key"),
        cancel_url=system_url(cvr, system_id),
        version=system.version,
        crumbs=_crumbs(cvr, system),
    )


def _crumbs(cvr: str, system: System) -> list[object]:
    return [_("Systems"), reverse("systems", args=[cvr]), system.name, system_url(cvr, system.pk)]

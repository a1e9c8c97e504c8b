"""The end of a rotation: the present key retires, or the next one is given up."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access, key_rotation
from systems.models import System
from systems.views.stale import look_again, posted_version, system_url


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

"""Giving a role another end. Everything else about a role stays as it was given."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import check_version, save_version
from organisations import events, privileges
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Told
from organisations.grants import Wish, related, told
from organisations.locks import lock_all
from organisations.models import Privilege


@transaction.atomic
def set_end(
    *, caller: Caller, privilege: Privilege, version: int, active_to: dt.datetime | None
) -> Privilege | Finding:
    """Let a role end at another moment (None: never), and record it; a `Finding` says why not.

    Raises `StaleVersion`.
    """
    lock_all(privileges.touched(privilege))
    current = check_version(related().get(pk=privilege.pk), version=version)
    if current.scope is None:
        raise ValueError("a role of the installation has no end")
    wish = Wish(type=current.role.type, system_id=current.system_id, active_to=active_to, parent=current.parent)
    refusal = privileges.refused(caller=caller, organisation=current.scope, wish=wish, at=timezone.now())
    if refusal is None and active_to and not privileges.keeps_a_lasting_administrator(current.scope, without=[current]):
        refusal = finding("privilege.last_user_administrator", organisation=current.scope.name)
    if refusal is not None:
        return refusal
    events.record_all(caller, write_end(current, active_to))
    return current


def write_end(privilege: Privilege, active_to: dt.datetime | None) -> Told:
    """Write another end and return what is to be recorded; the rules have been asked, the lock is held."""
    privilege.active_to, privilege.noticed = active_to, None
    save_version(privilege, version=privilege.version)
    return told(privilege, tag=Tag.PRIVILEGES_GRANTED)

"""Chains of roles: one organisation gives another a role, and that one passes it on to its people and groups.

A chain never gives more than its first link: the same type, no more systems, no longer (`domain.md` §4).
"""

import datetime as dt
import uuid
from dataclasses import replace

from adgang.lib.findings import Finding, finding
from organisations.grants import Wish
from organisations.models import Employment, Organisation, Privilege, User, UserGroup
from organisations.models.privilege import Grantee


def concerned(organisation: Organisation, *, grantee: Grantee | None, parent: Privilege | None) -> set[uuid.UUID]:
    """Return the ids of the organisations whose rules a grant must keep, and which are locked for it."""
    found = {organisation.pk}
    if isinstance(grantee, Organisation):
        found.add(grantee.pk)
    if parent is not None and parent.delegate_id is not None:
        found.add(parent.delegate_id)
    return found


def fresh(wish: Wish, *, organisation: Organisation, at: dt.datetime) -> Wish | Finding:
    """Return the wish with its parent as it stands now, and no longer than that lasts; a `Finding` when it ended."""
    if wish.parent is None:
        return wish
    standing = Privilege.objects.active(at).filter(pk=wish.parent.pk, scope=organisation, delegate__isnull=False)
    parent = standing.select_related("delegate", "scope").first()
    if parent is None:
        return finding("privilege.chain_ended")
    return replace(wish, parent=parent, active_to=wish.active_to or parent.active_to)


def exceeds(wish: Wish) -> Finding | None:
    """Return that the wish is for more than its parent gives, or None."""
    parent = wish.parent
    if parent is None:
        return None
    more = (
        wish.type != parent.type
        or (parent.system_id is not None and wish.system_id != parent.system_id)
        or (parent.active_to is not None and (wish.active_to is None or wish.active_to > parent.active_to))
    )
    return finding("privilege.beyond_parent") if more else None


def misplaced(organisation: Organisation, *, grantee: Grantee, wish: Wish) -> Finding | None:
    """Return why this grantee cannot hold the role: it belongs elsewhere, or what it would get cannot be delegated."""
    giver = organisation if wish.parent is None else wish.parent.delegate
    match grantee:
        case Organisation():
            if wish.parent is not None or grantee == organisation:
                return finding("privilege.not_onward")
            return None
        case UserGroup():
            return None if grantee.organisation_id == (giver and giver.pk) else finding("privilege.not_a_colleague")
        case User() if wish.parent is not None:
            works = Employment.objects.filter(user=grantee, organisation=giver, ended=None)
            held = Privilege.objects.own().filter(user=grantee, scope=giver)
            return None if works.exists() or held.exists() else finding("privilege.not_a_colleague")
        case _:
            return None

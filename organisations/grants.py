"""Writing and removing rows of `Privilege`, with what the event logs tell of it. The rules are asked before.

A role concerns up to two organisations: the one whose data it opens (the scope), and the one that it was delegated
to. Each chain tells its own part: the scope's tells of its people, groups and of the other organisation, but not of
that organisation's people; the other's tells of these.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from adgang.lib.snapshots import JSON, as_json
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.models import Organisation, Privilege, User
from organisations.models.privilege import Grantee, PrivilegeQuerySet, grantee_field
from organisations.rights import PrivilegeType

# What the other organisation's chain calls what it received and lost.
RECEIVED = {
    Tag.PRIVILEGES_GRANTED: Tag.DELEGATION_RECEIVED,
    Tag.PRIVILEGES_REVOKED: Tag.DELEGATION_ENDED,
    Tag.PRIVILEGES_EXPIRED: Tag.DELEGATION_ENDED,
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A role as somebody asks for it: for the whole organisation or one system, for good or until a moment.

    `parent` is the role of another organisation that is passed on to one of its own people or groups.
    """

    type: PrivilegeType
    system_id: uuid.UUID | None = None
    active_to: dt.datetime | None = None
    parent: Privilege | None = None


def put(
    *,
    organisation: Organisation,
    grantee: Grantee,
    wish: Wish,
    issuer: User | None,
    source: str = Privilege.Source.SELF_SERVICE,
) -> tuple[Privilege, Told]:
    """Write a role that was found to be in order and return it with what is to be recorded; the locks are held."""
    privilege = Privilege.objects.create(
        **{grantee_field(grantee): grantee},
        type=wish.type,
        scope=organisation,
        system_id=wish.system_id,
        active_to=wish.active_to,
        parent=wish.parent,
        issuer_id=issuer.pk if issuer else None,
        source=Privilege.Source.APPOINTED if isinstance(grantee, Organisation) else source,
    )
    return privilege, told(privilege, tag=Tag.PRIVILEGES_GRANTED, is_self=issuer is not None and issuer == grantee)


def take(privilege: Privilege, *, tag: Tag, reason: str = "") -> Told:
    """Delete a role and what was passed on of it, and return what is to be recorded; the rules have been asked.

    What somebody else deleted meanwhile is passed over, so that nothing is told twice.
    """
    ended: Told = []
    for child in related().filter(parent=privilege):
        ended += take(child, tag=tag, reason=reason)
    gone = told(privilege, tag=tag, reason=reason)
    return [*ended, *gone] if Privilege.objects.filter(pk=privilege.pk).delete()[0] else ended


def related() -> PrivilegeQuerySet:
    """Return all roles, each read together with everything that `told` names."""
    rows: PrivilegeQuerySet = Privilege.objects.select_related("user", "group", "delegate", "scope", "parent__delegate")
    return rows


def told(privilege: Privilege, *, tag: Tag, reason: str = "", is_self: bool = False) -> Told:
    """Return the entries about a role that is given (a granting tag) or taken, each with the chain it belongs to."""
    values = _values(privilege)
    if is_self:
        values["self_granted"] = True
    if privilege.delegate is not None:
        theirs = _entry(RECEIVED[tag], privilege.scope, values, privilege, reason)
        return [
            (privilege.scope, _entry(tag, privilege.delegate, values, privilege, reason)),
            (privilege.delegate, theirs),
        ]
    if privilege.parent is not None:
        other = privilege.parent.delegate
        at_home = {**values, "acts_for": str(privilege.scope)}
        return [
            (other, _entry(tag, privilege.grantee, at_home, privilege, reason)),
            (privilege.scope, _entry(tag, other, {**values, "passed_on": True}, privilege, reason)),
        ]
    return [(privilege.scope, _entry(tag, privilege.grantee, values, privilege, reason))]


def _values(privilege: Privilege) -> dict[str, JSON]:
    return {
        "role": privilege.type,
        "system_id": as_json(privilege.system_id),
        "active_to": as_json(privilege.active_to),
    }


def _entry(tag: Tag, obj: Grantee | None, values: dict[str, JSON], privilege: Privilege, reason: str) -> Entry:
    if obj is None:
        raise LookupError("a role passed on has a parent that was given to an organisation")
    is_given = tag in (Tag.PRIVILEGES_GRANTED, Tag.DELEGATION_RECEIVED)
    return Entry(
        tag=tag,
        obj=obj,
        before={} if is_given else values,
        after=values if is_given else {},
        reason=reason,
        system_id=privilege.system_id,
    )

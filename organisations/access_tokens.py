"""Access tokens of people and organisations: made, shown once, used, and ended.

An organisation's token is given roles by whoever may give them, and does its work whoever leaves. A person's token can
do no more than the person can at that moment.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding, finding
from adgang.lib.secrets import new_token, token_hash
from organisations import events, privileges
from organisations.callers import READING, Bound, Caller, Channel, Grants, Limit
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.grants import Wish
from organisations.models import AccessToken, Organisation, User
from organisations.rights import PrivilegeType, rights_of

MARK = "adg_"  # so that a token is known for one where it was left lying
PREFIX_LENGTH = len(MARK) + 6
LONGEST = dt.timedelta(days=366)
MOST = 50  # usable tokens of one organisation or person
# How exactly the last use is known: one write in that time, not one for each call.
USE_STEP = dt.timedelta(minutes=1)


def offered(caller: Caller, organisation: Organisation, *, own: bool) -> list[PrivilegeType]:
    """Return the roles that a token may be given: the person's own ones, or those that the caller may give."""
    if own:
        held = {privilege.type for privilege in caller.privileges if privilege.scope_id == organisation.pk}
        return [type_ for type_ in PrivilegeType if type_ in held]
    return [role.type for role in privileges.grantable(caller, organisation)]


@transaction.atomic
def make(
    *,
    caller: Caller,
    organisation: Organisation,
    user: User | None,
    name: str,
    roles: Sequence[PrivilegeType],
    only_reads: bool,
    expires: dt.datetime,
    at: dt.datetime,
) -> str | Finding:
    """Make a token and return it: this is the only time it exists in the clear. A `Finding` says why not."""
    if refusal := _refusal(caller, organisation, user, roles, expires, at):
        return refusal
    token = MARK + new_token()
    made = AccessToken.objects.create(
        organisation=organisation,
        user=user,
        name=name,
        roles=[str(role) for role in roles],
        only_reads=only_reads,
        prefix=token[:PREFIX_LENGTH],
        hash=token_hash(token),
        made_by=caller.user,
        expires=expires,
    )
    events.record(caller, organisation, Entry(tag=Tag.ACCESS_TOKEN_MADE, obj=made, after=_told(made)))
    return token


def _refusal(
    caller: Caller,
    organisation: Organisation,
    user: User | None,
    roles: Sequence[PrivilegeType],
    expires: dt.datetime,
    at: dt.datetime,
) -> Finding | None:
    if not roles:
        return finding("token.no_roles")
    if not at < expires <= at + LONGEST:
        return finding("token.expires", days=LONGEST.days)
    standing = AccessToken.objects.usable(at).filter(organisation=organisation, user=user)
    if standing.count() >= MOST:
        return finding("token.many", most=MOST)
    for role in roles:
        if user is not None and role not in offered(caller, organisation, own=True):
            return finding("privilege.not_grantable", role=role)
        wish = Wish(type=role)
        if user is None and (refusal := privileges.refused(caller=caller, organisation=organisation, wish=wish, at=at)):
            return refusal
    return None


def _told(token: AccessToken) -> dict[str, object]:
    return {
        "name": token.name,
        "prefix": token.prefix,
        "roles": token.roles,
        "only_reads": token.only_reads,
        "expires": token.expires.isoformat(),
        "of_person": token.user_id is not None,
    }


@transaction.atomic
def revoke(*, caller: Caller, token: AccessToken, at: dt.datetime) -> bool:
    """End a token, recorded; False when it had ended already."""
    if not AccessToken.objects.filter(pk=token.pk, revoked=None).update(revoked=at):
        return False
    events.record(caller, token.organisation, Entry(tag=Tag.ACCESS_TOKEN_REVOKED, obj=token, before=_told(token)))
    return True


def end_of_person(user: User, organisation: Organisation, *, at: dt.datetime) -> int:
    """End the person's own tokens in an organisation that they leave; returns how many. The caller records it."""
    return AccessToken.objects.filter(user=user, organisation=organisation, revoked=None).update(revoked=at)


def of_organisation(organisation: Organisation, *, at: dt.datetime) -> list[AccessToken]:
    """Return the organisation's own tokens that open something."""
    usable = AccessToken.objects.usable(at).filter(organisation=organisation, user=None)
    return list(usable.select_related("made_by"))


def of_person(user: User, *, at: dt.datetime) -> list[AccessToken]:
    """Return the person's tokens that open something."""
    return list(AccessToken.objects.usable(at).filter(user=user).select_related("organisation"))


def caller_of(token: str, *, request_id: str, at: dt.datetime) -> Caller | None:
    """Return who calls with a token, None for one that opens nothing; its last use is noted."""
    usable = AccessToken.objects.usable(at).filter(hash=token_hash(token))
    found = usable.select_related("user", "organisation").first()
    if found is None:
        return None
    if found.last_used is None or found.last_used + USE_STEP <= at:
        before = Q(last_used=None) | Q(last_used__lte=at - USE_STEP)
        AccessToken.objects.filter(before, pk=found.pk).update(last_used=at)
    return _caller(found, request_id)


def _caller(token: AccessToken, request_id: str) -> Caller:
    label = _("Access token “%(name)s”") % {"name": token.name}
    types = frozenset(token.roles)
    limit, bound = None, None
    if token.user_id is not None:
        limit = Limit(token.organisation_id, types, token.only_reads)
    else:
        grants = Grants(rights_of({PrivilegeType(type_) for type_ in types if type_ in PrivilegeType.values}))
        bound = Bound(token.organisation, grants.only(READING) if token.only_reads else grants)
    return Caller(
        user=token.user,
        channel=Channel.API,
        request_id=request_id,
        label=label,
        bound=bound,
        limit=limit,
        key=f"token:{token.pk}",
    )


def system_caller(organisation: Organisation, grants: Grants, *, system: str, key: str, request_id: str) -> Caller:
    """Return the caller of a system that has shown who it is."""
    bound = Bound(organisation, grants)
    return Caller(user=None, channel=Channel.API, request_id=request_id, label=system, bound=bound, key=key)

"""A person leaves an organisation: roles, employment and sessions end in one act; the account stays the person's."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from adgang.lib import slots
from adgang.lib.findings import Finding, finding
from organisations import access_tokens, events, groups, privileges
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.grants import related, take
from organisations.locks import lock_all
from organisations.models import Employment, Invitation, Organisation, Privilege, SecretLink, Session, User


@dataclass(frozen=True)
class Departure:
    """What ended, and what a successor must be found for (texts in the reader's language)."""

    roles: int
    sessions: int
    responsibilities: Sequence[str]


def responsibilities(user: User, organisation: Organisation) -> list[str]:
    """Return what the person is responsible for in the organisation, as the rooms above tell it."""
    return [text for filling in slots.fillings("departures") for text in filling(user, organisation)]


@transaction.atomic
def depart(*, caller: Caller, organisation: Organisation, user: User, reason: str = "") -> Departure | Finding:
    """End everything the person has in the organisation, at once, and record it.

    A `Finding` says why not: the organisation would be left without a lasting user administrator.
    """
    lock_all({organisation.pk, *_acted_for(user, organisation)})
    held = list(related().filter(_here(organisation), user=user))
    if not privileges.keeps_a_lasting_administrator(organisation, without=held):
        return finding("privilege.last_user_administrator", organisation=organisation.name)
    left_behind = responsibilities(user, organisation)
    if not held and not Employment.objects.filter(user=user, organisation=organisation, ended=None).exists():
        # Who left before, or was never here, has nothing to end; their sessions serve somebody else now.
        return Departure(roles=0, sessions=0, responsibilities=left_behind)
    taken = [entry for privilege in held for entry in take(privilege, tag=Tag.PRIVILEGES_REVOKED, reason=reason)]
    out = groups.leave_all(organisation=organisation, user=user)
    sessions = _end(user, organisation)
    departed = Entry(tag=Tag.PERSON_DEPARTED, obj=user, reason=reason, after={"roles": len(held), "sessions": sessions})
    events.record_all(caller, [*taken, *out, (organisation, departed)])
    return Departure(roles=len(held), sessions=sessions, responsibilities=left_behind)


def _here(organisation: Organisation) -> Q:
    """The roles that end with an employment: the organisation's own, and what it passed on of others'."""
    return Q(scope=organisation, parent=None) | Q(parent__delegate=organisation)


def _acted_for(user: User, organisation: Organisation) -> set[uuid.UUID]:
    """Return the ids of the organisations whose roles were passed on to the person here."""
    passed_on = Privilege.objects.filter(parent__delegate=organisation, user=user)
    return {id_ for id_ in passed_on.values_list("scope", flat=True) if id_ is not None}


def _end(user: User, organisation: Organisation) -> int:
    """End employment, sessions, tokens, secret links and a waiting invitation; returns the number of sessions."""
    now = timezone.now()
    Employment.objects.filter(user=user, organisation=organisation, ended=None).update(ended=now)
    waiting = Invitation.objects.filter(organisation=organisation, email=user.email, accepted=None, withdrawn=None)
    waiting.update(withdrawn=now, token_hash="")
    access_tokens.end_of_person(user, organisation, at=now)
    SecretLink.objects.filter(user=user, object_id=organisation.pk, revoked=None).update(revoked=now)
    sessions = Session.objects.filter(user=user)
    ended = sessions.count()
    sessions.delete()
    return ended

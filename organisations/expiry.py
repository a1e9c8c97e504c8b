"""Roles that end by themselves: with their date, with a notice before, or with the system that they were limited to."""

import datetime as dt
import uuid

from django.db import transaction

from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Told
from organisations.grants import related, take
from organisations.holding import members_of, user_administrators
from organisations.locks import lock
from organisations.mail import queue_mail
from organisations.models import Organisation, Privilege, User
from organisations.models.privilege import Grantee

NOTICE = dt.timedelta(days=14)


def end_expired(*, organisation: Organisation, grantee: Grantee | None, at: dt.datetime) -> Told:
    """Delete the roles (of one grantee, or all) whose end has come; returns what to record. The lock is held."""
    expired = related().expired(at).filter(scope=organisation)
    due = expired if grantee is None else expired.given_to(grantee)
    return [entry for privilege in due for entry in take(privilege, tag=Tag.PRIVILEGES_EXPIRED)]


def expire(*, caller: Caller, at: dt.datetime) -> int:
    """Remove every role whose end has come, organisation by organisation, and record it; returns how many."""
    scopes = Privilege.objects.expired(at).exclude(scope=None).values_list("scope", flat=True)
    return sum(_expire_in(organisation_id, caller=caller, at=at) for organisation_id in set(scopes))


@transaction.atomic
def _expire_in(organisation_id: uuid.UUID, *, caller: Caller, at: dt.datetime) -> int:
    organisation = lock(organisation_id)
    standing = Privilege.objects.filter(scope=organisation)
    before = standing.count()
    events.record_all(caller, end_expired(organisation=organisation, grantee=None, at=at))
    return before - standing.count()


@transaction.atomic
def give_notice(*, at: dt.datetime) -> int:
    """Mail everybody whose role ends within two weeks, once a role; returns of how many roles was told."""
    ending = related().active(at).filter(active_to__lte=at + NOTICE, noticed=None).exclude(scope=None)
    # Two workers tell each person once: what one has taken the other passes over.
    told = list(ending.select_for_update(of=("self",), skip_locked=True))
    for privilege in told:
        for person in _told_of(privilege, at):
            queue_mail(
                kind="role_ends_soon",
                to=person.email,
                organisation=privilege.scope,
                object_id=privilege.pk,
                language=person.language,
            )
    return Privilege.objects.filter(pk__in=[privilege.pk for privilege in told]).update(noticed=at)


def _told_of(privilege: Privilege, at: dt.datetime) -> list[User]:
    """Return who is told that a role ends: its holders, or who passes on what another organisation was given."""
    if privilege.user is not None:
        return [privilege.user]
    if privilege.group is not None:
        return members_of(privilege.group)
    return user_administrators(privilege.delegate, at=at) if privilege.delegate else []


def end_for_system(*, organisation: Organisation, system_id: uuid.UUID) -> Told:
    """Remove the roles limited to a system that is being deleted.

    Returns what the deletion is to record with its own; call it inside the transaction.
    """
    limited = related().filter(scope=organisation, system_id=system_id)
    return [entry for privilege in limited for entry in take(privilege, tag=Tag.PRIVILEGES_REVOKED)]

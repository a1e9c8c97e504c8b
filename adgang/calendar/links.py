"""The secret address of a person's calendar: made, made anew, revoked. Only its hash is kept."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from adgang.lib import secrets
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation, SecretLink, User

LIFETIME = dt.timedelta(days=730)


def standing(at: dt.datetime) -> QuerySet[SecretLink]:
    """Return the calendar links that work at a moment."""
    return SecretLink.objects.filter(purpose=SecretLink.Purpose.CALENDAR, revoked=None, expires__gt=at)


def of(user: User, organisation: Organisation, *, at: dt.datetime) -> SecretLink | None:
    """Return the person's link for an organisation."""
    return standing(at).filter(user=user, object_id=organisation.pk).first()


@transaction.atomic
def make(*, caller: Caller, user: User, organisation: Organisation, at: dt.datetime) -> str:
    """Return the token of a new address, which is shown this once; an earlier one ends. Recorded."""
    token = secrets.new_token()
    standing(at).filter(user=user, object_id=organisation.pk).update(revoked=at)
    SecretLink.objects.create(
        purpose=SecretLink.Purpose.CALENDAR,
        user=user,
        object_id=organisation.pk,
        token_hash=secrets.token_hash(token),
        expires=at + LIFETIME,
    )
    events.record(caller, organisation, Entry(tag=Tag.CALENDAR_LINK_MADE, obj=user))
    return token


@transaction.atomic
def revoke(*, caller: Caller, user: User, organisation: Organisation, at: dt.datetime) -> bool:
    """End the person's address. Recorded; False when there was none."""
    if not standing(at).filter(user=user, object_id=organisation.pk).update(revoked=at):
        return False
    events.record(caller, organisation, Entry(tag=Tag.CALENDAR_LINK_REVOKED, obj=user))
    return True


def opened(token: str, *, at: dt.datetime) -> tuple[SecretLink, User, Organisation] | None:
    """Return the link, its person and organisation; None when it works no more, or the person may see nothing there."""
    link = (
        standing(at).filter(token_hash=secrets.token_hash(token), user__is_active=True).select_related("user").first()
    )
    organisation = Organisation.objects.filter(pk=link.object_id).first() if link else None
    if link is None or link.user is None or organisation is None:
        return None
    return link, link.user, organisation

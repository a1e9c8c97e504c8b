"""Forgetting a person: the personal values in the event log and the account's own, with a tombstone in every chain.

The chain holds salted digests of personal values only, so it stays whole when the values go.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from organisations import events, sign_in
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import DIGEST, OPERATOR_CHAIN, Entry, canonical
from organisations.models import Event, EventDetail, Invitation, Mail, Organisation, User
from organisations.verifying import digests

ERASED_NAME = "Slettet person"


class StillActive(Exception):
    """The person has roles; they must leave their organisations first."""


@transaction.atomic
def erase(*, caller: Caller, user: User) -> int:
    """Erase what the portal holds of a person who has left; returns how many values went. Raises `StillActive`.

    What was done stays in the log, under the person's id; the account remains as an empty shell that those ids lead to.
    """
    if user.privileges.exists():
        raise StillActive
    invitations = Invitation.objects.filter(email=user.email)
    found = dict(_digests_about(user, [invitation.pk for invitation in invitations]))
    EventDetail.objects.filter(digest__in=found).delete()
    Mail.objects.filter(to=user.email).delete()
    for invitation in invitations:
        Invitation.objects.filter(pk=invitation.pk).update(name=ERASED_NAME, email=_nowhere(invitation.pk))
    _empty(user)
    _record(caller, user, found)
    return len(found)


def _digests_about(user: User, invitation_ids: list[uuid.UUID]) -> Iterable[tuple[str, uuid.UUID]]:
    """Yield (digest, chain) of each personal value that tells of the person."""
    own_values = {canonical(user.email), canonical(user.name)}
    mentioned = EventDetail.objects.filter(value=canonical(user.email)).values("event_id")
    told = Event.objects.filter(Q(actor_id=user.pk) | Q(object_id__in=[user.pk, *invitation_ids]) | Q(pk__in=mentioned))
    for event in told.iterator():
        payload = json.loads(event.payload)
        is_about = event.object_id in {user.pk, *invitation_ids}
        for detail in EventDetail.objects.filter(event_id=event.pk, digest__in=list(digests(payload))):
            if payload["actor_label"] == {DIGEST: detail.digest}:
                is_theirs = event.actor_id == user.pk  # another actor may bear the same name
            else:
                is_theirs = is_about or detail.value in own_values
            if is_theirs:
                yield detail.digest, event.organisation_id


def _empty(user: User) -> None:
    user.identities.all().delete()
    sign_in.end_sessions(user)
    user.email, user.name, user.is_active = _nowhere(user.pk), ERASED_NAME, False
    user.set_unusable_password()
    user.save()


def _nowhere(id_: uuid.UUID) -> str:
    return f"{id_}@erased.invalid"


def _record(caller: Caller, user: User, found: dict[str, uuid.UUID]) -> None:
    by_chain: dict[uuid.UUID, list[str]] = defaultdict(list)
    for digest, chain in found.items():
        by_chain[chain].append(digest)
    by_chain.setdefault(OPERATOR_CHAIN, [])
    owners = Organisation.objects.in_bulk([chain for chain in by_chain if chain != OPERATOR_CHAIN])
    events.record_all(
        caller,
        [
            (owners.get(chain), Entry(tag=Tag.PERSON_ERASED, obj=user, after={"erased": sorted(erased)}))
            for chain, erased in by_chain.items()
        ],
    )

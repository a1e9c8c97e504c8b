"""Forgetting a person: the personal values in the event log and the account's own, with a tombstone in every chain.

The chain holds salted digests of personal values only, so it stays whole when the values go.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q

from adgang.lib import slots
from organisations import email_changes, events, sign_in
from organisations.callers import Caller
from organisations.event_files import KIND as FILES
from organisations.event_tags import Tag
from organisations.events import DIGEST, OPERATOR_CHAIN, Entry, canonical
from organisations.models import (
    AccessRequest,
    Blob,
    Event,
    EventDetail,
    EventSubscription,
    Invitation,
    Job,
    Mail,
    Organisation,
    ReadinessLine,
    SecretLink,
    Totp,
    User,
)
from organisations.verifying import digests

ERASED_NAME = "Slettet person"


class StillActive(Exception):
    """The person has roles; they must leave their organisations first."""


@transaction.atomic
def erase(*, caller: Caller, user: User) -> int:
    """Erase what the portal holds of a person who has left; returns how many values went. Raises `StillActive`.

    What was done stays in the log, under the person's id; the account remains as an empty shell that those ids lead to.
    """
    if user.privileges.exists() or user.memberships.exists():
        raise StillActive
    addresses = email_changes.addresses_of(user)
    invitations = Invitation.objects.filter(email__in=addresses)
    gone = {pk for forget in slots.fillings("forgotten") for pk in forget(user)}
    found = dict(_digests_about(user, addresses, {user.pk, *gone, *(invitation.pk for invitation in invitations)}))
    EventDetail.objects.filter(digest__in=found).delete()
    Mail.objects.filter(to__in=addresses).delete()
    _forget_elsewhere(user, addresses)
    for invitation in invitations:
        Invitation.objects.filter(pk=invitation.pk).update(name=ERASED_NAME, email=_nowhere(invitation.pk))
    _forget_appointments(user, addresses)
    _empty(user)
    _record(caller, user, found)
    return len(found)


def _digests_about(user: User, addresses: list[str], own_ids: set[uuid.UUID]) -> Iterable[tuple[str, uuid.UUID]]:
    """Yield (digest, chain) of each personal value that tells of the person."""
    own_values = {canonical(user.name), *map(canonical, addresses)}
    # An address stands alone, or within what somebody filtered by.
    holds_one = Q(*(("value__contains", address) for address in addresses), _connector=Q.OR)
    mentioned = EventDetail.objects.filter(holds_one).values("event_id")
    told = Event.objects.filter(Q(actor_id=user.pk) | Q(object_id__in=own_ids) | Q(pk__in=mentioned))
    for event in told.iterator():
        payload = json.loads(event.payload)
        # Personal in an entry about a certificate is what an employee's says, and each uploads only their own.
        is_own_certificate = event.object_kind == "certificate" and event.actor_id == user.pk
        is_about = event.object_id in own_ids or is_own_certificate
        for detail in EventDetail.objects.filter(event_id=event.pk, digest__in=list(digests(payload))):
            if payload["actor_label"] == {DIGEST: detail.digest}:
                is_theirs = event.actor_id == user.pk  # another actor may bear the same name
            else:
                is_theirs = (
                    is_about or detail.value in own_values or any(address in detail.value for address in addresses)
                )
            if is_theirs:
                yield detail.digest, event.organisation_id


def _forget_appointments(user: User, addresses: list[str]) -> None:
    """Take the person out of requests for access; what became of the requests stays."""
    AccessRequest.objects.filter(requester=user).update(requester_phone="", requester_position="")
    appointed = {"target_name": ERASED_NAME, "target_email": _nowhere(user.pk), "target_position": ""}
    AccessRequest.objects.filter(target_email__in=addresses).update(**appointed)


def _forget_elsewhere(user: User, addresses: list[str]) -> None:
    """What the person asked to be told of and took with them, their secret links, where they stand as responsible."""
    EventSubscription.objects.filter(user=user).delete()
    made = Job.objects.filter(requested_by=user, kind=FILES)
    Blob.objects.filter(pk__in=list(made.exclude(file=None).values_list("file", flat=True))).delete()
    made.delete()
    SecretLink.objects.filter(user=user).delete()
    holds_one = Q(*(("responsible_email__iexact", address) for address in addresses), _connector=Q.OR)
    lines = ReadinessLine.objects.filter(holds_one)
    lines.update(responsible_name=ERASED_NAME, responsible_email="", version=F("version") + 1)


def _empty(user: User) -> None:
    user.identities.all().delete()
    user.sign_ins.all().delete()
    Totp.objects.filter(user=user).delete()
    user.passkeys.all().delete()
    user.email_changes.all().delete()
    user.recovery_codes.all().delete()
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

"""The people of an organisation: who has or had something to do with it, in which roles."""

import datetime as dt
import uuid

from django.db.models import Exists, F, Min, OuterRef, Prefetch, Q, QuerySet

from organisations.models import Employment, Invitation, Organisation, Privilege, User


def people(organisation: Organisation, *, at: dt.datetime) -> QuerySet[User]:
    """Return everybody who has a role or is or was employed, each with `roles_here`, `works_here` and `first_end`.

    `roles_here` (a list of privileges that count) costs one query for all of them; `first_end` is when the first role
    with an end date ends.
    """
    active = Privilege.objects.active(at).filter(scope=organisation)
    employments = Employment.objects.filter(organisation=organisation, user=OuterRef("pk"))
    return (
        User.objects.annotate(
            works_here=Exists(active.filter(user=OuterRef("pk"))) | Exists(employments.filter(ended=None)),
            first_end=Min(
                "privileges__active_to",
                filter=Q(privileges__scope=organisation, privileges__active_to__gt=at),
            ),
        )
        .filter(Q(works_here=True) | Exists(employments))
        .prefetch_related(Prefetch("privileges", queryset=active.order_by("created"), to_attr="roles_here"))
    )


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Return the invitations that were neither accepted nor withdrawn, expired ones too, the newest first."""
    return Invitation.objects.filter(organisation=organisation, accepted=None, withdrawn=None).order_by("-created")


def left(organisation: Organisation, user_id: uuid.UUID) -> dt.datetime | None:
    """Return when the person's last employment in the organisation ended; None while they work there."""
    last = (
        Employment.objects.filter(organisation=organisation, user=user_id)
        .order_by(F("ended").desc(nulls_first=True))
        .first()
    )
    return last.ended if last else None

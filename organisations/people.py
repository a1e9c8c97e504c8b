"""The people of an organisation: who has or had something to do with it, in which roles."""

import datetime as dt
import uuid

from django.db.models import Exists, F, Min, OuterRef, Prefetch, Q, QuerySet

from organisations.models import (
    Employment,
    GroupMember,
    Invitation,
    Organisation,
    Privilege,
    User,
    UserGroup,
    with_second_factor,
)


def people(organisation: Organisation, *, at: dt.datetime) -> QuerySet[User]:
    """Return everybody who has a role or is or was employed, each with `roles_here`, `works_here` and `first_end`.

    `roles_here` (their own privileges that count; groups' roles besides: see the function of that name) costs three
    queries for all of them; `first_end` is when the first role with an end date ends. `has_second` says whether they
    have a second factor.
    """
    # What a vendor passed on to its people is the vendor's affair; here the vendor stands, not they.
    active = Privilege.objects.active(at).filter(scope=organisation, parent=None)
    employments = Employment.objects.filter(organisation=organisation, user=OuterRef("pk"))
    return (
        with_second_factor(User.objects.all())
        .annotate(
            works_here=Exists(active.filter(user=OuterRef("pk"))) | Exists(employments.filter(ended=None)),
            first_end=Min(
                "privileges__active_to",
                filter=Q(privileges__scope=organisation, privileges__parent=None, privileges__active_to__gt=at),
            ),
        )
        .filter(Q(works_here=True) | Exists(employments))
        .prefetch_related(
            Prefetch("privileges", queryset=active.order_by("created"), to_attr="roles_here"),
            Prefetch("memberships", queryset=_memberships(organisation, active), to_attr="groups_here"),
        )
    )


def _memberships(organisation: Organisation, active: QuerySet[Privilege]) -> QuerySet[GroupMember]:
    of_group = Prefetch("group__privileges", queryset=active.order_by("created"), to_attr="roles_here")
    rows = GroupMember.objects.filter(group__organisation=organisation).order_by("group__name")
    return rows.select_related("group").prefetch_related(of_group)


def roles_here(person: User) -> list[tuple[Privilege, UserGroup | None]]:
    """Return the roles of a person that `people` found, each with the group through which they hold it, or None."""
    own: list[Privilege] = getattr(person, "roles_here", [])
    memberships: list[GroupMember] = getattr(person, "groups_here", [])
    through = [(held, one.group) for one in memberships for held in getattr(one.group, "roles_here", [])]
    return [*((held, None) for held in own), *through]


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

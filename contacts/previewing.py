"""What a citizen, a company or another authority sees of a structure, and in which order.

A writer chooses the authority, perhaps a category (group), and a contact point. Only open points for the writer's
audience are seen, and only groups in whose branch such a point stands.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import ContactGroup, ContactPoint, Placement
from organisations.models import Organisation
from systems.states import IN_SERVICE, state_between

Text = str | Promise
CARRIED = 2  # answers that a message carries


class Audience(Enum):
    """Who writes, as the URL says it; the field of a point that says whether it is for them; what they are called."""

    CITIZEN = ("borger", "for_citizens", _("A citizen"))
    COMPANY = ("virksomhed", "for_companies", _("A company"))
    AUTHORITY = ("myndighed", "for_authorities", _("Another authority"))

    @property
    def key(self) -> str:
        """What stands in the URL."""
        return self.value[0]

    @property
    def field(self) -> str:
        """The field of a contact point."""
        return self.value[1]

    @property
    def label(self) -> Text:
        """The words for it."""
        return self.value[2]

    @classmethod
    def of(cls, key: str) -> "Audience":
        """Return the audience that a URL names; citizens for nonsense."""
        return next((one for one in cls if one.key == key), cls.CITIZEN)


def reason(point: ContactPoint, audience: Audience) -> Text:
    """Return why a writer does not find a point; "" when they do."""
    if not point.active and not point.visible:
        return _("It is closed.")
    if not point.visible:
        return _("It is open for replies only.")
    if not point.active:
        return _("It is visible but closed: it cannot be written to.")
    return "" if getattr(point, audience.field) else _("It is not for this target audience.")


def seen(organisation: Organisation, audience: Audience) -> QuerySet[ContactPoint]:
    """Return the points that the audience finds."""
    return ContactPoint.objects.open().filter(**{audience.field: True}, organisation=organisation)


@dataclass(frozen=True)
class Category:
    """A group as a writer sees it, with how many contact points its branch holds for them."""

    group: ContactGroup
    count: int


@dataclass(frozen=True)
class Hidden:
    """What stands here and is not seen, and why."""

    obj: ContactGroup | ContactPoint
    why: Text
    is_group: bool = False


@dataclass(frozen=True)
class Shelf:
    """What stands in one group (or at the top level): what the writer sees, in order, and what is hidden."""

    way: list[ContactGroup]
    categories: list[Category]
    points: list[ContactPoint]
    hidden: list[Hidden] = field(default_factory=list)


class Preview:
    """A structure through the eyes of an audience, read in three queries whatever the size."""

    def __init__(self, organisation: Organisation, audience: Audience) -> None:
        self.organisation, self.audience = organisation, audience
        groups = ContactGroup.objects.filter(organisation=organisation).order_by("position")
        self.groups = {group.pk: group for group in groups}
        places = Placement.objects.filter(organisation=organisation, point__in=seen(organisation, audience))
        self.counts = self._counted(places.values_list("group_id", "point_id"))

    def _counted(self, places: Iterable[tuple[uuid.UUID | None, uuid.UUID]]) -> dict[uuid.UUID | None, int]:
        """Return how many different points each branch holds for the audience."""
        points: dict[uuid.UUID | None, set[uuid.UUID]] = defaultdict(set)
        for group_id, point_id in places:
            points[None].add(point_id)
            for group in self.way(group_id):
                points[group.pk].add(point_id)
        return {group_id: len(found) for group_id, found in points.items()}

    @property
    def count(self) -> int:
        """How many points the audience finds in all."""
        return self.counts.get(None, 0)

    def way(self, group_id: uuid.UUID | None) -> list[ContactGroup]:
        """Return the groups from the top down to this one."""
        chain: list[ContactGroup] = []
        while group_id is not None and (group := self.groups.get(group_id)) is not None:
            chain.append(group)
            group_id = group.parent_id
        return chain[::-1]

    def shelf(self, group_id: uuid.UUID | None) -> Shelf:
        """Return what stands directly in a group: one more query."""
        below = [group for group in self.groups.values() if group.parent_id == group_id]
        places = Placement.objects.filter(organisation=self.organisation, group=group_id)
        here = [place.point for place in places.order_by("position").select_related("point")]
        hidden = [Hidden(one, EMPTY, is_group=True) for one in below if one.pk not in self.counts]
        return Shelf(
            way=self.way(group_id),
            categories=[Category(one, self.counts[one.pk]) for one in below if one.pk in self.counts],
            points=[point for point in here if not reason(point, self.audience)],
            hidden=hidden + [Hidden(point, why) for point in here if (why := reason(point, self.audience))],
        )


EMPTY = _("Nothing in it is for this target audience.")


@dataclass(frozen=True)
class Message:
    """What becomes of a message to a point: what is asked of the writer, and whether it arrives."""

    point: ContactPoint
    at: dt.datetime

    @property
    def asked(self) -> list[str]:
        """What the writer is asked for and the message carries."""
        return [one.name for one in self.point.recommended_attributes.all()][:CARRIED]

    @property
    def not_carried(self) -> list[str]:
        """What is registered beyond that, and never reaches the writer's message."""
        return [one.name for one in self.point.recommended_attributes.all()][CARRIED:]

    @property
    def arrives(self) -> bool:
        """Whether the recipient system is in service."""
        system: Any = self.point.system
        return system.is_recipient and state_between(system.active_from, system.active_to, self.at) in IN_SERVICE

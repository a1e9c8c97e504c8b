"""Contact points that exist only in drafts which are worked on or wait for their time, under the ids they will have."""

import json
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from contacts.models import ContactPoint, DraftChange, DraftState
from organisations.models import Organisation


@dataclass(frozen=True)
class PointToCome:
    """A contact point that does not exist yet, and the name of the draft that makes it."""

    id: uuid.UUID
    name: str
    draft: str


def changes() -> QuerySet[DraftChange]:
    """Return the changes of drafts that make a contact point which is not there yet, in any organisation."""
    there = ContactPoint.objects.filter(pk=OuterRef("object_id"))
    made = DraftChange.objects.filter(is_group=False, before="").exclude(after="")
    return made.filter(~Exists(there), draft__state__in=(DraftState.OPEN, DraftState.PLANNED))


def points_to_come(organisation: Organisation) -> list[PointToCome]:
    """Return the contact points that an organisation will have once its drafts are published, by name; one query."""
    rows = changes().filter(draft__organisation=organisation).values_list("object_id", "after", "draft__name")
    found = [PointToCome(pk, json.loads(after)["values"]["name"], draft) for pk, after, draft in rows]
    return sorted(found, key=lambda one: (one.name.casefold(), one.draft))

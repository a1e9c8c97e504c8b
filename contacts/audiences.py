"""For whom the branches of groups are: derived from the open points below them, in one query for many groups."""

import uuid
from collections.abc import Collection

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from contacts.models import ContactGroup, ContactPoint, Placement

GROUPS, PLACES, POINTS = (model._meta.db_table for model in (ContactGroup, Placement, ContactPoint))
Flags = tuple[bool, bool, bool]

BRANCHES = f"""
    WITH RECURSIVE down (root, id) AS (
        SELECT id, id FROM {GROUPS} WHERE id IN ({{ids}})
        UNION
        SELECT down.root, g.id FROM {GROUPS} g JOIN down ON g.parent_id = down.id
    )
    SELECT down.root, MAX(CASE WHEN p.for_citizens THEN 1 ELSE 0 END),
        MAX(CASE WHEN p.for_companies THEN 1 ELSE 0 END), MAX(CASE WHEN p.for_authorities THEN 1 ELSE 0 END)
    FROM down JOIN {PLACES} s ON s.group_id = down.id JOIN {POINTS} p ON p.id = s.point_id
    WHERE p.active AND p.visible
    GROUP BY down.root
"""  # noqa: S608 – names of our own tables
SEEN = f"""
    WITH RECURSIVE up (id) AS (
        SELECT s.group_id FROM {PLACES} s JOIN {POINTS} p ON p.id = s.point_id
        WHERE p.active AND p.visible AND s.group_id IS NOT NULL{{within}}
        UNION
        SELECT g.parent_id FROM {GROUPS} g JOIN up ON g.id = up.id WHERE g.parent_id IS NOT NULL
    )
    SELECT id FROM up
"""  # noqa: S608


def of_branches(group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Flags]:
    """Return for each group for whom its branch is: (citizens, companies, authorities); none for an empty branch."""
    if not group_ids:
        return {}
    key = ContactGroup._meta.pk
    values = [key.get_db_prep_value(group_id, connection) for group_id in group_ids]
    with connection.cursor() as cursor:
        cursor.execute(BRANCHES.format(ids=", ".join(["%s"] * len(values))), values)
        return {_id(root): (bool(one), bool(two), bool(three)) for root, one, two, three in cursor.fetchall()}


def _id(value: str | uuid.UUID) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def seen(organisation_id: uuid.UUID | None = None) -> Q:
    """Return the condition that somebody finds the group: an active, visible point stands in its branch."""
    if organisation_id is None:
        return Q(pk__in=RawSQL(SEEN.format(within=""), []))  # noqa: S611 – names of our own tables
    value = ContactGroup._meta.pk.get_db_prep_value(organisation_id, connection)
    return Q(pk__in=RawSQL(SEEN.format(within=" AND s.organisation_id = %s"), [value]))  # noqa: S611

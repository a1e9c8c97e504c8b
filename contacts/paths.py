"""The way from the top of the structure to a group."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from contacts.models import ContactGroup

SEPARATOR = " / "

ANCESTORS = """
    WITH RECURSIVE up (id, parent_id) AS (
        SELECT id, parent_id FROM {table} WHERE id IN ({ids})
        UNION
        SELECT g.id, g.parent_id FROM {table} g JOIN up ON g.id = up.parent_id
    )
    SELECT {columns}
    FROM {table} g JOIN up ON up.id = g.id
"""
FEW_COLUMNS = "g.id, g.parent_id, g.name, g.organisation_id, g.responsible_id, g.position"
DESCENDANTS = """
    WITH RECURSIVE down (id) AS (
        SELECT id FROM {table} WHERE id IN ({ids})
        UNION
        SELECT g.id FROM {table} g JOIN down ON g.parent_id = down.id
    )
    SELECT g.* FROM {table} g JOIN down ON down.id = g.id
"""


class Paths:
    """Groups by id, with all that stands above them."""

    def __init__(self, groups: Iterable[ContactGroup]) -> None:
        self.groups = {group.pk: group for group in groups}

    def chain(self, group_id: uuid.UUID | None) -> list[ContactGroup]:
        """Return the groups from the top down to and including this one; empty for None and for an unknown id."""
        chain: list[ContactGroup] = []
        while group_id is not None and (group := self.groups.get(group_id)) is not None:
            chain.append(group)
            group_id = group.parent_id
        return chain[::-1]

    def text(self, group_id: uuid.UUID | None) -> str:
        """Return the path for people to read, "Borger / Ydelser"; "" for the top level."""
        return SEPARATOR.join(group.name for group in self.chain(group_id))


def above(group_ids: Collection[uuid.UUID], *, whole: bool = False) -> Paths:
    """Return the groups with all that stands above them, in one query; none for no ids.

    Their texts beyond the name are read with `whole` only.
    """
    return Paths(_query(ANCESTORS, group_ids, "g.*" if whole else FEW_COLUMNS))


def below(group_ids: Collection[uuid.UUID]) -> list[ContactGroup]:
    """Return the groups with all that stands below them, in one query, in no order."""
    return _query(DESCENDANTS, group_ids)


def texts(group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the path of each group for people to read, by its id, in one query."""
    if not group_ids:
        return {}
    sql, values = _asked(ANCESTORS, group_ids, "g.id, g.parent_id, g.name")
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        # The ids in the database's own form: they only lead from row to row.
        groups = {key: (parent, name) for key, parent, name in cursor.fetchall()}
    return {group_id: _path(groups, key) for group_id, key in zip(group_ids, values, strict=True)}


def _path(groups: Mapping[Any, tuple[Any, str]], key: Any) -> str:
    names: list[str] = []
    while (group := groups.get(key)) is not None:
        key, name = group
        names.append(name)
    return SEPARATOR.join(names[::-1])


def _asked(sql: str, group_ids: Collection[uuid.UUID], columns: str) -> tuple[str, list[Any]]:
    key = ContactGroup._meta.pk
    values = [key.get_db_prep_value(group_id, connection) for group_id in group_ids]
    marks = ", ".join(["%s"] * len(values))
    return sql.format(table=ContactGroup._meta.db_table, ids=marks, columns=columns), values


def _query(sql: str, group_ids: Collection[uuid.UUID], columns: str = "") -> list[ContactGroup]:
    return list(ContactGroup.objects.raw(*_asked(sql, group_ids, columns))) if group_ids else []

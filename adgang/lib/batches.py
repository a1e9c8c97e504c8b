"""Deleting many rows a few at a time, so that no lock lasts and nobody waits for a night's tidying."""

from typing import Any

from django.db.models import QuerySet

AT_ONCE = 1000
# A night's share of one kind: what is left goes the next night.
MOST = 200_000


def remove(rows: QuerySet[Any], *, at_once: int = AT_ONCE, most: int = MOST) -> int:
    """Delete the rows in batches, each in a transaction of its own; returns how many went, with what hung on them."""
    gone = seen = 0
    model = rows.model
    while seen < most:
        keys = list(rows.order_by().values_list("pk", flat=True)[: min(at_once, most - seen)])
        if not keys:
            break
        gone += model._default_manager.filter(pk__in=keys).delete()[0]
        seen += len(keys)
    return gone

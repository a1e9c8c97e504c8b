"""Writing the lists that belong to points: codes, search terms, recommended attributes, former mailboxes."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model

from contacts.models import ContactPoint, ContactPointCode, RecommendedAttribute, SearchTerm, Translation
from contacts.values import POINT_LISTS, PointValues

MODELS: dict[str, type[Model]] = {
    "codes": ContactPointCode,
    "search_terms": SearchTerm,
    "recommended_attributes": RecommendedAttribute,
    "translations": Translation,
}
BATCH = 1000


def add(points: Iterable[tuple[uuid.UUID, PointValues]]) -> None:
    """Write the lists of points that have none yet; one query a kind and batch, and none for a kind without entries."""
    points = list(points)
    for kind in POINT_LISTS:
        _create(kind, points)


def replace(points: Sequence[tuple[uuid.UUID, PointValues, PointValues]]) -> None:
    """Write the lists of (id, values before, values after) that differ, and only those."""
    for kind in POINT_LISTS:
        differing = [(pk, after) for pk, before, after in points if getattr(before, kind) != getattr(after, kind)]
        for start in range(0, len(differing), BATCH):
            MODELS[kind]._default_manager.filter(point__in=[pk for pk, _ in differing[start : start + BATCH]]).delete()
        _create(kind, differing)


def _create(kind: str, points: Iterable[tuple[uuid.UUID, PointValues]]) -> None:
    rows = [row for pk, values in points for row in _rows(kind, pk, values)]
    if rows:
        MODELS[kind]._default_manager.bulk_create(rows, batch_size=BATCH)


def _rows(kind: str, point_id: uuid.UUID, values: PointValues) -> Iterator[Model]:
    for position, item in enumerate(getattr(values, kind)):
        yield MODELS[kind](point_id=point_id, position=position, **_fields(kind, item))


def _fields(kind: str, item: Any) -> dict[str, Any]:
    match kind:
        case "search_terms":
            return {"term": item}
        case "recommended_attributes":
            return {"name": item}
        case _:
            return dict(vars(item))


def forget(point: ContactPoint) -> None:
    """Drop what was prefetched of a point, so that its lists are read anew."""
    getattr(point, "_prefetched_objects_cache", {}).clear()

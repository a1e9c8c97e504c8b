"""The order of siblings made of whole positions that are free: what a draft or an undo asks for, ready to be written.

In memory something is put between two siblings by any number between theirs. The database wants whole ones, each
once among the siblings, and statement by statement: none that another sibling still has.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from contacts.loading import Structure
from contacts.positions import GAP

Parent = uuid.UUID | None
Key = TypeVar("Key")


def settle(before: Structure, after: Structure) -> None:
    """Give everything in `after` that stands elsewhere than in `before` a whole position that is free, in its order.

    Where there is no room between two siblings, all of them get new positions.
    """
    groups: dict[Parent, list[tuple[float, uuid.UUID]]] = defaultdict(list)
    for node in after.groups.values():
        groups[node.parent_id].append((node.position, node.id))
    taken: dict[Parent, set[float]] = defaultdict(set)
    for node in before.groups.values():
        taken[node.parent_id].add(node.position)
    old = {(node.id, node.parent_id): node.position for node in before.groups.values()}
    for parent, rows in groups.items():
        kept = {pk: old.get((pk, parent)) for _position, pk in rows}
        for pk, position in _settled(rows, kept, taken[parent]).items():
            after.groups[pk].position = position
    _settle_places(before, after)


def _settle_places(before: Structure, after: Structure) -> None:
    places: dict[Parent, list[tuple[float, uuid.UUID]]] = defaultdict(list)
    for node in after.points.values():
        for group_id in node.group_ids:
            places[group_id].append((after.place.get((node.id, group_id), 0), node.id))
    taken: dict[Parent, set[float]] = defaultdict(set)
    for (_pk, group_id), position in before.place.items():
        taken[group_id].add(position)
    for group_id, rows in places.items():
        kept = {pk: before.place.get((pk, group_id)) for _position, pk in rows}
        for pk, whole in _settled(rows, kept, taken[group_id]).items():
            after.place[pk, group_id] = whole


def _settled(rows: list[tuple[float, Key]], kept: dict[Key, float | None], taken: set[float]) -> dict[Key, int]:
    """Return new positions of the siblings that need one; `rows` are (wanted position, key), 0 for last.

    `kept` is where each stood before, None for one that is new here.
    """
    if all(kept[key] == position for position, key in rows):
        return {}
    last = max((position for position, _key in rows), default=0) + GAP
    ordered = sorted(((position or last, number, key) for number, (position, key) in enumerate(rows)))
    siblings = [key for _position, _number, key in ordered]
    wanted = {key: position for position, key in rows}
    staying = {key for key in siblings if wanted[key] and kept[key] == wanted[key]}
    made: dict[Key, int] = {}
    low = 0
    run: list[Key] = []
    for key in siblings:
        if key not in staying:
            run.append(key)
            continue
        high = int(wanted[key])
        if not _spread(run, low, high, taken, made):
            return _anew(siblings, taken)
        low, run = high, []
    _append(run, low, taken, made)
    return made


def _spread(run: list[Key], low: int, high: int, taken: set[float], made: dict[Key, int]) -> bool:
    """Put `run` between two positions; False when there is no room for it."""
    step = (high - low) // (len(run) + 1)
    found = [low + step * number for number in range(1, len(run) + 1)]
    if run and (step < 1 or taken.intersection(found)):
        found = [position for position in range(low + 1, high) if position not in taken][: len(run)]
    made.update(zip(run, found, strict=False))
    return len(found) >= len(run)


def _append(run: list[Key], low: int, taken: set[float], made: dict[Key, int]) -> None:
    for key in run:
        low += GAP
        while low in taken:
            low += 1
        made[key] = low


def _anew(siblings: Iterable[Key], taken: set[float]) -> dict[Key, int]:
    start = int(max(taken, default=0))
    return {key: start + GAP * number for number, key in enumerate(siblings, start=1)}

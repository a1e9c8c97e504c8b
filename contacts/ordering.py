"""What stands elsewhere among its siblings in one structure than in another.

Positions say nothing by themselves, for they are renumbered where there is no room. So the order is compared: of the
siblings that stand in the same group in both, the fewest that must be moved to get from one order to the other.
"""

import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from contacts.loading import Structure

Parent = uuid.UUID | None
# "3/7": the third of seven, before and after.
Numbers = tuple[str, str]
LAST = float("inf")


def moved(before: Structure, after: Structure, *, groups: bool) -> dict[uuid.UUID, list[Numbers]]:
    """Return what was moved among its siblings: for each of its places that this concerns, the numbers there.

    `groups` says whether groups are compared, or points.
    """
    concerned = set(_concerned(before, after, groups=groups))
    if not concerned:
        return {}
    olds, news = _ordered(before, concerned, groups=groups), _ordered(after, concerned, groups=groups)
    found: dict[uuid.UUID, list[Numbers]] = defaultdict(list)
    for parent, new in news.items():
        old = olds.get(parent, [])
        if old == new or len(old) < 2:
            continue
        there = {pk: number for number, pk in enumerate(old, start=1)}
        here = {pk: number for number, pk in enumerate(new, start=1)}
        common = [pk for pk in new if pk in there]
        staying = set(longest_rise([there[pk] for pk in common]))
        for pk in common:
            if there[pk] not in staying:
                found[pk].append((f"{there[pk]}/{len(old)}", f"{here[pk]}/{len(new)}"))
    return found


def _concerned(before: Structure, after: Structure, *, groups: bool) -> Iterator[Parent]:
    """Yield the groups in which something has another position than before; the order of all others is the same."""
    if groups:
        for pk, group in after.groups.items():
            old = before.groups.get(pk)
            if old is not None and old.position != group.position and old.parent_id == group.parent_id:
                yield group.parent_id
    else:
        for key, position in after.place.items():
            if before.place.get(key, position) != position:
                yield key[1]


def _ordered(structure: Structure, concerned: Collection[Parent], *, groups: bool) -> dict[Parent, list[uuid.UUID]]:
    rows: dict[Parent, list[tuple[float, str, uuid.UUID]]] = defaultdict(list)
    if groups:
        for group in structure.groups.values():
            if group.parent_id in concerned:
                rows[group.parent_id].append((group.position or LAST, group.values.name, group.id))
    else:
        for point in structure.points.values():
            for group_id in point.group_ids:
                if group_id in concerned:
                    place = structure.place.get((point.id, group_id), 0) or LAST
                    rows[group_id].append((place, point.values.name, point.id))
    return {parent: [pk for _position, _name, pk in sorted(siblings)] for parent, siblings in rows.items()}


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the longest row of rising numbers among them, in their order."""
    ends: list[int] = []  # the smallest last number of a rising row of each length
    lengths: list[int] = []
    for number in numbers:
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        lengths.append(length)
    rise: list[int] = []
    wanted = len(ends) - 1
    for number, length in zip(reversed(numbers), reversed(lengths), strict=True):
        if length == wanted:
            rise.append(number)
            wanted -= 1
    return rise

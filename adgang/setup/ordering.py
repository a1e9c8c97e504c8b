"""Positions for siblings in the order of a file: whatever stands in that order already keeps its own."""

import uuid
from collections.abc import Mapping, Sequence

from contacts.ordering import longest_rise
from contacts.positions import GAP


def in_file_order(siblings: Sequence[uuid.UUID], there: Mapping[uuid.UUID, float]) -> dict[uuid.UUID, float]:
    """Return a position for each of `siblings`, rising; `there` is where those stand that stand here already.

    As few as possible are given another one. Positions in between are fractions, to be settled when they are written.
    """
    known = [pk for pk in siblings if pk in there]
    keeping = _rising(known, there)
    positions: dict[uuid.UUID, float] = {}
    last, waiting = 0.0, list[uuid.UUID]()
    for pk in siblings:
        if pk not in keeping:
            waiting.append(pk)
            continue
        step = (there[pk] - last) / (len(waiting) + 1)
        positions |= {one: last + step * number for number, one in enumerate(waiting, start=1)}
        last, waiting = there[pk], []
        positions[pk] = last
    return positions | {one: last + GAP * number for number, one in enumerate(waiting, start=1)}


def _rising(known: Sequence[uuid.UUID], there: Mapping[uuid.UUID, float]) -> set[uuid.UUID]:
    by_rank = {position: rank for rank, position in enumerate(sorted(there[pk] for pk in known))}
    kept = set(longest_rise([by_rank[there[pk]] for pk in known]))
    return {pk for pk in known if by_rank[there[pk]] in kept}

"""R4: every page asked as every role about the own, a delegated and a foreign organisation."""

from collections import Counter

from django.db import transaction

from benchmarks.registry import Measurement, benchmark
from organisations.rights import PrivilegeType
from tests import matrix


@benchmark("R4", "every URL × every role × own, delegated and foreign organisation; unknown looks like foreign")
def matched() -> Measurement:
    """Compare what becomes of every question with the role table, and foreign objects with unknown ones."""
    with matrix.quietly(), transaction.atomic():
        world = matrix.World()
        world.complete()
        told = Counter(
            answer.is_right
            for route in matrix.GUARDED
            for answer in (*matrix.answers(world, route), *matrix.limited_answers(world, route))
        )
        pairs = [
            *(pair for one in matrix.OF_ORGANISATIONS for pair in matrix.foreign_and_unknown_organisation(world, one)),
            *(pair for one in matrix.WITH_OBJECTS for pair in matrix.foreign_and_unknown_object(world, *one)),
        ]
        transaction.set_rollback(True)
    differing = sum(foreign != unknown for foreign, unknown in pairs)
    return Measurement(
        value=told[False] + differing,
        unit="differences",
        bar="none; foreign and unknown objects give the same status, body and query count",
        met=told[False] + differing == 0,
        notes=f"{len(matrix.GUARDED)} pages and {len(PrivilegeType)} roles: {told.total():,} questions, {told[False]} "
        f"answered otherwise than the role table says; {len(pairs):,} pairs of a foreign and an unknown object, "
        f"{differing} that can be told apart",
    )

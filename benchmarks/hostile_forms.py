"""R3C: every form and every query of the portal with every hostile value."""

from django.db import transaction

from benchmarks.registry import Measurement, benchmark
from tests import matrix
from tests.hostile_walk import Judge, Walk

BAR_SECONDS = 2.0


@benchmark("R3C", "every form and query with every hostile value")
def survived() -> Measurement:
    """Walk through every page; what the forms took is looked for, unescaped, on every page afterwards."""
    judge = Judge()
    with matrix.quietly(), transaction.atomic():
        world = matrix.World()
        walk = Walk(world, judge)
        walk.read(matrix.routes())
        walk.post(everything=True)
        walk.query(everything=True)
        taken = walk.plant()
        walk.crawl(everything=True)
        transaction.set_rollback(True)
    forms = sum(len(forms) for forms in walk.forms.values())
    seconds, where = judge.slowest
    return Measurement(
        value=len(judge.faults),
        unit="faults",
        bar=f"none; ≤ {BAR_SECONDS:.0f} s each",
        met=not judge.faults and seconds <= BAR_SECONDS,
        notes=f"{forms} forms of {len(walk.pages)} pages, {judge.asked:,} requests, slowest {seconds * 1000:.0f} ms "
        f"({where}); {len(taken)} forms took marks that were looked for afterwards"
        + "".join(f"; {fault[:300]}" for fault in judge.faults[:5]),
    )

"""P17: the set-up file of an authority with 10,000 contact points: what it would change."""

from benchmarks.registry import Measurement, benchmark, median_seconds

P17_BAR = 5.0
EDITED = 100  # points that the file describes otherwise than they are


@benchmark("P17", "plan of a set-up file with 10,000 contact points")
def planning() -> Measurement:
    """A file as it was exported, with the names of some points edited; reading, comparing, every check."""
    from django.utils import timezone

    from adgang.setup import documents
    from adgang.setup import planning as room
    from benchmarks import importing
    from contacts import importing as contacts
    from tests.factories.contacts import CALLER

    org = importing.authority()
    contacts.apply(caller=CALLER, organisation=org, content=importing.content_of_file())
    exported = documents.export(org)
    edited = exported.replace("- point: ", "- point: Ny ", EDITED).encode()
    at = timezone.now()
    plan = room.plan(org, edited, at=at)
    seconds = median_seconds(lambda: room.plan(org, edited, at=at), repeat=3)
    export = median_seconds(lambda: documents.export(org), repeat=3)
    return Measurement(
        value=round(seconds, 2),
        unit="s",
        bar=f"≤ {P17_BAR:.0f} s",
        met=seconds <= P17_BAR and len(plan.changes) == EDITED and not plan.refused,
        notes=(
            f"{len(plan.before.points):,} points in {len(plan.before.groups):,} groups, {len(edited) / 1e6:.1f} MB, "
            f"{len(plan.changes)} changes found; the export takes {export:.2f} s"
        ),
    )

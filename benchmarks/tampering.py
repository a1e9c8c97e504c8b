"""R6: an event log that is tampered with: what is found, whether with the first broken entry, and at what speed."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.registry import Measurement, benchmark, seconds

if TYPE_CHECKING:
    from organisations.models import Organisation

ENTRIES, PRUNED = 3_000, 500
PLACE = 1_700  # the entry that is tampered with


@benchmark("R6", "tampering with the event log: rows changed, removed, inserted, reordered; the stump")
def tampering() -> Measurement:
    """Tamper in every way, each on a chain of its own, and look whether the walk names the entry."""
    from django.db import connection

    found, untouched = [], chain()
    from organisations.verifying import verify

    took = seconds(lambda: verify(untouched.pk))
    is_clean = verify(untouched.pk).broken is None
    for name, (act, place) in ACTS.items():
        owner = chain()
        act(owner)
        broken = verify(owner.pk).broken
        found.append((name, broken is not None and broken.seq == place))
    missed = [name for name, is_found in found if not is_found]
    return Measurement(
        value=sum(is_found for _name, is_found in found),
        unit=f"of {len(found)}",
        bar="all found, with the first broken entry",
        met=not missed and is_clean,
        notes=(
            f"{connection.vendor}, chains of {ENTRIES:,} entries, the {PRUNED} oldest of each behind a signed stump: "
            f"{', '.join(ACTS)}. An untouched chain is {'found untouched' if is_clean else 'NOT FOUND UNTOUCHED'}; "
            f"{(ENTRIES - PRUNED) / took:,.0f} entries/s are walked"
            + (f". Missed: {', '.join(missed)}" if missed else "")
        ),
    )


def chain() -> "Organisation":
    """Return an organisation with a chain, its oldest entries pruned."""
    from django.db import transaction
    from django.utils import timezone

    from organisations import event_pruning, events
    from organisations.callers import Caller
    from organisations.event_tags import Tag
    from organisations.models import Organisation

    number = Organisation.objects.count()
    owner = Organisation.objects.create(name=f"Myndighed {number}", cvr_number=f"{30_000_000 + number}")
    caller = Caller.command("benchmark")
    entry = events.Entry(
        tag=Tag.ORGANISATION_CHANGED, obj=owner, before={"name": "A"}, after={"name": "B", "legal_contact_name": "Bo"}
    )
    old = timezone.now() - dt.timedelta(days=800)
    with transaction.atomic(), events.told_of(old):
        events.record_all(caller, [(owner, entry)] * PRUNED)
    with transaction.atomic():
        events.record_all(caller, [(owner, entry)] * (ENTRIES - PRUNED - 1))
    event_pruning.prune(caller=caller, organisation_id=owner.pk, before=old + dt.timedelta(days=1))
    return owner


def rows(owner: "Organisation") -> Any:
    """Return the entries of a chain."""
    from organisations.models import Event

    return Event.objects.filter(organisation_id=owner.pk)


def unlocked(act: Callable[["Organisation"], object]) -> Callable[["Organisation"], None]:
    """Return an act of whoever owns the database: past the triggers."""

    def run(owner: "Organisation") -> None:
        from organisations import event_guard

        with event_guard.unlocked():
            act(owner)

    return run


@unlocked
def change(owner: "Organisation") -> None:
    """Change what an entry says."""
    one = rows(owner).get(seq=PLACE)
    rows(owner).filter(seq=PLACE).update(payload=one.payload.replace('"B"', '"C"'))


@unlocked
def change_column(owner: "Organisation") -> None:
    """Change a column that the log is filtered by."""
    rows(owner).filter(seq=PLACE).update(tag="TERMS_ACCEPTED")


@unlocked
def remove(owner: "Organisation") -> None:
    """Remove an entry."""
    rows(owner).filter(seq=PLACE - 1).delete()


@unlocked
def insert(owner: "Organisation") -> None:
    """Put a copy of an entry in between, and move the others on."""
    from django.db.models import F

    copy = rows(owner).get(seq=PLACE - 1)
    rows(owner).filter(seq__gte=PLACE).update(seq=F("seq") + 1_000_000)
    rows(owner).filter(seq__gte=PLACE).update(seq=F("seq") - 999_999)
    copy.pk, copy.seq = None, PLACE
    copy.save(force_insert=True)


@unlocked
def reorder(owner: "Organisation") -> None:
    """Let two entries change places."""
    for old, new in ((PLACE, 10_000_000), (PLACE + 1, PLACE), (10_000_000, PLACE + 1)):
        rows(owner).filter(seq=old).update(seq=new)


@unlocked
def cut(owner: "Organisation") -> None:
    """Cut the end off."""
    rows(owner).filter(seq__gte=PLACE).delete()


def change_detail(owner: "Organisation") -> None:
    """Change a personal value, which stands beside the chain."""
    from organisations.models import EventDetail

    EventDetail.objects.filter(event_id=rows(owner).get(seq=PLACE).pk).update(value='"En anden"')


def move_stump(owner: "Organisation") -> None:
    """Let the chain begin earlier than it does."""
    from organisations.models import EventStump

    EventStump.objects.filter(pk=owner.pk).update(seq=PRUNED - 1)


@unlocked
def prune_alone(owner: "Organisation") -> None:
    """Cut the beginning off and leave the stump of an earlier cut."""
    rows(owner).filter(seq__lte=PRUNED + 10).delete()


ACTS: dict[str, tuple[Callable[["Organisation"], None], int]] = {
    "a changed entry": (change, PLACE),
    "a changed column": (change_column, PLACE),
    "a removed entry": (remove, PLACE),
    "an inserted entry": (insert, PLACE),
    "two that changed places": (reorder, PLACE),
    "a cut end": (cut, PLACE),
    "a changed personal value": (change_detail, PLACE),
    "a moved stump": (move_stump, PRUNED - 1),
    "a cut beginning": (prune_alone, PRUNED + 11),
}

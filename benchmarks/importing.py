"""P6: a file of 10,000 contact points in 2,000 groups: dry run and import, with its event."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.registry import Measurement, benchmark, median_pair

if TYPE_CHECKING:
    from organisations.models import Organisation

GROUPS = 2_000
POINTS = 10_000
P6_BAR = 4.0
AREAS = ("Borger", "Erhverv", "Skole", "Sundhed", "Miljø", "Plan", "Kultur", "Social")
SUBJECTS = (
    "ydelser",
    "ansøgninger",
    "tilladelser",
    "tilskud",
    "klager",
    "oplysninger",
    "betaling",
    "bolig",
    "pleje",
    "børn",
)
WORDS = (
    "hjælp",
    "penge",
    "pas",
    "bolig",
    "skat",
    "barsel",
    "dagpenge",
    "kørekort",
    "affald",
    "vej",
    "lokalplan",
    "tilsyn",
)


@benchmark("P6", "import 10,000 contact points from CSV: dry run and import, with the event")
def importing() -> Measurement:
    """Both beside the bare `bulk_create` of the same rows in every table that the import writes."""
    from contacts import importing as room
    from tests.factories.contacts import CALLER

    org, content = authority(), content_of_file()
    rows = rows_written(org, content)

    def both() -> None:
        room.dry_run(organisation=org, content=content)
        room.apply(caller=CALLER, organisation=org, content=content)

    seconds, floor = median_pair(undone(both), undone(lambda: create(rows)), repeat=5)
    written = {model.__name__: len(made) for model, made in rows}
    return Measurement(
        value=round(seconds, 2),
        unit="s",
        reference=round(floor, 2),
        bar=f"≤ {P6_BAR:.0f} ×",
        met=seconds <= P6_BAR * floor,
        notes=f"{len(content) // 1024} KB of CSV; rows: " + ", ".join(f"{n:,} {name}" for name, n in written.items()),
    )


def authority() -> "Organisation":
    """Return an organisation with a default recipient and nothing else."""
    from tests.factories.organisations import organisation
    from tests.factories.systems import system

    org = organisation()
    system(organisation=org, name="Postsystem", active=True, is_default_recipient=True)
    return org


def content_of_file() -> bytes:
    """Return the file: the same words in the same places every time."""
    chance = random.Random(6)
    paths = [()]
    names: set[tuple[str, ...]] = set()
    while len(names) < GROUPS:
        over = chance.choice(paths)
        if len(over) < 8:
            path = (*over, f"{chance.choice(AREAS)} og {chance.choice(SUBJECTS)} {len(names)}")
            names.add(path)
            paths.append(path)
    lines = ["type;gruppe;navn;beskrivelse;målgrupper;søgeord;koder;ekstra oplysninger"]
    # A point in each group first, so that every group is made.
    for number, path in enumerate([*paths[1:], *chance.choices(paths[1:], k=POINTS - GROUPS)]):
        subject, terms = chance.choice(SUBJECTS), "|".join(chance.sample(WORDS, 3))
        lines.append(
            f"punkt;{' / '.join(path)};{subject.capitalize()} {number};Her kan du skrive om {subject}.;"
            f"borger|virksomhed;{terms};KLE:{number % 90 + 10}.{number % 80 + 10}.{number % 70 + 10};Sagsnummer"
        )
    return "\r\n".join(lines).encode()


def rows_written(org: "Organisation", content: bytes) -> list[tuple[type, list[object]]]:
    """Return the rows that the import of the file writes, by model, read back from the database."""
    from django.db import transaction

    from contacts import importing as room
    from contacts.models import (
        ContactGroup,
        ContactPoint,
        ContactPointCode,
        Placement,
        RecommendedAttribute,
        SearchTerm,
    )
    from tests.factories.contacts import CALLER

    with transaction.atomic():
        room.apply(caller=CALLER, organisation=org, content=content)
        mine = {"organisation": org}
        rows: list[tuple[type, list[object]]] = [
            (ContactGroup, list(ContactGroup.objects.filter(**mine).order_by("created", "pk"))),
            (ContactPoint, list(ContactPoint.objects.filter(**mine))),
            (Placement, list(Placement.objects.filter(**mine))),
        ]
        for model in (ContactPointCode, SearchTerm, RecommendedAttribute):
            rows.append((model, list(model.objects.filter(point__organisation=org))))
        transaction.set_rollback(True)
    return rows


def create(rows: list[tuple[type, list[object]]]) -> None:
    """Write the rows, and nothing but the rows."""
    for model, made in rows:
        model._default_manager.bulk_create(made, batch_size=500)


def undone(work: Callable[[], None]) -> Callable[[], None]:
    """Return the same work, taken back at its end."""
    from django.db import transaction

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run

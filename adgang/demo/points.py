"""Loads the demo's contact structure the way an authority would: from a CSV file, in one import."""

import uuid
from collections.abc import Mapping

from adgang.demo.equipping import DemoFailed
from adgang.demo.people import DOMAIN
from adgang.demo.structure import DemoPoint, demo_points
from adgang.lib.exports import csv_lines
from adgang.lib.findings import Severity
from contacts import importing
from contacts.cells import path_text
from organisations.callers import Caller
from organisations.models import Organisation
from systems.models import System

HEADER = [
    *"type gruppe navn beskrivelse målgrupper aktiv synlig modtagersystem søgeord koder".split(),  # noqa: SIM905
    "id i digital post",
]
AUDIENCE_WORDS = {"CITIZEN": "borger", "COMPANY": "virksomhed", "AUTHORITY": "myndighed"}
# Which system of the demo receives what is written in a top group; everything else goes to the default one.
SYSTEM_OF = {"Job og ydelser": "fagsystem", "By, bolig og miljø": "sagsbasen", "Fra den gamle postkasse": "gammel"}
# Contact points that have an ID in Digital Post, so that letters can carry it; the others' are provisional.
REGISTERED = ("Pas", "Kørekort", "Plads i SFO", "Anmeld flytning", "Teknisk Forvaltning", "Fælles postkasse")


def make_structure(*, caller: Caller, organisation: Organisation, systems: Mapping[str, System]) -> None:
    """Import the groups and points of the demo. Raises `DemoFailed` when the import refuses any of it."""
    points = demo_points()
    rows = [*_groups(points), *(_row(point, systems) for point in points)]
    content = "".join(csv_lines(HEADER, rows)).encode()
    try:
        importing.apply(caller=caller, organisation=organisation, content=content, create_anyway=True)
    except importing.ImportRefused as refusal:
        found = refusal.plan.found(Severity.ERROR)
        raise DemoFailed("; ".join(f"{one.row}: {one.finding.message}" for one in found)) from refusal


def _groups(points: list[DemoPoint]) -> list[list[str]]:
    paths = dict.fromkeys(point.path[:depth] for point in points for depth in range(1, len(point.path) + 1))
    return [["gruppe", path_text(path[:-1]), path[-1], *[""] * 8] for path in paths]


def _row(point: DemoPoint, systems: Mapping[str, System]) -> list[str]:
    system = systems[SYSTEM_OF.get(point.path[0], "postkasse")]
    return [
        "punkt",
        path_text(point.path),
        point.name,
        point.description,
        "|".join(AUDIENCE_WORDS[audience] for audience in point.audiences),
        "ja" if point.active else "nej",
        "ja" if point.visible else "nej",
        system.name,
        "|".join(point.terms),
        f"KLE:{point.code}" if point.code else "",
        str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://{DOMAIN}/{point.name}")) if point.name in REGISTERED else "",
    ]

"""The demo's letter types: imported from a CSV file as an authority would, with marks in every state."""

import uuid

from adgang.demo.equipping import DemoFailed
from adgang.demo.people import by
from adgang.lib.exports import csv_lines
from contacts import states
from contacts.models import ContactPoint
from memo import letter_import, letter_types
from memo.models import LetterType
from organisations.models import Organisation

# The one that has been taken over from, and by which: letter types that reply to it wait to follow.
REPLACED, SUCCESSOR = "Teknisk Forvaltning", "Spørg Borgerservice"
DELETED = "Nedlagt indgang"

HEADER = ["navn", "ansvarlig", "kan besvares", "kontaktpunkt", "svarfrist i dage", "koder", "handlinger"]
BOOK = "SELVBETJENING Bestil tid https://borger.eksempelkoebing.invalid/tid"
LETTERS = (
    ("Dit pas er klar", "Borgerservice", "ja", "Pas", "", "KLE:23.05.12", BOOK),
    ("Dit kørekort udløber", "Borgerservice", "ja", "Kørekort", "30", "KLE:05.14.20", BOOK),
    ("Plads i SFO", "Pladsanvisningen", "ja", "Plads i SFO", "14", "KLE:17.08.02", ""),
    ("Kvittering for flytning", "Borgerservice", "ja", "Anmeld flytning", "", "KLE:23.05.02", ""),
    ("Fripladstilskud bevilget", "Pladsanvisningen", "ja", "Økonomisk fripladstilskud", "14", "KLE:28.10.12", ""),
    ("Indskrivning til skole", "Skoleafdelingen", "ja", "Indskrivning til skole", "21", "KLE:17.04.02", ""),
    ("Svar på byggeansøgning", "Byg og Miljø", "ja", REPLACED, "28", "", ""),
    ("Rykker fra den fælles postkasse", "Økonomi", "ja", "Fælles postkasse", "10", "", ""),
    ("Høring i nabosag", "Byg og Miljø", "ja", "", "28", "", ""),
    ("Årsopgørelse for dagtilbud", "Pladsanvisningen", "nej", "", "", "", ""),
)
LEFT_BEHIND = "Brev fra den nedlagte forvaltning"


def make_letters(*, organisation: Organisation) -> None:
    """Make the letter types of the municipality. Raises `DemoFailed` when the import refuses any of them."""
    content = "".join(csv_lines(HEADER, LETTERS)).encode()
    plan = letter_import.dry_run(organisation=organisation, content=content)
    if plan.errors:
        raise DemoFailed("; ".join(f"{one.row}: {one.finding.message}" for one in plan.errors))
    letter_import.apply(caller=by("brita"), organisation=organisation, content=content, seen=plan.seen)
    _replace(organisation)
    left = LetterType(
        organisation=organisation, name=LEFT_BEHIND, reply_point_id=uuid.uuid4(), reply_point_name=DELETED
    )
    letter_types.create(caller=by("brita"), letter_type=left)


def _replace(organisation: Organisation) -> None:
    point = ContactPoint.objects.get(organisation=organisation, name=REPLACED)
    successor = ContactPoint.objects.get(organisation=organisation, name=SUCCESSOR)
    states.set_state(
        caller=by("karla"),
        point=point,
        new=states.State.REPLY_ONLY,
        replaced_by=successor.pk,
        version=point.version,
    )

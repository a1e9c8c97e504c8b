"""What the demo's operator has published, and how far its municipality has come with the process guide."""

import datetime as dt

from adgang.demo.people import by
from adgang.overview import deadlines, readiness
from adgang.overview.deadlines import Wanted
from adgang.overview.holidays import working_days_before
from organisations import announcements, materials
from organisations.models import Announcement, Deadline, Material, Organisation, ReadinessLine

SITE = "https://adgang.example.org"

TERMS = {
    "label": "2026-1",
    "text_da": (
        "Disse vilkår er opdigtede og gælder kun i demoen.\n\n"
        "1. Myndigheden udpeger mindst én brugeradministrator, der tildeler og fjerner rettigheder.\n\n"
        "2. Myndigheden holder certifikater og nøgler hemmelige og fornyer dem, inden de udløber.\n\n"
        "3. Myndigheden sørger for, at mindst ét kontaktpunkt er åbent, når den vil kunne kontaktes.\n\n"
        "4. Fratræder en medarbejder, fjernes medarbejderens rettigheder samme dag."
    ),
    "text_en": (
        "These terms are invented and hold in the demo only.\n\n"
        "1. The authority appoints at least one user administrator, who gives and takes roles.\n\n"
        "2. The authority keeps certificates and keys secret and renews them before they expire.\n\n"
        "3. The authority sees to it that at least one contact point is open when it wants to be written to.\n\n"
        "4. When an employee leaves, the employee's roles end the same day."
    ),
}

Kind = Material.Kind
# kind, step, Danish, English, path of the link or ""
MATERIALS = (
    (
        Kind.MATERIAL,
        0,
        "Procesguide til opsætning og tilslutning",
        "Process guide to setting up and connecting",
        "guide",
    ),
    (Kind.MATERIAL, 1, "Roller og rettigheder", "Roles and rights", "roller"),
    (Kind.MATERIAL, 2, "Teknisk integration", "Technical integration", "integration"),
    (Kind.MATERIAL, 3, "Skabelon til kontaktstruktur", "Template for the contact structure", "skabelon"),
    (Kind.CONTACT, 0, "Spørg driftsholdet", "Ask the operators", "kontakt"),
    (Kind.REQUIREMENT, 2, "Afsendersystemet danner gyldig MeMo", "The sender system makes valid MeMo", ""),
    (Kind.REQUIREMENT, 2, "Afsendersystemet læser kvitteringer", "The sender system reads receipts", ""),
    (Kind.REQUIREMENT, 2, "Modtagersystemet kan modtage MeMo", "The recipient system can receive MeMo", ""),
    (Kind.REQUIREMENT, 2, "Modtagersystemet kvitterer", "The recipient system sends receipts", ""),
    (Kind.REQUIREMENT, 3, "Hvert kontaktpunkt har en modtager", "Each contact point has a recipient", ""),
    (Kind.REQUIREMENT, 3, "Navne er til at forstå for borgere", "Names can be understood by citizens", ""),
)

ANNOUNCED_AGO = dt.timedelta(days=9)
ANNOUNCED = {
    "level": Announcement.Level.WARNING,
    "title_da": "Kontroller af SFTP blev udført for sent",
    "title_en": "Checks of SFTP were carried out late",
    "text_da": "Mellem kl. 9 og 11 blev planlagte kontroller af SFTP-systemer udført op til en time for sent. "
    "Ingen tilstand er forkert, og I skal ikke gøre noget.",
    "text_en": "Between 9 and 11 scheduled checks of SFTP systems were carried out up to an hour late. "
    "No state is wrong, and you need not do anything.",
}
State = ReadinessLine.State
# key, state, evidence, responsible person, days until due
LINES = (
    ("package_6", State.CONFIRMED, "Gennemgået med ledelsen.", "Olga Opstart", None),
    ("package_3", State.CONFIRMED, "Afsendersystemerne er omlagt.", "Sigurd Systemsen", None),
    ("package_4", State.CONFIRMED, "Modtagersystemerne er omlagt.", "Sigurd Systemsen", None),
    ("identification", State.ORDERED, "Bestilt i MitID Erhverv i sidste uge.", "Olga Opstart", 10),
    ("system_requirements", State.MISSING, "", "Sigurd Systemsen", 14),
    ("package_5", State.CONFIRMED, "Vedtaget i direktionen.", "Karla Kontaktpunkt", None),
    ("letters_marked", State.MISSING, "", "Brita Brevsen", 40),
)
OWN_LINE = "Fortæl Borgerservice, hvornår den nye kontaktstruktur træder i kraft"
GO_LIVE_IN = dt.timedelta(days=75)


def announce(*, at: dt.datetime) -> None:
    """Tell everybody, at that time and for two days, that something went wrong."""
    announced = Announcement(starts=at, until=at + dt.timedelta(days=2), **ANNOUNCED)
    announcements.publish(caller=by("frode"), announcement=announced, at=at)


def publish() -> None:
    """Show every authority the operator's materials, contacts and minimum requirements."""
    for position, (kind, step, danish, english, path) in enumerate(MATERIALS):
        url = f"{SITE}/{path}" if path else ""
        material = Material(kind=kind, step=step, title_da=danish, title_en=english, url=url, position=position)
        materials.create(caller=by("frode"), material=material)


def prepare(*, organisation: Organisation, at: dt.datetime) -> None:
    """Set the municipality's deadlines and what its people have said of the lines of the guide."""
    today = at.date()
    proposal = deadlines.propose(working_days_before(today + GO_LIVE_IN, 1), today=today)
    wanted = {kind: Wanted(date, source="DIO") for kind, date in proposal.dates.items()}
    wanted[Deadline.Kind.ACCESS_OPENS] = Wanted(today - dt.timedelta(days=30), source="DIO")
    version = deadlines.plan_of(organisation).version
    deadlines.save(caller=by("olga"), organisation=organisation, wanted=wanted, version=version)
    for key, state, evidence, responsible, days in LINES:
        found = readiness.find(organisation, key)
        if found is None:
            raise KeyError(key)
        row = found[1]
        row.state, row.evidence, row.responsible_name = state, evidence, responsible
        row.responsible_email = f"{responsible.split()[0].lower()}@demo.adgang.invalid"
        row.due = today + dt.timedelta(days=days) if days else None
        readiness.save(caller=by("olga"), row=row, version=row.version)
    own = ReadinessLine(organisation=organisation, step=3, text=OWN_LINE, responsible_name="Karla Kontaktpunkt")
    own.responsible_email = "karla@demo.adgang.invalid"
    readiness.save(caller=by("karla"), row=own, version=own.version)

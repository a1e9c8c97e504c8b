"""The one table of the columns of a contact structure as CSV; import, export, template and documentation read it.

The columns bear Danish names, as do the words in their cells: the files live in Danish spreadsheets. A name is
recognised without regard to case, blanks, hyphens and underscores, and with ae, oe, aa for æ, ø, å.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import Finding, finding
from contacts import cells, codes
from contacts.rules import MAX_ATTACHMENTS
from contacts.texts import CONTROL, one_line, paragraphs
from contacts.values import GroupValues, Mailbox, PointValues

# What Danish and English spreadsheets show where a formula went wrong.
EXCEL_ERRORS = frozenset({"#I/T", "#N/A", "#NAVN?", "#NAME?", "#REF!", "#REFERENCE!", "#VÆRDI!", "#VALUE!"}) | {
    *("#DIVISION/0!", "#DIV/0!", "#NUM!", "#TAL!", "#NUL!", "#NULL!")
}
YES = frozenset(["ja", "j", "yes", "true", "sand", "1", "x"])
NO = frozenset(["nej", "n", "no", "false", "falsk", "0"])
AUDIENCES = {
    "borger": "for_citizens",
    "virksomhed": "for_companies",
    "myndighed": "for_authorities",
}
PLURALS = {"borgere": "borger", "virksomheder": "virksomhed", "myndigheder": "myndighed"}
MAX_ID = 2**63 - 1
MOST_DIGITS = 40  # of a number as somebody may write it; Python itself gives up at some thousands


class Kind(StrEnum):
    """What a row describes; the words are those of the type column."""

    GROUP = "gruppe"
    POINT = "punkt"


class Handling(StrEnum):
    """What is done with an object besides changing its values; the words are those of the handling column."""

    HIDE = "skjul"
    REPLY_ONLY = "kun retursvar"
    DELETE = "slet"


class Refused(Exception):
    """A cell cannot be read; `finding` says why and what to do."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.finding: Finding = finding(code, **params)


Read = Callable[[str], dict[str, Any]]
Write = Callable[[Any], str]
BOTH = frozenset(Kind)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `read` gives values by field from a cell, `write` the cell from a group's or point's values.

    Columns without `read` say where an object stands or what to do with it; `contacts.planning` reads them.
    `fields` are the fields that findings about the column's values name.
    """

    name: str
    help: str
    example: str
    kinds: frozenset[Kind] = BOTH
    fields: tuple[str, ...] = ()
    read: Read | None = None
    write: Write | None = None


def key(name: str) -> str:
    """Return the form of a column name in which it is recognised."""
    text = name.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[\s_\-]+", "", text)


def yes_no(text: str) -> bool:
    """Return what a cell says. Raises `Refused`."""
    word = text.strip().casefold()
    if word not in YES | NO:
        raise Refused("value.yes_no", value=text)
    return word in YES


def uuid_of(text: str) -> uuid.UUID | None:
    """Return the id in a cell, None for an empty one. Raises `Refused`."""
    if not text.strip():
        return None
    try:
        return uuid.UUID(text.strip())
    except ValueError as error:
        raise Refused("value.uuid", value=text) from error


def whole_number(text: str, largest: int) -> int:
    """Return the number in a cell. Raises `Refused`."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > MOST_DIGITS or int(digits) > largest:
        raise Refused("value.number", value=text, largest=largest)
    return int(digits)


def megabytes(text: str) -> Decimal | None:
    """Return the size in a cell, with comma or point, to two places; None for an empty one. Raises `Refused`."""
    if not text.strip():
        return None
    try:
        size = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise Refused("value.size", value=text) from error
    if not size.is_finite() or not 0 < size < MAX_SIZE or size != round(size, 2):
        raise Refused("value.size", value=text)
    return size.quantize(Decimal("0.01"))


MAX_SIZE = 10_000


def mailbox(text: str) -> Mailbox:
    """Return the former mailbox and topic in an entry. Raises `Refused`."""
    try:
        box, topic = (whole_number(part, MAX_ID) for part in text.split(":"))
    except (ValueError, Refused) as error:
        raise Refused("value.mailbox", value=text) from error
    return Mailbox(box, topic)


def audiences(text: str) -> dict[str, bool]:
    """Return the three target switches that a cell sets. Raises `Refused`."""
    chosen = dict.fromkeys(AUDIENCES.values(), False)
    for entry in cells.split_list(text.replace(",", cells.LIST)):
        word = entry.casefold()
        field_name = AUDIENCES.get(PLURALS.get(word, word))
        if field_name is None:
            raise Refused("value.audience", value=entry)
        chosen[field_name] = True
    return chosen


def size_text(size: Decimal | None) -> str:
    """Return a size as Danes write it, without zeros that say nothing; "" for None."""
    return "" if size is None else f"{size.normalize():f}".replace(".", ",")


def _text(field_name: str, clean: Callable[[str], str] = one_line) -> dict[str, Any]:
    def read(cell: str) -> dict[str, Any]:
        if CONTROL.search(cell):
            raise Refused("value.control")
        return {field_name: clean(cell)}

    return {"fields": (field_name,), "read": read, "write": lambda values: getattr(values, field_name)}


def _switch(field_name: str) -> dict[str, Any]:
    return {
        "fields": (field_name,),
        "read": lambda cell: {field_name: yes_no(cell)} if cell.strip() else {},
        "write": lambda values: "ja" if getattr(values, field_name) else "nej",
    }


def _list(field_name: str, read: Callable[[str], Any], write: Callable[[Any], str]) -> dict[str, Any]:
    return {
        "fields": (field_name,),
        "read": lambda cell: {field_name: tuple(read(entry) for entry in cells.split_list(cell))},
        "write": lambda values: cells.join_list(write(entry) for entry in getattr(values, field_name)),
    }


def _id(field_name: str) -> dict[str, Any]:
    return {
        "fields": (field_name,),
        "read": lambda cell: {field_name: uuid_of(cell)},
        "write": lambda values: str(getattr(values, field_name) or ""),
    }


POINTS = frozenset([Kind.POINT])
GROUPS = frozenset([Kind.GROUP])

COLUMNS: tuple[Column, ...] = (
    Column(name="type", help=_("gruppe or punkt; empty means punkt."), example="punkt"),
    Column(
        name="id",
        help=_("With an ID the row changes that group or contact point; without one it creates a new one."),
        example="6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11",
    ),
    Column(
        name="gruppe",
        help=_(
            "Where it stands: names from the top with / between, several places with | between, empty for the top "
            "level. Groups that do not exist are created. Write / and | inside a name as \\/ and \\|."
        ),
        example="Borger / Ydelser | Ungdom",
    ),
    Column(name="navn", help=_("The name that writers see."), example="Kontanthjælp", **_text("name")),
    Column(
        name="beskrivelse",
        help=_("One or two sentences that writers see under the name."),
        example="Her kan du skrive om kontanthjælp.",
        **_text("description", paragraphs),
    ),
    Column(
        name="intern note",
        help=_("A note that only you see."),
        example="Passes af team 3",
        kinds=POINTS,
        **_text("internal_description", paragraphs),
    ),
    Column(
        name="målgrupper",
        help=_("Who may write: borger, virksomhed, myndighed, with | between."),
        example="borger|virksomhed",
        kinds=POINTS,
        fields=tuple(AUDIENCES.values()),
        read=audiences,
        write=lambda values: cells.LIST.join(word for word, name in AUDIENCES.items() if getattr(values, name)),
    ),
    Column(name="aktiv", help=_("ja or nej."), example="ja", kinds=POINTS, **_switch("active")),
    Column(name="synlig", help=_("ja or nej."), example="ja", kinds=POINTS, **_switch("visible")),
    Column(
        name="modtagersystem",
        help=_("Name or ID of the recipient system; empty on a new row means your default recipient system."),
        example="Postsystem",
        kinds=POINTS,
        fields=("system",),
        write=lambda values: values.system.name,
    ),
    Column(
        name="søgeord",
        help=_("Words under which writers find it, with | between."),
        example="kontanthjælp|penge|hjælp",
        kinds=POINTS,
        **_list("search_terms", one_line, str),
    ),
    Column(
        name="koder",
        help=_(
            "KLE, FORM, GLN, SOR or CUSTOM with a colon before the code, with | between; a version, a name and (for "
            "CUSTOM) a label may follow, with colons between."
        ),
        example="KLE:32.24.04|GLN:5790000000005|CUSTOM:B12:::Afdeling",
        kinds=POINTS,
        **_list("codes", codes.parse, codes.write),
    ),
    Column(
        name="ekstra oplysninger",
        help=_("What writers are asked for, with | between; a message carries the first two."),
        example="Sagsnummer|Matrikelnummer",
        kinds=POINTS,
        **_list("recommended_attributes", one_line, str),
    ),
    Column(
        name="link overskrift",
        help=_("Heading of a link to self-service."),
        example="Selvbetjening",
        kinds=POINTS,
        **_text("report_link_label"),
    ),
    Column(
        name="link beskrivelse",
        help=_("Text before the link."),
        example="Du kan søge med det samme.",
        kinds=POINTS,
        **_text("report_link_description"),
    ),
    Column(
        name="link",
        help=_("The address, beginning with https://."),
        example="https://www.example.dk/kontanthjaelp",
        kinds=POINTS,
        **_text("report_link_url"),
    ),
    Column(
        name="link tekst",
        help=_("Text on the link."),
        example="Søg kontanthjælp",
        kinds=POINTS,
        **_text("report_link_text"),
    ),
    Column(
        name="største besked i mb",
        help=_("The largest message that may be sent, in MB; empty for no limit of your own."),
        example="25",
        kinds=POINTS,
        fields=("memo_size_threshold_mb",),
        read=lambda cell: {"memo_size_threshold_mb": megabytes(cell)},
        write=lambda values: size_text(values.memo_size_threshold_mb),
    ),
    Column(
        name="antal vedhæftninger",
        help=_("The largest number of attachments; 0 for none at all, empty for no limit of your own."),
        example="5",
        kinds=POINTS,
        fields=("allowed_number_of_attachments",),
        read=lambda cell: {
            "allowed_number_of_attachments": whole_number(cell, MAX_ATTACHMENTS) if cell.strip() else None
        },
        write=lambda values: (
            "" if values.allowed_number_of_attachments is None else str(values.allowed_number_of_attachments)
        ),
    ),
    Column(
        name="postkasse og emne",
        help=_("IDs of former mailboxes and topics with a colon between, several with | between."),
        example="1234:56|1234:57",
        kinds=POINTS,
        **_list("translations", mailbox, lambda box: f"{box.postkasse_id}:{box.postkasse_emne_id}"),
    ),
    Column(
        name="postkasser",
        help=_("IDs of a group's former mailboxes, with | between."),
        example="1234|1235",
        kinds=GROUPS,
        **_list("postkasse_ids", lambda entry: whole_number(entry, MAX_ID), str),
    ),
    Column(
        name="organisatorisk enhed",
        help=_("ja when a group is an organisational unit, else nej."),
        example="nej",
        kinds=GROUPS,
        **_switch("organisational_unit"),
    ),
    Column(
        name="id i digital post",
        help=_("The ID that it has in Digital Post, when it is registered there."),
        example="2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20",
        **_id("registry_id"),
    ),
    Column(
        name="erstattes af",
        help=_("ID of the contact point that takes over."),
        example="9a3c0f52-94a5-4f0e-8f5e-2d6d3f1b7c44",
        kinds=POINTS,
        **_id("replaced_by"),
    ),
    Column(
        name="handling",
        help=_("skjul, kun retursvar or slet. Rows that are absent from the file are never touched."),
        example="kun retursvar",
    ),
)

BY_KEY = {key(column.name): column for column in COLUMNS}
BY_NAME = {column.name: column for column in COLUMNS}
BY_FIELD = {field_name: column.name for column in COLUMNS for field_name in column.fields}
EXPORTED = tuple(column for column in COLUMNS if column.name != "handling")


def cell(column: Column, kind: Kind, values: GroupValues | PointValues) -> str:
    """Return what stands in a column of values, "" where the column is not for that kind."""
    return column.write(values) if column.write and kind in column.kinds else ""

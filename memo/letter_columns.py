"""The one table of the columns of letter types as CSV; import, export and template read it.

As in the files of the contact structure, columns and words are Danish, for the files live in Danish spreadsheets. An
action is written code, words, address with blanks between: `SELVBETJENING Ansøg nu https://example.dk/`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop as _

from adgang.lib.findings import Finding
from contacts import cells, codes
from contacts.csv_columns import Column, Refused, key, whole_number, yes_no
from contacts.texts import CONTROL, one_line
from memo import letter_values
from memo.letter_list import point_name
from memo.letter_values import ActionValue
from memo.models import MAX_DAYS, LetterType

ID, NAME, POINT, SYSTEM, HANDLING = "id", "navn", "kontaktpunkt", "afsendersystem", "handling"
DELETE = "slet"
MAX_EMAIL, MAX_NAME = 254, 200


def _refuse(fault: Finding | None) -> None:
    if fault:
        raise Refused(fault.code, **fault.params)


def _plain(text: str, longest: int) -> str:
    """Return a text on one line. Raises `Refused`."""
    if CONTROL.search(text):
        raise Refused("value.control")
    line = one_line(text)
    if len(line) > longest:
        raise Refused("value.long", length=len(line), longest=longest)
    return line


def _text(field_name: str, longest: int = MAX_NAME) -> dict[str, Any]:
    return {
        "fields": (field_name,),
        "read": lambda cell: {field_name: _plain(cell, longest)},
        "write": lambda one: str(getattr(one, field_name)),
    }


def _name(cell: str) -> dict[str, Any]:
    name = _plain(cell, MAX_NAME)
    if not name:
        raise Refused("value.missing")
    return {"name": name}


def _switch(field_name: str) -> dict[str, Any]:
    return {
        "fields": (field_name,),
        "read": lambda cell: {field_name: yes_no(cell)} if cell.strip() else {},
        "write": lambda one: "ja" if getattr(one, field_name) else "nej",
    }


def _email(cell: str) -> dict[str, Any]:
    text = _plain(cell, MAX_EMAIL)
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise Refused("letter.email", value=text) from error
    return {"responsible_email": text}


def _days(cell: str) -> dict[str, Any]:
    return {"reply_days": whole_number(cell, MAX_DAYS) if cell.strip() else None}


def _list(field_name: str, read: Callable[[str], str], write: Callable[[str], str] = str) -> dict[str, Any]:
    return {
        "fields": (field_name,),
        "read": lambda cell: {field_name: [read(entry) for entry in cells.split_list(cell)]},
        "write": lambda one: cells.join_list(map(write, getattr(one, field_name))),
    }


def _code(entry: str) -> str:
    code = codes.parse(entry)
    _refuse(letter_values.code_fault(code))
    return codes.write(code)


def action_of(entry: str) -> ActionValue:
    """Return the action of an entry: its first word, its last, and what stands between."""
    code, _blank, rest = entry.strip().partition(" ")
    label, _blank, url = rest.strip().rpartition(" ")
    return ActionValue(code.upper(), label.strip(), url)


def _action(entry: str) -> str:
    action = action_of(entry)
    _refuse(letter_values.action_fault(action))
    if letter_values.BETWEEN in action.label:
        raise Refused("letter.action.form", value=entry)
    return str(action)


def _action_text(text: str) -> str:
    action = letter_values.action(text)
    return " ".join(part for part in (action.code, action.label, action.url) if part)


def _asked(entry: str) -> str:
    return _plain(entry, letter_values.MAX_TEXT)


def _contact_info(cell: str) -> dict[str, Any]:
    labels = [_asked(entry) for entry in cells.split_list(cell)]
    if len(labels) > letter_values.MAX_CONTACT_INFO:
        raise Refused("value.many", count=len(labels), most=letter_values.MAX_CONTACT_INFO)
    return {"contact_info": labels}


COLUMNS: tuple[Column, ...] = (
    Column(
        name=ID,
        help=_("With an ID the row changes that letter type; without one it is known by its name, or new."),
        example="6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11",
        write=lambda one: str(one.pk),
    ),
    Column(
        name=NAME,
        help=_("What you call the letter."),
        example="Afgørelse om boligstøtte",
        fields=("name",),
        read=_name,
        write=lambda one: one.name,
    ),
    Column(
        name="ansvarlig",
        help=_("Who answers for the letter."),
        example="Ydelseskontoret",
        **_text("responsible_name"),
    ),
    Column(
        name="ansvarlig e-mail",
        help=_("Their e-mail."),
        example="ydelse@example.dk",
        fields=("responsible_email",),
        read=_email,
        write=lambda one: one.responsible_email,
    ),
    Column(
        name=SYSTEM,
        help=_("Name or ID of the sender system."),
        example="Brevsystem",
        fields=("sender_system",),
        write=lambda one: one.sender_system.name if one.sender_system else "",
    ),
    Column(
        name="kan besvares",
        help=_("ja or nej: whether the recipient can reply."),
        example="ja",
        **_switch("reply_allowed"),
    ),
    Column(
        name=POINT,
        help=_("Name or ID of the contact point that replies go to."),
        example="Boligstøtte",
        fields=("reply_point_id",),
        write=point_name,
    ),
    Column(
        name="svarfrist i dage",
        help=_("Days to reply, from the day the letter is sent; empty for no deadline."),
        example="14",
        fields=("reply_days",),
        read=_days,
        write=lambda one: "" if one.reply_days is None else str(one.reply_days),
    ),
    Column(name="obligatorisk", help=_("ja or nej: mandatory post."), example="nej", **_switch("mandatory")),
    Column(
        name="forkyndelse",
        help=_("ja or nej: legal notification."),
        example="nej",
        **_switch("legal_notification"),
    ),
    Column(
        name="posttype",
        help=_("What the letter carries as postType."),
        example="",
        **_text("post_type", letter_values.MAX_TEXT),
    ),
    Column(
        name="koder",
        help=_("KLE and FORM with a colon before the code, with | between."),
        example="KLE:32.03.02",
        **_list("codes", _code),
    ),
    Column(
        name="handlinger",
        help=_("What the recipient is offered: code, words, address with blanks between; several with | between."),
        example="SELVBETJENING Ansøg nu https://www.example.dk/",
        **_list("actions", _action, _action_text),
    ),
    Column(
        name="ekstra oplysninger",
        help=_("What writers are asked for, at most two with | between."),
        example="Sagsnummer",
        fields=("contact_info",),
        read=_contact_info,
        write=lambda one: cells.join_list(one.contact_info),
    ),
    Column(
        name=HANDLING,
        help=_("slet deletes the letter type. Rows that are absent from the file are never touched."),
        example=DELETE,
    ),
)

BY_KEY = {key(column.name): column for column in COLUMNS}
EXPORTED = tuple(column for column in COLUMNS if column.name != HANDLING)
# Left empty in the template: what they stand for differs from authority to authority.
BLANK = frozenset([ID, POINT, SYSTEM, HANDLING])


def cell(column: Column, letter_type: LetterType) -> str:
    """Return what stands in a column of a letter type that was read `with_point`."""
    return column.write(letter_type) if column.write else ""


def rows(letter_types: Iterable[LetterType]) -> Iterable[list[str]]:
    """Yield the rows of a file that changes nothing when it is imported again."""
    return ([cell(column, one) for column in EXPORTED] for one in letter_types)


def template() -> list[list[str]]:
    """Return the rows of a file to begin with: the names of all columns, and an example of each."""
    return [["" if column.name in BLANK else column.example for column in COLUMNS]]

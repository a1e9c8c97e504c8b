"""Types of the wire: names in camel case, values as the registry's generated clients write and read them.

Answers leave out what has no value. Requests write every property: null, the zero UUID, the first of January of the
year 1 and UNKNOWN all mean that nothing is set.
"""

import base64
import datetime as dt
import re
import uuid
from enum import Enum
from typing import Annotated, Any, TypeVar

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from adgang.lib.dates import YEARS

# Names that the rule for camel case does not make.
NAMES = {
    "delegated_cvr": "delegatedCVR",
    "memo_size_threshold_mb": "memoSizeThresholdMB",
    "message_uuid": "messageUUID",
    "sender_id": "senderID",
    "recipient_id": "recipientID",
    "postkasse_emne_ids": "postkasseEmnneIds",  # misspelt on the wire
}
ZERO = uuid.UUID(int=0)
UUID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
MOMENT_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
# What JSON can write and no database takes: a NUL, half a pair of surrogates.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def wire_name(name: str) -> str:
    """Return the name on the wire of a field of ours."""
    return NAMES.get(name) or to_camel(name)


class Wire(BaseModel):
    """Base of every schema of the API; fields bear our names, their aliases are those of the wire."""

    model_config = ConfigDict(alias_generator=wire_name, populate_by_name=True, extra="ignore", serialize_by_alias=True)


def _uuid(value: Any) -> uuid.UUID | None:
    if value is None or isinstance(value, uuid.UUID):
        return None if value == ZERO else value
    if not isinstance(value, str) or not UUID_FORM.fullmatch(value):
        raise ValueError(_("Write an ID of 36 characters."))
    found = uuid.UUID(value)
    return None if found == ZERO else found


def _moment(value: Any) -> dt.datetime | None:
    if value is None or isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not MOMENT_FORM.fullmatch(value):
        raise ValueError(_("Write a time such as 2026-11-23T14:05:00.000Z."))
    found = parse_datetime(value)
    if found is None:
        raise ValueError(_("Write a time such as 2026-11-23T14:05:00.000Z."))
    return None if not _is_meant(found) else found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _date(value: Any) -> dt.date | None:
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError(_("Write a date such as 2026-11-23."))
    found = parse_date(value)
    if found is None:
        raise ValueError(_("Write a date such as 2026-11-23."))
    return found if _is_meant(found) else None


def _is_meant(value: dt.date) -> bool:
    """Say whether a date is set: not the first or the last that a client's clock knows. Raises ValueError."""
    if value.year in (1, 9999):
        return False
    if value.year not in YEARS:
        raise ValueError(_("Write a year from 1900 to 2199"))
    return True


def _text(value: Any) -> Any:
    return UNSTORABLE.sub("", value) if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise ValueError(_("Write a whole number."))
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise ValueError(_("Write a number."))
    return value


def _flag(value: Any) -> Any:
    if not isinstance(value, bool | None):
        raise ValueError(_("Write true or false."))
    return value


def written(moment: dt.datetime) -> str:
    """Return a point in time as answers write it: UTC, with Z."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


# Of requests and answers alike: None is "not set" on the way in and left out on the way out.
Id = Annotated[uuid.UUID | None, BeforeValidator(_uuid)]
RequiredId = Annotated[uuid.UUID, BeforeValidator(_uuid)]
Moment = Annotated[
    dt.datetime | None,
    BeforeValidator(_moment),
    PlainSerializer(lambda at: at if isinstance(at, str) else at and written(at), return_type=str | None),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
]
Day = Annotated[dt.date | None, BeforeValidator(_date)]
Text = Annotated[str | None, BeforeValidator(_text)]
Int = Annotated[Annotated[int, Field(ge=-(2**31), lt=2**31)] | None, BeforeValidator(_whole)]
Long = Annotated[Annotated[int, Field(ge=-(2**63), lt=2**63)] | None, BeforeValidator(_whole)]
RequiredLong = Annotated[int, BeforeValidator(_whole), Field(ge=-(2**63), lt=2**63)]
Float = Annotated[float | None, BeforeValidator(_number)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Base64 = list[str] | None

EnumT = TypeVar("EnumT", bound=Enum)


def choice(kind: type[EnumT]) -> Any:
    """Return the type of a property that holds one value of an enumeration; UNKNOWN is not set."""
    return Annotated[
        kind | None,
        BeforeValidator(lambda value: _member(kind, value)),
        WithJsonSchema({"anyOf": [{"type": "string", "enum": list(kind)}, {"type": "null"}]}),
    ]


def choices(kind: type[EnumT]) -> Any:
    """Return the type of a property that holds a set of values; generated clients may write their index numbers."""
    item = {"anyOf": [{"type": "string", "enum": list(kind)}, _index_schema(kind)]}
    return Annotated[
        list[kind] | None,  # type: ignore[valid-type]
        BeforeValidator(lambda values: _members(kind, values)),
        WithJsonSchema({"anyOf": [{"type": "array", "items": item}, {"type": "null"}]}, mode="validation"),
        WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(kind)}}, mode="serialization"),
    ]


def _index_schema(kind: type[Enum]) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": len(kind) - 1, "description": "index of the value"}


def _member(kind: type[EnumT], value: Any) -> EnumT | None:
    if value is None or value == "UNKNOWN":
        return None
    if not isinstance(value, str) or value not in kind.__members__:
        raise ValueError(_("Known values are: %(known)s.") % {"known": ", ".join(map(str, kind))})
    return kind(value)


def _members(kind: type[EnumT], values: Any) -> list[EnumT] | None:
    if values is None:
        return None
    if not isinstance(values, list | tuple):
        raise ValueError(_("Write a list."))
    members = list(kind)
    found: list[EnumT | None] = []
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(members):
            value = members[value]
        found.append(_member(kind, value))
    return list(dict.fromkeys(one for one in found if one is not None))


def base64_list(raw: bytes) -> list[str]:
    """Return bytes as the registry writes them: base64, inside a list of one."""
    return [base64.b64encode(raw).decode("ascii")]


class Person(Wire):
    """A person to turn to."""

    id: Id = None
    version: Long = None
    name: Text = None
    email: Text = None
    phone_number: Text = None


class ResultPage(Wire):
    """A page of what was found; `current_page` counts from 0, and `next` fetches the page that follows."""

    current_page: Int = None
    next: Text = None
    total_pages: Int = None
    elements_on_page: Int = None
    total_elements: Long = None


class FieldErrorResource(Wire):
    """What is wrong with one property or parameter."""

    resource: Text = None
    field: Text = None
    code: Text = None
    message: Text = None
    rejected_value: Any = None


class ErrorMessage(Wire):
    """The body of every answer that is no success."""

    code: str
    message: str
    field_errors: list[FieldErrorResource] = []

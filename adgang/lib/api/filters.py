"""Conditions of a search: values divided by commas, prefixes | (or), & (and), ! (not), * as a wildcard in texts."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from adgang.lib.api.wire import UUID_FORM
from adgang.lib.dates import YEARS

# +01:00, +0100 and Z all mean an offset.
OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
LARGEST = 2**63 - 1


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    ID = "uuid"
    FLAG = "boolean"
    NUMBER = "integer"
    MOMENT = "date-time"
    DAY = "date"


@dataclass(frozen=True)
class Column:
    """A field by which a resource is filtered and sorted: its path in the database and what it holds.

    `values` maps what the wire writes to what the database holds, where they differ.
    """

    path: str
    kind: Kind = Kind.TEXT
    sortable: bool = True
    values: Mapping[str, object] | None = None

    def where(self, text: str) -> Q:
        """Return the condition that the query's value makes. Raises ValueError."""
        if (self.values is not None or self.kind is not Kind.TEXT) and not text.strip(", "):
            return self._one(text)  # nothing is no ID, number or date
        return one_of(text, self._one)

    @property
    def schema(self) -> dict[str, object]:
        """How a single value is described; lists and prefixes are told beside it."""
        if self.values is not None:
            return {"type": "string", "enum": list(self.values)}
        return dict(SCHEMAS[self.kind])

    def _one(self, value: str) -> Q:
        if self.values is not None:
            if value not in self.values:
                raise ValueError(_("Known values are: %(known)s.") % {"known": ", ".join(self.values)})
            return Q(**{self.path: self.values[value]})
        if self.kind is Kind.TEXT:
            return _text(self.path, value)
        return Q(**{self.path: PARSERS[self.kind](value)})


def one_of(text: str, condition: Callable[[str], Q]) -> Q:
    """Return the condition of a list of values: any of the plain ones, every one with &, none with !."""
    any_of, all_of = Q(), Q()
    for part in text.split(","):
        value = part.strip()
        if value.startswith("&"):
            all_of &= condition(value[1:])
        elif value.startswith("!"):
            all_of &= ~condition(value[1:])
        elif value := value.removeprefix("|"):
            any_of |= condition(value)
    return any_of & all_of


def _text(path: str, value: str) -> Q:
    """Return the condition of a text without regard to case; * stands for any letters."""
    if "*" not in value:
        return Q(**{f"{path}__iexact": value})
    inner = value.strip("*")
    if "*" in inner:
        pattern = ".*".join(re.escape(part) for part in re.split(r"\*+", value))
        return Q(**{f"{path}__iregex": f"^{pattern}$"})
    if not inner:
        return Q()
    lookup = {(True, True): "icontains", (True, False): "iendswith", (False, True): "istartswith"}
    return Q(**{f"{path}__{lookup[value.startswith('*'), value.endswith('*')]}": inner})


def to_id(value: str) -> uuid.UUID:
    """Return a UUID of 36 characters. Raises ValueError."""
    if not UUID_FORM.fullmatch(value):
        raise ValueError(_("Write an ID of 36 characters."))
    return uuid.UUID(value)


def to_flag(value: str) -> bool:
    """Return true or false. Raises ValueError."""
    if value not in ("true", "false"):
        raise ValueError(_("Write true or false."))
    return value == "true"


def to_number(value: str) -> int:
    """Return a whole number that fits a column. Raises ValueError."""
    if not re.fullmatch(r"-?\d{1,19}", value, re.ASCII) or abs(int(value)) > LARGEST:
        raise ValueError(_("Write a whole number."))
    return int(value)


def to_moment(value: str) -> dt.datetime:
    """Return a point in time; Z, +0000 and +00:00 mean the same, without any it is UTC. Raises ValueError."""
    text = OFFSET.sub(r"\1:\2", value.strip().replace(" ", "+"))
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise ValueError(_("Write a time such as 2026-11-23T14:05:00.000Z."))
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def to_day(value: str) -> dt.date:
    """Return a date. Raises ValueError."""
    try:
        found = parse_date(value)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise ValueError(_("Write a date such as 2026-11-23."))
    return found


PARSERS: Mapping[Kind, Callable[[str], object]] = {
    Kind.ID: to_id,
    Kind.FLAG: to_flag,
    Kind.NUMBER: to_number,
    Kind.MOMENT: to_moment,
    Kind.DAY: to_day,
}
SCHEMAS: Mapping[Kind, Mapping[str, object]] = {
    Kind.TEXT: {"type": "string", "maxLength": 500},
    Kind.ID: {"type": "string", "format": "uuid"},
    Kind.FLAG: {"type": "boolean"},
    Kind.NUMBER: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    Kind.MOMENT: {
        "type": "string",
        "pattern": r"^20[0-9]{2}-0[1-9]-[01][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{3})?Z$",
    },
    Kind.DAY: {"type": "string", "pattern": r"^20[0-9]{2}-0[1-9]-[012][1-8]$"},
}

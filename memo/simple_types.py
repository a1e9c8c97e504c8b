"""What may stand in an element without children: text by text, as XML Schema and the agency's tables have it.

Each reader takes the text of an element as it stands there and returns the value, or raises `Bad` with the code of what
is wrong. Values: `str`, `bool`, `uuid.UUID`, `datetime` in UTC, `date`; None for what is right but beyond Python's
calendar. Lexical rules: XML Schema part 2 (dateTime, date, boolean, language, long, anyURI).
"""

import datetime as dt
import re
import uuid
from calendar import monthrange
from collections.abc import Callable
from functools import partial
from typing import Any

from memo.elements import ID_TYPES, LARGEST, LONGEST, MESSAGE_TYPES, Type

SHOWN = 60
BLANK = " \t\r\n"
UUID4 = re.compile(r"[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-4[a-fA-F0-9]{3}-[aAbB89][a-fA-F0-9]{3}-[a-fA-F0-9]{12}")
DATE = r"(-?(?:[1-9]\d{4,}|\d{4}))-(\d\d)-(\d\d)"
ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
TIME = re.compile(rf"{DATE}T(\d\d):(\d\d):(\d\d)(\.\d+)?({ZONE})", re.ASCII)
DAY = re.compile(rf"{DATE}{ZONE}", re.ASCII)
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
NUMBER = re.compile(r"[+-]?\d+", re.ASCII)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# What stands in a URI reference (RFC 3986) after everything that must be escaped has been.
URI = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:|(?![^/?#]*:))"
    r"(?://(?:(?:[\w.~!$&'()*+,;=:-]|%[0-9a-f]{2})*@)?"
    r"(?:\[[^\]]*\]|(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*)(?::\d*)?(?=[/?#]|$))?"
    r"(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*"
    r"(?:\?(?:[\w.~!$&'()*+,;=:@/?\[\]-]|%[0-9a-f]{2})*)?"
    r"(?:#(?:[\w.~!$&'()*+,;=:@/?\[\]-]|%[0-9a-f]{2})*)?",
    re.IGNORECASE | re.ASCII,
)
TO_BE_ESCAPED = re.compile(r"[^\x20-\x7e]|[ <>\"{}|\\^`]")
MOST_DIGITS = 30


class Bad(Exception):
    """The text is not of its type; `code` is the finding's, `params` its values."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


Reader = Callable[[str], Any]


def shown(text: str) -> str:
    """Return a text as a finding names it: short, on one line."""
    flat = " ".join(text.encode(errors="replace").decode().split())
    return flat if len(flat) <= SHOWN else f"{flat[: SHOWN - 1]}…"


def _text(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Bad("memo.value.long", length=len(text), longest=longest)
    return text


def _uuid(text: str) -> uuid.UUID:
    if not UUID4.fullmatch(text):
        raise Bad("memo.value.uuid", value=shown(text))
    return uuid.UUID(text)


def _time(text: str) -> dt.datetime | None:
    found = TIME.fullmatch(text.strip(BLANK))
    if not found or not _is_moment(found):
        raise Bad("memo.value.time", value=shown(text))
    if found[8] != "Z":
        raise Bad("memo.value.time_zone", value=shown(text))
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    if not 1 <= year <= 9998:
        return None
    fraction = int((found[7] or ".0")[1:7].ljust(6, "0"))
    midnight = dt.datetime(year, month, day, tzinfo=dt.UTC)
    return midnight + dt.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def _is_moment(found: re.Match[str]) -> bool:
    hour, minute, second = int(found[4]), int(found[5]), int(found[6])
    if hour == 24:
        return _is_day(found) and minute == second == 0 and not (found[7] or "").strip(".0")
    return _is_day(found) and hour <= 23 and minute <= 59 and second <= 59


def _is_day(found: re.Match[str]) -> bool:
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if year == 0 or not 1 <= month <= 12:
        return False
    # 2000 is a leap year, and so is every year that leaves the same rest.
    return 1 <= day <= monthrange(2000 + abs(year) % 400, month)[1]


def _date(text: str) -> dt.date | None:
    found = DAY.fullmatch(text.strip(BLANK))
    if not found or not _is_day(found):
        raise Bad("memo.value.date", value=shown(text))
    year = int(found[1])
    return dt.date(year, int(found[2]), int(found[3])) if 1 <= year <= 9998 else None


def _boolean(text: str) -> bool:
    # An empty element stands for its default, which is false for all four.
    word = text.strip(BLANK) if text else "false"
    if word not in BOOLEANS:
        raise Bad("memo.value.boolean", value=shown(text))
    return BOOLEANS[word]


def _language(text: str) -> str:
    word = text.strip(BLANK)
    if not LANGUAGE.fullmatch(word) or len(word) > LONGEST[Type.LANGUAGE]:
        raise Bad("memo.value.language", value=shown(text))
    return word


def _number(text: str, largest: int) -> str:
    digits = text.strip(BLANK)
    if not NUMBER.fullmatch(digits) or len(digits) > MOST_DIGITS or not -(2**63) <= int(digits) <= largest:
        raise Bad("memo.value.number", value=shown(text), largest=largest)
    return digits


def _uri(text: str) -> str:
    address = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    if len(address) > LONGEST[Type.URI]:
        raise Bad("memo.value.long", length=len(address), longest=LONGEST[Type.URI])
    if not URI.fullmatch(TO_BE_ESCAPED.sub("_", address)):
        raise Bad("memo.value.uri", value=shown(text))
    return address


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise Bad("memo.value.choice", value=shown(text), choices=list(choices))
    return text


READERS: dict[Type, Reader] = {
    Type.TEXT: partial(_text, longest=LONGEST[Type.TEXT]),
    Type.COMMENT: partial(_text, longest=LONGEST[Type.COMMENT]),
    Type.NOTIFICATION: partial(_text, longest=LONGEST[Type.NOTIFICATION]),
    Type.LICENCE: partial(_text, longest=LONGEST[Type.LICENCE]),
    Type.URI: _uri,
    Type.UUID: _uuid,
    Type.TIME: _time,
    Type.DATE: _date,
    Type.LANGUAGE: _language,
    Type.GLN: partial(_number, largest=LARGEST[Type.GLN]),
    Type.PNUMBER: partial(_number, largest=LARGEST[Type.PNUMBER]),
    Type.MESSAGE_TYPE: partial(_one_of, choices=MESSAGE_TYPES),
    Type.ID_TYPE: partial(_one_of, choices=ID_TYPES),
    Type.BOOLEAN: _boolean,
}
# Types in which blanks around the value say nothing.
COLLAPSED = frozenset({Type.TIME, Type.DATE, Type.BOOLEAN, Type.LANGUAGE, Type.GLN, Type.PNUMBER, Type.URI})

"""Findings: what a check found, as a code with its values; the texts are made for whoever reads them.

A room keeps its codes in one table and makes it known with `register`; pages, commands, API and `docs/findings.md`
read the tables. A finding stores code and values only, so it can be shown in either language years later.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext

Params = Mapping[str, Any]
Format = Callable[[Any], str]


class Severity(StrEnum):
    """An error refuses, a warning wants a person's attention, an info explains."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class FindingText:
    """A row of a room's table. `message`: what was found and expected; `remedy`: what to do. English message ids."""

    severity: Severity
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `params` holds JSON values only: texts, numbers, and times as ISO 8601."""

    code: str
    severity: Severity
    params: Params = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What was found and what was expected, in the reader's language."""
        return self._render(_TEXTS[self.code].message)

    @property
    def remedy(self) -> str:
        """What to do about it, in the reader's language; "" when nothing is to be done."""
        return self._render(_TEXTS[self.code].remedy)

    def _render(self, msgid: str) -> str:
        return gettext(msgid) % _Readable(self.params, _FORMATS[self.code]) if msgid else ""

    def softened(self) -> "Finding":
        """Return the same finding as a warning, where circumstances make it less than its table says."""
        return replace(self, severity=Severity.WARNING)

    def as_json(self) -> dict[str, Any]:
        """Return {code, severity, params}, the form in which a finding is kept."""
        return {"code": self.code, "severity": str(self.severity), "params": dict(self.params)}

    def as_text(self) -> dict[str, str]:
        """Return {code, severity, message, remedy}, the form in which commands and the API show a finding."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "remedy": self.remedy,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Finding":
        """Return the finding that `as_json` wrote. Raises KeyError when the code is known no more."""
        _TEXTS[stored["code"]]
        return cls(stored["code"], Severity(stored["severity"]), dict(stored["params"]))


class _Readable(dict[str, str]):
    """Values as people read them: each by the format that its room registered for its name."""

    def __init__(self, params: Params, formats: Mapping[str, Format]) -> None:
        super().__init__({name: formats.get(name, _plain)(value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return "–"  # a value that an older version did not keep


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


_TEXTS: dict[str, FindingText] = {}
_FORMATS: dict[str, Mapping[str, Format]] = {}


def register(table: Mapping[str, FindingText], *, formats: Mapping[str, Format] | None = None) -> None:
    """Make a room's codes known; `formats` says how values of a name are shown. Raises ValueError on a second use."""
    if taken := [code for code in table if _TEXTS.get(code, table[code]) != table[code]]:
        raise ValueError(f"finding codes used twice: {', '.join(taken)}")
    _TEXTS.update(table)
    _FORMATS.update(dict.fromkeys(table, formats or {}))


def texts() -> dict[str, FindingText]:
    """Return every registered code with its texts, by code."""
    return dict(sorted(_TEXTS.items()))


def finding(code: str, /, **params: Any) -> Finding:
    """Return a finding of the table's severity. Raises KeyError for a code that stands in no table."""
    return Finding(code, _TEXTS[code].severity, {name: _json(value) for name, value in params.items()})


def _json(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case StrEnum():
            return str(value)
        case list() | tuple():
            return [_json(item) for item in value]
        case _:
            return value


def accepted(findings: Iterable[Finding]) -> bool:
    """Say whether nothing refuses: no finding is an error."""
    return all(found.severity is not Severity.ERROR for found in findings)

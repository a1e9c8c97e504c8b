"""What a dry run found, in a form that is shown, and kept with the job that carried it out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from adgang.lib.findings import Finding, Severity
from adgang.lib.snapshots import JSON
from contacts import differences
from contacts.csv_columns import Kind
from contacts.differences import Act, Change, FieldChange
from contacts.planning import Plan
from contacts.sheets import Found

# More than this is read by nobody; the file itself is at hand.
SHOWN = 200
LONGEST = 300  # characters of a value that are kept


@dataclass(frozen=True)
class Review:
    """The faults of a file and what it would do: at most `SHOWN` of each kind, and how many there are in all.

    `seen` is the digest by which the importer knows that the difference is still the one that was agreed to.
    """

    encoding: str = ""
    separator: str = ""
    rows: int = 0
    findings: Mapping[str, list[Found]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    acts: Mapping[str, int] = field(default_factory=dict)
    exists_already: bool = False
    seen: str = ""

    @classmethod
    def of(cls, plan: Plan) -> "Review":
        """Return what a plan found and would do."""
        found = {severity: plan.found(severity) for severity in Severity}
        changes = differences.changes(plan)
        return cls(
            encoding=plan.sheet.encoding,
            separator=plan.sheet.separator,
            rows=len(plan.sheet.rows),
            findings={severity: listed[:SHOWN] for severity, listed in found.items()},
            counts={severity: len(listed) for severity, listed in found.items()},
            changes=[_short(change) for change in changes[:SHOWN]],
            acts=_acts(changes),
            exists_already=any(one.finding.code in ("row.exists", "row.twice") for one in found[Severity.ERROR]),
            seen=differences.digest(plan),
        )

    @property
    def errors(self) -> list[Found]:
        """What refuses the file."""
        return self.findings.get(Severity.ERROR, [])

    @property
    def warnings(self) -> list[Found]:
        """What a person should look at."""
        return self.findings.get(Severity.WARNING, [])

    @property
    def notes(self) -> list[Found]:
        """What explains."""
        return self.findings.get(Severity.INFO, [])

    @property
    def error_count(self) -> int:
        """How many errors there are in all."""
        return self.counts.get(Severity.ERROR, 0)

    @property
    def warning_count(self) -> int:
        """How many warnings there are in all."""
        return self.counts.get(Severity.WARNING, 0)

    @property
    def change_count(self) -> int:
        """How many changes there are in all."""
        return sum(self.acts.values())

    @property
    def further_changes(self) -> int:
        """How many changes are not among those shown."""
        return self.change_count - len(self.changes)

    def as_json(self) -> dict[str, JSON]:
        """Return the form in which a job keeps it."""
        return {
            **{name: getattr(self, name) for name in ("encoding", "separator", "rows", "exists_already", "seen")},
            "counts": dict(self.counts),
            "acts": dict(self.acts),
            "findings": {str(severity): [_kept(one) for one in listed] for severity, listed in self.findings.items()},
            "changes": [asdict(change) | {"id": str(change.id)} for change in self.changes],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Review":
        """Return the review that `as_json` wrote."""
        plain = {name: kept[name] for name in ("encoding", "separator", "rows", "exists_already", "seen")}
        return cls(
            **plain,
            counts=kept["counts"],
            acts=kept["acts"],
            findings={severity: [_found(one) for one in listed] for severity, listed in kept["findings"].items()},
            changes=[_change(one) for one in kept["changes"]],
        )


def _acts(changes: Iterable[Change]) -> dict[str, int]:
    listed = [change.act for change in changes]
    return {act: listed.count(act) for act in Act}


def _short(change: Change) -> Change:
    return replace(
        change, fields=tuple(FieldChange(one.column, _cut(one.before), _cut(one.after)) for one in change.fields)
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _kept(found: Found) -> dict[str, JSON]:
    params = {name: _cut(value) if isinstance(value, str) else value for name, value in found.finding.params.items()}
    return {
        "finding": found.finding.as_json() | {"params": params},
        "row": found.row,
        "column": found.column,
        "value": _cut(found.value),
    }


def _found(kept: Mapping[str, Any]) -> Found:
    return Found(Finding.from_json(kept["finding"]), kept["row"], kept["column"], kept["value"])


def _change(kept: Mapping[str, Any]) -> Change:
    fields = tuple(FieldChange(**one) for one in kept["fields"])
    return Change(
        Act(kept["act"]), Kind(kept["kind"]), UUID(kept["id"]), kept["name"], kept["path"], kept["row"], fields
    )

"""A plan as a page shows it: its findings, and by section what people call each act; kept with the job that made it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from adgang.lib.findings import Finding, Severity
from adgang.lib.snapshots import JSON
from adgang.setup.changes import Act, Change, FieldChange
from adgang.setup.documents import Section
from adgang.setup.nodes import Found
from adgang.setup.planning import Plan

# More than this of one kind is read by nobody; the file with all of it is at hand.
SHOWN = 200
LONGEST = 300  # characters of a value that are shown
KINDS: dict[str, str | Promise] = {
    "system": gettext_lazy("system"),
    "group": gettext_lazy("group"),
    "point": gettext_lazy("contact point"),
    "letterType": gettext_lazy("letter type"),
    "standardSystem": gettext_lazy("standard system"),
    "userGroup": gettext_lazy("user group"),
    "person": gettext_lazy("person"),
    "invitation": gettext_lazy("invitation by mail"),
}


@dataclass(frozen=True)
class ShownChange:
    """A change with the words of its kind, and the fields that are worth a look."""

    change: Change

    @property
    def kind(self) -> str | Promise:
        """What people call such a thing."""
        return KINDS[self.change.kind]

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """What is new is in the file, and what is deleted is here to be read; who gets and loses rights is told all."""
        is_told = self.change.section is Section.ROLES or self.change.act in (Act.CHANGED, Act.MOVED)
        return self.change.fields if is_told else ()


@dataclass(frozen=True)
class Part:
    """The changes of a section: the first of them, and how many there are of each act."""

    section: Section
    acts: Mapping[str, int]
    changes: list[Change]

    @property
    def shown(self) -> list[ShownChange]:
        """The first changes, in words."""
        return [ShownChange(change) for change in self.changes]

    @property
    def further(self) -> int:
        """How many changes are not among those shown."""
        return sum(self.acts.values()) - len(self.changes)

    @property
    def tally(self) -> str:
        """How many are added, changed, moved and removed."""
        added, changed, moved, removed = (
            self.acts.get(act, 0) for act in (Act.ADDED, Act.CHANGED, Act.MOVED, Act.REMOVED)
        )
        texts = [
            (added, ngettext("%(count)s is added", "%(count)s are added", added)),
            (changed, ngettext("%(count)s is changed", "%(count)s are changed", changed)),
            (moved, ngettext("%(count)s is moved", "%(count)s are moved", moved)),
            (removed, ngettext("%(count)s is removed", "%(count)s are removed", removed)),
        ]
        return ", ".join(text % {"count": count} for count, text in texts if count)


@dataclass(frozen=True)
class Review:
    """The faults of a file and what it would do: at most `SHOWN` of each kind, and how many there are in all.

    `seen` is the digest by which it is known that the difference is still the one that was agreed to.
    """

    refused: bool
    needs_reason: bool
    seen: str
    findings: Mapping[str, list[Found]]
    counts: Mapping[str, int]
    parts: list[Part] = field(default_factory=list)

    @classmethod
    def of(cls, plan: Plan) -> "Review":
        """Return what a plan found and would do."""
        found = {severity: plan.found(severity) for severity in Severity}
        return cls(
            refused=plan.refused,
            needs_reason=plan.needs_reason,
            seen=plan.digest,
            findings={severity: listed[:SHOWN] for severity, listed in found.items()},
            counts={severity: len(listed) for severity, listed in found.items()},
            parts=list(_parts(plan.changes)),
        )

    @property
    def errors(self) -> list[Found]:
        """What refuses the file."""
        return self.findings[Severity.ERROR]

    @property
    def error_count(self) -> int:
        """How many errors there are in all."""
        return self.counts[Severity.ERROR]

    @property
    def warnings(self) -> list[Found]:
        """What a person should look at."""
        return self.findings[Severity.WARNING]

    @property
    def warning_count(self) -> int:
        """How many warnings there are in all."""
        return self.counts[Severity.WARNING]

    @property
    def notes(self) -> list[Found]:
        """What explains."""
        return self.findings[Severity.INFO]

    @property
    def change_count(self) -> int:
        """How many changes there are in all."""
        return sum(sum(part.acts.values()) for part in self.parts)

    def as_json(self) -> dict[str, JSON]:
        """Return the form in which a job keeps it."""
        return {
            "refused": self.refused,
            "needs_reason": self.needs_reason,
            "seen": self.seen,
            "findings": {str(severity): [_kept(one) for one in listed] for severity, listed in self.findings.items()},
            "counts": dict(self.counts),
            "parts": [
                {
                    "section": str(part.section),
                    "acts": dict(part.acts),
                    "changes": [asdict(change) | {"id": str(change.id)} for change in part.changes],
                }
                for part in self.parts
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Review":
        """Return the review that `as_json` wrote."""
        findings = {severity: [_found(one) for one in listed] for severity, listed in kept["findings"].items()}
        parts = [
            Part(Section(one["section"]), one["acts"], [_change(change) for change in one["changes"]])
            for one in kept["parts"]
        ]
        return cls(kept["refused"], kept["needs_reason"], kept["seen"], findings, kept["counts"], parts)


def _parts(changes: Iterable[Change]) -> Iterable[Part]:
    by_section: dict[Section, list[Change]] = {}
    for change in changes:
        by_section.setdefault(change.section, []).append(change)
    for section in Section:
        if listed := by_section.get(section):
            counts = Counter(str(change.act) for change in listed)
            yield Part(section, counts, [_short(change) for change in listed[:SHOWN]])


def _short(change: Change) -> Change:
    fields = tuple(FieldChange(one.key, _cut(one.before), _cut(one.after)) for one in change.fields)
    return replace(change, fields=fields)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _kept(found: Found) -> dict[str, JSON]:
    return {"finding": found.finding.as_json(), "line": found.line, "key": found.key}


def _found(kept: Mapping[str, Any]) -> Found:
    return Found(Finding.from_json(kept["finding"]), kept["line"], kept["key"])


def _change(kept: Mapping[str, Any]) -> Change:
    plain = {name: kept[name] for name in ("kind", "name", "path", "line")}
    fields = tuple(FieldChange(**one) for one in kept["fields"])
    return Change(section=Section(kept["section"]), act=Act(kept["act"]), id=UUID(kept["id"]), fields=fields, **plain)

"""A line as one reader sees it: links only to pages they may open, and what they can do, else who can."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib import dates
from adgang.overview import progress
from adgang.overview.evidence import Evidence
from adgang.overview.facts import Facts
from adgang.overview.lines import KIND_LABELS, Line
from adgang.overview.marks import symbol
from adgang.overview.readiness import State, Status
from organisations.callers import Grants
from organisations.rights import PrivilegeType, Right, roles


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A row of the page. `cure_url` is where the reader sees to the line, empty where they cannot; `who` tells who can.

    A line that a person confirms is seen to at `edit_url`.
    """

    status: Status
    word: str
    kind: str
    evidence: list[Evidence]
    signature: str
    cure_url: str
    edit_url: str
    who: list[str]

    @property
    def symbol(self) -> SafeString:
        """The line's mark as a small image."""
        return symbol(self.status.mark)

    @property
    def line(self) -> Line:
        """The line of the guide."""
        return self.status.line


def show(status: Status, *, facts: Facts, grants: Grants) -> Shown:
    """Return a line for the reader who has `grants`."""
    edit_url = line_url(facts, status.line) if grants.allow(Right.READINESS_CHANGE) else ""
    cure = _cure_url(facts, status.line, grants) or (edit_url if status.line.confirmed else "")
    open_ = not status.finished
    return Shown(
        status=status,
        word=progress.word(status),
        kind=str(KIND_LABELS[status.line.kind]),
        evidence=[*_permitted(status, grants), *_said(status)],
        signature=signature(status),
        cure_url=cure if open_ else "",
        edit_url=edit_url,
        who=[_who(facts, role) for role in status.line.roles] if open_ and not cure else [],
    )


def line_url(facts: Facts, line: Line) -> str:
    """Return the page where a person's part of a line is edited."""
    return reverse("readiness_line", args=[facts.organisation.cvr_number, line.key])


def _cure_url(facts: Facts, line: Line, grants: Grants) -> str:
    if line.cure and grants.allow(line.cure.right):
        return reverse(line.cure.view, args=[facts.organisation.cvr_number])
    return ""


def _permitted(status: Status, grants: Grants) -> list[Evidence]:
    return [one if grants.allow(one.right) else replace(one, url="") for one in status.found]


def _said(status: Status) -> list[Evidence]:
    texts = [status.irrelevant]
    if not (status.irrelevant or (status.state is State.DONE and status.found)):
        texts.append(status.row.evidence)
    return [Evidence(text) for text in texts if text]


def signature(status: Status) -> str:
    """Return who said that the line is done or not relevant, and when; "" where the portal saw it itself."""
    row = status.row
    if status.state != row.state or row.confirmed is None:
        return ""
    return _("%(name)s on %(date)s") % {
        "name": row.confirmed_by or _("a person who has left"),
        "date": dates.day(row.confirmed),
    }


def _who(facts: Facts, role: PrivilegeType) -> str:
    label = roles()[role].label
    names = ", ".join(person.name for person in facts.holders(role))
    return f"{label}: {names}" if names else _("%(role)s (nobody has the role yet)") % {"role": label}

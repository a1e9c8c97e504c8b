"""Readiness: the lines of the guide as they stand, from what the portal sees and what people have said.

What the portal can see is never stored; a `ReadinessLine` row holds a person's part alone. The portal's own evidence
that a line is done wins over what a person said; for the rest the person's word stands.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from adgang.lib.registered import StaleVersion, check_version, save_version
from adgang.lib.snapshots import JSON, snapshot
from adgang.overview.evidence import Evidence, Seen
from adgang.overview.facts import Facts
from adgang.overview.lines import LINES, Kind, Line
from adgang.overview.marks import Mark
from adgang.overview.steps import Step
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.mail import queue_mail
from organisations.models import Organisation, ReadinessLine, User

State = ReadinessLine.State
FINISHED = frozenset({State.DONE, State.CONFIRMED, State.NOT_RELEVANT})
# What a person said and signed: kept with who and when.
SIGNED = FINISHED
MAIL = "readiness_line"
# People write of people here, so the event log keeps it where it can be erased.
FREE_TEXT = frozenset({"evidence", "note"})


@dataclass(frozen=True, kw_only=True)
class Status:
    """A line as it stands. `row` is a person's part, unsaved where nobody has said anything yet.

    `found` is what the portal sees; `irrelevant` why the organisation's own settings make the line not relevant;
    `step_due` tells that `due` is the date of the whole step; `waits_for` are unfinished lines that come first.
    """

    line: Line
    row: ReadinessLine
    state: State
    found: tuple[Evidence, ...] = ()
    begun: bool = False
    irrelevant: str = ""
    due: dt.date | None = None
    step_due: bool = False
    late: bool = False
    waits_for: tuple[Line, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in FINISHED

    @property
    def mark(self) -> Mark:
        """The line's mark on the page."""
        if self.state is State.NOT_RELEVANT:
            return Mark.NOT_RELEVANT
        if self.finished:
            return Mark.DONE
        if self.late:
            return Mark.LATE
        if self.line.warns:
            return Mark.WARNING
        return Mark.STARTED if self.begun else Mark.MISSING


def statuses(
    facts: Facts,
    rows: Iterable[ReadinessLine],
    *,
    due: Mapping[Step, dt.date | None],
    today: dt.date,
) -> list[Status]:
    """Return the guide's lines and the organisation's own, step by step. `due` is the date that counts for a step."""
    said = {row.key: row for row in rows if row.key}
    guide = {
        key: _status(line, said.get(key) or blank_row(line, facts.organisation), facts) for key, line in LINES.items()
    }
    own = [_status(own_line(row), row, facts) for row in rows if not row.key]
    waiting = {key: _waits(status, guide) for key, status in guide.items()}
    listed = [replace(status, waits_for=waiting[key]) for key, status in guide.items()] + own
    return [_with_due(status, due[status.line.step], today) for status in sorted(listed, key=lambda s: s.line.step)]


def own_line(row: ReadinessLine) -> Line:
    """Return the line that an organisation wrote itself."""
    return Line(
        key=str(row.pk),
        step=Step(row.step),
        kind=Kind.OWN,
        title=row.text,
        confirmed=True,
        orderable=True,
        waivable=True,
    )


def blank_row(line: Line, organisation: Organisation) -> ReadinessLine:
    """Return the row, not saved yet, for a line of the guide about which nobody has said anything."""
    with translation.override("da"):
        # The event log names the row by its text, also when the guide's line is gone.
        text = str(line.title)
    return ReadinessLine(organisation=organisation, key=line.key, step=line.step, text=text, state=State.MISSING)


def _status(line: Line, row: ReadinessLine, facts: Facts) -> Status:
    seen = line.seen(facts) if line.seen else Seen(done=False)
    if reason := line.irrelevant(facts.organisation) if line.irrelevant else "":
        return Status(line=line, row=row, state=State.NOT_RELEVANT, irrelevant=str(reason))
    state = State.DONE if seen.done else State(row.state or State.MISSING)
    begun = seen.begun or state is State.ORDERED
    return Status(line=line, row=row, state=state, found=seen.found, begun=begun)


def _waits(status: Status, guide: Mapping[str, Status]) -> tuple[Line, ...]:
    if status.finished:
        return ()
    return tuple(guide[key].line for key in status.line.after if not guide[key].finished)


def _with_due(status: Status, step_due: dt.date | None, today: dt.date) -> Status:
    due = status.row.due or (step_due if status.line.counts else None)
    late = due is not None and due < today and not status.finished
    return replace(status, due=due, step_due=due is not None and not status.row.due, late=late)


def find(organisation: Organisation, key: str) -> tuple[Line, ReadinessLine] | None:
    """Return a line of the guide by key or an own line by id, with its row; None when there is none."""
    rows = organisation.readiness_lines.select_related("confirmed_by")
    if line := LINES.get(key):
        return line, rows.filter(key=key).first() or blank_row(line, organisation)
    row = rows.filter(pk=pk, key="").first() if (pk := _uuid(key)) else None
    return (own_line(row), row) if row else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def states(line: Line) -> list[State]:
    """Return what a person may say of a line."""
    said = State.DONE if line.kind is Kind.OWN else State.CONFIRMED
    offered = {
        State.MISSING: True,
        State.ORDERED: line.orderable,
        said: line.confirmed,
        State.NOT_RELEVANT: line.waivable,
    }
    return [state for state, may in offered.items() if may]


def save(*, caller: Caller, row: ReadinessLine, version: int) -> ReadinessLine:
    """Save a person's part of a line, new or changed, with its event. Raises `StaleVersion`."""
    with transaction.atomic():
        lock(row.organisation_id)
        stored = _stored(row)
        _sign(row, stored, by=caller.user)
        if stored is None:
            _create(row)
        else:
            save_version(row, version=version)
        _record(caller, row, before=snapshot(stored) if stored else {}, after=snapshot(row))
    return row


def _stored(row: ReadinessLine) -> ReadinessLine | None:
    return ReadinessLine.objects.filter(pk=row.pk).first()


def _sign(row: ReadinessLine, stored: ReadinessLine | None, *, by: User | None) -> None:
    """Keep who said that it is done or not relevant, and when; the signature falls when the word is changed."""
    if row.state not in SIGNED:
        row.confirmed_by, row.confirmed = None, None
    elif stored is None or (stored.state, stored.evidence) != (row.state, row.evidence):
        row.confirmed_by, row.confirmed = by, timezone.now()


def _create(row: ReadinessLine) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # Somebody else was the first to say something of this line.
        raise StaleVersion(ReadinessLine.objects.get(organisation=row.organisation, key=row.key)) from error


def delete(*, caller: Caller, row: ReadinessLine, version: int) -> None:
    """Delete a line of the organisation's own, with its event. Raises `StaleVersion`; a line of the guide stays."""
    if row.key:
        raise ValueError("a line of the guide is not deleted")
    with transaction.atomic():
        lock(row.organisation_id)
        stored = _stored(row)
        if stored is None:
            raise StaleVersion(None)
        check_version(stored, version=version)
        ReadinessLine.objects.filter(pk=row.pk).delete()
        _record(caller, stored, before=snapshot(stored), after={})


def send(*, caller: Caller, row: ReadinessLine) -> None:
    """Mail the line to its responsible person, with an event. Raises ValueError when nobody is responsible."""
    if not row.responsible_email:
        raise ValueError("the line has no responsible person with an e-mail address")
    account = User.objects.filter(email=User.objects.normalize(row.responsible_email)).first()
    with transaction.atomic():
        queue_mail(
            kind=MAIL,
            to=row.responsible_email,
            organisation=row.organisation,
            object_id=row.pk,
            language=account.language if account else "da",
        )
        _record(caller, row, before={}, after={"mailed_to": row.responsible_email}, personal=frozenset({"mailed_to"}))


def _record(
    caller: Caller,
    row: ReadinessLine,
    *,
    before: dict[str, JSON],
    after: dict[str, JSON],
    personal: frozenset[str] = frozenset(),
) -> None:
    personal |= FREE_TEXT
    entry = events.Entry(tag=Tag.READINESS_CHANGED, obj=row, before=before, after=after, personal=personal)
    events.record(caller, row.organisation, entry)


def responsibilities(user: User, organisation: Organisation) -> list[str]:
    """Return the unfinished lines a departing person was responsible for, for the slot `departures`."""
    rows = organisation.readiness_lines.filter(responsible_email__iexact=user.email)
    return [str(LINES[row.key].title if row.key in LINES else row.text) for row in rows if row.state not in FINISHED]

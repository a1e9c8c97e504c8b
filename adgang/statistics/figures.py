"""The figures of one organisation, month by month, in a fixed number of queries."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib.exports import Value
from contacts.models import ContactPoint
from organisations.event_names import SLICE_NAMES
from organisations.event_tags import Slice, Tag
from organisations.models import Event, Organisation
from systems.models import CheckRun, System
from systems.models.check_run import GOOD
from systems.states import IN_SERVICE, state_between

PERIODS = (3, 12, 24)  # months
DEFAULT = 12
MEMO_TAGS = (Tag.MEMO_SEND_VALIDATED, Tag.MEMO_SEND_VALIDATION_FAILED)


@dataclass(frozen=True)
class Series:
    """One line of figures: a number for each month."""

    label: str | Promise
    numbers: list[int]

    @property
    def total(self) -> int:
        """All of it together."""
        return sum(self.numbers)


@dataclass(frozen=True)
class Topic:
    """What belongs into one picture. `adds_up`: the numbers are of things that happened, not of what there is."""

    key: str
    title: str | Promise
    note: str | Promise
    series: list[Series]
    adds_up: bool = True


@dataclass(frozen=True)
class Statistics:
    """The topics over some months, each by its first day."""

    months: list[dt.date]
    topics: list[Topic]

    def header(self) -> list[str | Promise]:
        """Return the heads of the table of everything."""
        return [_("Month"), *(series.label for topic in self.topics for series in topic.series)]

    def rows(self) -> Iterator[Sequence[Value]]:
        """Yield the table of everything, a month a row."""
        for place, month in enumerate(self.months):
            numbers = [series.numbers[place] for topic in self.topics for series in topic.series]
            yield [f"{month:%Y-%m}", *numbers]


def months_until(day: dt.date, count: int) -> list[dt.date]:
    """Return the first days of the last `count` months, that of `day` last."""
    number = day.year * 12 + day.month - 1
    return [dt.date(one // 12, one % 12 + 1, 1) for one in range(number - count + 1, number + 1)]


def gather(organisation: Organisation, *, months: int, at: dt.datetime) -> Statistics:
    """Return the figures of the last `months` months, the current one included as far as it has come."""
    listed = months_until(timezone.localdate(at), months)
    return Statistics(
        months=listed,
        topics=[
            _systems(organisation, listed, at),
            _checks(organisation, listed),
            _points(organisation, listed, at),
            _memos(organisation, listed),
            _events(organisation, listed),
        ],
    )


def _begin(month: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(month, dt.time()))


def _ends(months: list[dt.date], at: dt.datetime) -> list[dt.datetime]:
    """The moments at which the months end; of the current one, now."""
    return [*(_begin(month) for month in months[1:]), at]


def _systems(organisation: Organisation, months: list[dt.date], at: dt.datetime) -> Topic:
    systems = list(System.objects.filter(organisation=organisation, active_from__isnull=False).order_by())
    ends = _ends(months, at)

    def in_service(those: list[System]) -> list[int]:
        return [sum(state_between(one.active_from, one.active_to, end) in IN_SERVICE for one in those) for end in ends]

    return Topic(
        key="systems",
        title=_("Systems in service"),
        note=_("At the end of the month. A system that both sends and receives counts in both; deleted ones in none."),
        series=[
            Series(_("Sender systems"), in_service([one for one in systems if one.is_sender])),
            Series(_("Recipient systems"), in_service([one for one in systems if one.is_recipient])),
        ],
        adds_up=False,
    )


def _checks(organisation: Organisation, months: list[dt.date]) -> Topic:
    runs = CheckRun.objects.with_result().filter(system__organisation=organisation)
    counted = _monthly(runs, "created", "status", months)
    statuses = {status for _month, status in counted}
    good = {str(status) for status in GOOD}
    return Topic(
        key="checks",
        title=_("Connection checks"),
        note=_("Checks are kept for 90 days."),
        series=[
            Series(_("Checks passed"), _numbers(counted, months, statuses & good)),
            Series(_("Checks failed"), _numbers(counted, months, statuses - good)),
        ],
    )


def _points(organisation: Organisation, months: list[dt.date], at: dt.datetime) -> Topic:
    created = list(ContactPoint.objects.filter(organisation=organisation).order_by().values_list("created", flat=True))
    numbers = [sum(1 for moment in created if moment <= end) for end in _ends(months, at)]
    return Topic(
        key="points",
        title=_("Contact points"),
        note=_("At the end of the month, of those that there still are."),
        series=[Series(_("Contact points"), numbers)],
        adds_up=False,
    )


def _memos(organisation: Organisation, months: list[dt.date]) -> Topic:
    events = Event.objects.filter(organisation_id=organisation.pk, tag__in=MEMO_TAGS)
    counted = _monthly(events, "time", "tag", months)
    return Topic(
        key="memos",
        title=_("MeMo files checked"),
        note=_("Files that were checked here and kept as evidence. How much post is sent is not known here."),
        series=[
            Series(_("MeMo files in order"), _numbers(counted, months, {Tag.MEMO_SEND_VALIDATED})),
            Series(_("MeMo files refused"), _numbers(counted, months, {Tag.MEMO_SEND_VALIDATION_FAILED})),
        ],
    )


def _events(organisation: Organisation, months: list[dt.date]) -> Topic:
    counted = _monthly(Event.objects.filter(organisation_id=organisation.pk), "time", "slice", months)
    return Topic(
        key="events",
        title=_("Events in the log"),
        note=_("By the parts of the log."),
        series=[Series(SLICE_NAMES[part], _numbers(counted, months, {part})) for part in Slice],
    )


Counted = Counter[tuple[dt.date, str]]


def _monthly(rows: "QuerySet[Any]", moment: str, kind: str, months: list[dt.date]) -> Counted:
    """Count rows by month and kind, in one query."""
    counted: Counted = Counter()
    found = rows.filter(**{f"{moment}__gte": _begin(months[0])}).order_by().annotate(month=TruncMonth(moment))
    for month, value, number in found.values_list("month", kind).annotate(number=Count("pk")):
        counted[month.date(), str(value)] += number
    return counted


def _numbers(counted: Counted, months: list[dt.date], kinds: "set[Any]") -> list[int]:
    return [sum(counted[month, str(kind)] for kind in kinds) for month in months]

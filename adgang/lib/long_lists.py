"""A list that may be very long: pages by place instead of by number, and rows counted no further than people read.

The next page begins after the last row of this one, so the thousandth costs what the first does; a row that arrives
meanwhile shifts nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.exports import thousands
from adgang.lib.lists import Empty, ListPage, ListSpec, Rows, State

COUNTED = 1000


@dataclass(frozen=True)
class Place:
    """A place between two rows: behind (or, `before`, in front of) the row of that time and number."""

    time: dt.datetime
    number: int
    before: bool

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Return the place that a URL names, or None for the beginning and for nonsense."""
        try:
            side, microseconds, number = text.split(".")
            time = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(microseconds))
            return cls(time, int(number), before=side == "b") if abs(int(number)) < 2**63 else None
        except (ValueError, OverflowError):
            return None

    @classmethod
    def at(cls, row: Any, *, before: bool) -> str:
        """Return how a URL names the place behind or in front of a row."""
        since = row.time - dt.datetime.fromtimestamp(0, dt.UTC)
        return f"{'b' if before else 'a'}.{since // dt.timedelta(microseconds=1)}.{row.seq}"


class LongListPage(ListPage):
    """A page of a list whose rows have `time` and `seq`, which are its only order."""

    is_long = True

    def __init__(self, spec: ListSpec, state: State, rows: Rows, path: str, empty: Empty) -> None:
        self.spec, self.state, self.path, self.empty, self.all = spec, state, path, empty, rows
        self.id = f"list-{spec.name}"
        self.columns = [column for column in spec.columns if column.where != "file"]
        self._rows = spec.filtered(rows, state)
        self._place = Place.of(state.page)
        self._counted = self._rows.order_by().values("pk")[: COUNTED + 1].count()
        self._read()

    def _read(self) -> None:
        backwards = self._place is not None and self._place.before
        falling = self.state.sort.startswith("-") != backwards
        rows = _beyond(self._rows, self._place, falling=falling) if self._place else self._rows
        sign = "-" if falling else ""
        read = list(rows.order_by(f"{sign}time", f"{sign}seq")[: self.state.size + 1])
        more, shown = len(read) > self.state.size, read[: self.state.size]
        if backwards:
            shown.reverse()
        self._has_next = backwards or more
        self._has_previous = more if backwards else self._place is not None
        self.paginator = Paginator(shown, max(1, len(shown)))
        self.page = Page(shown, 1, self.paginator)

    @property
    def count(self) -> int:
        """How many rows there are, counted no further than COUNTED + 1."""
        return self._counted

    @property
    def summary(self) -> str:
        """What is shown, in words, as it is read out after every change."""
        if not self.count:
            return _("Nothing found")
        shown = len(self.page.object_list)
        if self.count > COUNTED:
            return _("Shows %(shown)s of more than %(count)s") % {"shown": shown, "count": thousands(COUNTED)}
        text = ngettext("Shows %(shown)s of %(count)s", "Shows %(shown)s of %(count)s", self.count)
        return text % {"shown": shown, "count": thousands(self.count)}

    @property
    def previous_url(self) -> str:
        """The URL of the page before, or ""."""
        return self._url(0, before=True) if self._has_previous else ""

    @property
    def next_url(self) -> str:
        """The URL of the page after, or ""."""
        return self._url(-1, before=False) if self._has_next else ""

    @property
    def first_url(self) -> str:
        """The URL of the first page, when this is another."""
        return self.state.url() if self._has_previous else ""

    def _url(self, end: int, *, before: bool) -> str:
        shown = list(self.page.object_list)
        return self.state.url(page=Place.at(shown[end], before=before)) if shown else self.state.url()


def _beyond(rows: Rows, place: Place, *, falling: bool) -> Rows:
    """Return the rows behind the place in that direction; the first condition is the index's, the second exact."""
    if falling:
        return rows.filter(Q(time__lte=place.time) & (Q(time__lt=place.time) | Q(seq__lt=place.number)))
    return rows.filter(Q(time__gte=place.time) & (Q(time__gt=place.time) | Q(seq__gt=place.number)))

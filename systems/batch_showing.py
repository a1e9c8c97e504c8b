"""A test of all systems as people read it: how far it is, and its results, the worst first."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import cached_property, partial

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.findings import Finding
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Text
from adgang.lib.templatetags.adgang import badge
from systems.check_showing import COLOURS, RunView
from systems.models import CheckBatch, CheckRun, RunStatus

WORST_FIRST = (
    *(RunStatus.FAILED, RunStatus.ABORTED, RunStatus.WARNING),
    *(RunStatus.RUNNING, RunStatus.QUEUED, RunStatus.PASSED),
)


def worst_first(runs: lists.Rows) -> lists.Rows:
    """Return runs with `weight`, by which the worst come first."""
    cases = [When(status=status, then=Value(weight)) for weight, status in enumerate(WORST_FIRST)]
    weighed: lists.Rows = runs.annotate(weight=Case(*cases, output_field=IntegerField()))
    return weighed


class BatchView:
    """A batch on its page, as far as the reader may see its systems."""

    def __init__(self, batch: CheckBatch, visible: set[uuid.UUID]) -> None:
        self.batch, self.visible = batch, visible

    @property
    def runs(self) -> lists.Rows:
        """The runs that the reader may see."""
        found: lists.Rows = CheckRun.objects.filter(batch=self.batch, system__in=self.visible)
        return found.select_related("system")

    @cached_property
    def begun(self) -> list[CheckRun]:
        """Those that have begun, the worst first."""
        return list(worst_first(self.runs.defer("steps", "target", "hosts")).order_by("weight", "system__name"))

    @property
    def waiting(self) -> int:
        """How many have not begun."""
        seen = {str(pk) for pk in self.visible}
        return sum(1 for one in self.batch.waiting if one["system"] in seen)

    @property
    def done(self) -> int:
        """How many are over."""
        return sum(1 for run in self.begun if not run.is_open)

    @property
    def total(self) -> int:
        """How many there are in all."""
        return len(self.begun) + self.waiting

    @property
    def percent(self) -> int:
        """How far it is."""
        return round(100 * self.done / self.total) if self.total else 100

    @property
    def seen(self) -> str:
        """What a page has seen; while it stays the same there is nothing to send."""
        counts = Counter(run.status for run in self.begun)
        marks = "-".join(str(counts[status]) for status in WORST_FIRST)
        return f"{'open' if self.batch.is_open else 'over'}-{self.waiting}-{marks}"

    def counts(self) -> Iterator[tuple[str | Promise, str, int]]:
        """Yield (word, colour, how many) of each result that occurs, the worst first."""
        found = Counter(run.status for run in self.begun)
        for status in WORST_FIRST:
            if found[status]:
                yield status.label, COLOURS[status], found[status]

    @property
    def announcement(self) -> str:
        """The one sentence that is read out when it is over."""
        told = ", ".join(f"{word}: {count}" for word, _colour, count in self.counts())
        return _("All systems have been tested. %(results)s.") % {"results": told}

    def lines(self) -> Iterator[tuple[CheckRun, SafeString]]:
        """Yield each run that has begun with its state in a coloured box."""
        for run in self.begun:
            yield run, _badge(run)


def results_list(cvr: str, caption: Text) -> ListSpec:
    """Return what the list of results shows."""
    return ListSpec(
        name="check_batch",
        caption=caption,
        columns=[
            Column("system", gettext_lazy("System"), "system.name", sort=("system__name",), link=partial(_url, cvr)),
            Column("status", gettext_lazy("Result"), _badge, sort=("weight", "system__name"), export=_word),
            Column("cause", gettext_lazy("Cause"), _cause),
            Column("remedy", gettext_lazy("What to do"), _remedy),
            Column("protocol", gettext_lazy("Protocol"), "system.protocol.label", sort=("protocol",)),
            Column("duration", gettext_lazy("Duration"), _duration, sort=("duration_ms",), numeric=True),
            Column("code", gettext_lazy("Code"), "summary", where="file"),
            Column("time", gettext_lazy("Finished"), "finished", where="file"),
        ],
        filters=[Filter("status", gettext_lazy("Result"), choices=RunStatus.choices, apply=_with_status)],
        search=("system__name",),
        default_sort="status",
        empty=Empty(gettext_lazy("Nothing was tested"), gettext_lazy("The systems were deleted meanwhile.")),
        page_size=100,
    )


def _url(cvr: str, run: CheckRun) -> str:
    return reverse("check", args=[cvr, run.system_id, run.pk])


def _badge(run: CheckRun) -> SafeString:
    return badge(RunStatus(run.status).label, COLOURS[RunStatus(run.status)])


def _word(run: CheckRun) -> str:
    return str(RunStatus(run.status).label)


def _headline(run: CheckRun) -> Finding | None:
    return RunView(run).headline


def _cause(run: CheckRun) -> str:
    found = _headline(run)
    return found.message if found else ""


def _remedy(run: CheckRun) -> str:
    found = _headline(run)
    return found.remedy if found else ""


def _duration(run: CheckRun) -> str:
    return "" if run.duration is None else f"{number_format(run.duration / dt.timedelta(seconds=1), 1)} s"


def _with_status(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(status=value)

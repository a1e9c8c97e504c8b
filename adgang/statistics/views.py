"""The page of figures."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from adgang.lib.exports import csv_lines
from adgang.statistics import charts, figures
from organisations import access, event_lookups
from organisations.event_tags import Tag
from organisations.exporting import note_export
from organisations.models import Organisation
from organisations.rights import Right


def statistics(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Show the figures of the organisation over some months, or give them as CSV. That they are read is logged."""
    organisation = access.organisation(request, cvr, right=Right.STATISTICS_VIEW)
    months, at = _period(request.GET.get("months", "")), timezone.now()
    gathered = figures.gather(organisation, months=months, at=at)
    event_lookups.note_once(
        caller=access.caller(request),
        organisation=organisation,
        tag=Tag.STATISTICS_READ,
        after={"months": months},
    )
    if request.GET.get("format") == "csv":
        note_export(request, "statistics", "csv")
        return _csv(organisation, gathered)
    return _page(request, organisation, gathered)


def _period(typed: str) -> int:
    return int(typed) if typed in map(str, figures.PERIODS) else figures.DEFAULT


def _page(request: HttpRequest, organisation: Organisation, gathered: figures.Statistics) -> HttpResponse:
    context = {
        "organisation": organisation,
        "statistics": gathered,
        "months": len(gathered.months),
        "periods": figures.PERIODS,
        "topics": [
            (
                topic,
                charts.chart(topic, gathered.months),
                [(charts.swatch(colour), label) for colour, label in charts.legend(topic)],
            )
            for topic in gathered.topics
        ],
        "rows": [(month, list(row)[1:]) for month, row in zip(gathered.months, gathered.rows(), strict=True)][::-1],
    }
    return render(request, "statistics/statistics.html", context)


def _csv(organisation: Organisation, gathered: figures.Statistics) -> StreamingHttpResponse:
    filename = f"statistik-{organisation.cvr_number}-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(gathered.header(), gathered.rows()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, filename) or "attachment"},
    )

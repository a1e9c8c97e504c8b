"""Who had which role on a day."""

import datetime as dt

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from adgang.lib.exports import csv_lines
from organisations import access, event_lookups
from organisations import event_rights as rights
from organisations.event_filters import start_of
from organisations.event_tags import Tag
from organisations.exporting import note_export
from organisations.forms.events import DayForm
from organisations.rights import Right


def event_rights(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Show who had which role at the end of a day, as the log tells it; or give it as CSV. Reading it is logged."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_ACTIONS)
    today = timezone.localdate()
    form = DayForm(request.GET if "day" in request.GET else None, initial={"day": today})
    chosen: dt.date = form.cleaned_data["day"] if form.is_valid() else today
    day = min(chosen, today)
    held = rights.held(organisation, at=min(start_of(day, days=1), timezone.now()))
    after = {"list": "rights", "day": day.isoformat()}
    event_lookups.note_once(
        caller=access.caller(request), organisation=organisation, tag=Tag.EVENT_LOG_SEARCHES, after=after
    )
    if request.GET.get("format") == "csv":
        note_export(request, "rights", "csv")
        return _csv(f"rettigheder-{organisation.cvr_number}-{day:%Y-%m-%d}.csv", held)
    context = {
        "organisation": organisation,
        "form": form,
        "day": day,
        "held": held,
        "begins": rights.begins(organisation),
    }
    return render(request, "organisations/event_rights.html", context)


def _csv(filename: str, held: list[rights.Held]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        csv_lines(rights.HEADER, rights.rows(held)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, filename) or "attachment"},
    )

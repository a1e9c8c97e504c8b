"""What the overview gives beside its page: all problems, the readiness report, the process guide."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from adgang.lib import odt, pdf
from adgang.lib.exports import csv_lines
from adgang.lib.problems import Weight
from adgang.overview import board as boards
from adgang.overview import papers
from adgang.overview import problems as found
from organisations import access
from organisations.exporting import count_file, note_export
from organisations.models import Organisation
from organisations.rights import Right


def problems(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List every open problem, the worst first, narrowed by room and by how bad it is; or give them as CSV."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    room, weight = request.GET.get("room", ""), request.GET.get("weight", "")
    every = found.found(organisation)
    shown = found.narrowed(every, room=room, weight=weight)
    if request.GET.get("format") == "csv":
        note_export(request, "problems", "csv")
        return _csv(organisation, shown)
    context = {
        "organisation": organisation,
        "problems": shown,
        "count_all": len(every),
        "rooms": [(key, label) for key, label in found.ROOMS.items() if any(one.room == key for one in every)],
        "weights": [(one.name, found.WEIGHTS[one]) for one in sorted(Weight, reverse=True)],
        "room": room,
        "weight": weight,
    }
    return render(request, "overview/problems.html", context)


def _csv(organisation: Organisation, shown: list[found.Found]) -> StreamingHttpResponse:
    name = f"problemer-{organisation.cvr_number}-{timezone.localdate():%Y-%m-%d}.csv"
    lines = csv_lines(found.HEADER, found.rows(shown))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_headers(name))


def _headers(filename: str) -> dict[str, str]:
    # Whoever opens a PDF in the browser must not let it do more than be read.
    return {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }


@require_safe
def readiness_report(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give the readiness report as PDF."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    note_export(request, "readiness_report", "pdf")
    board = boards.board(organisation, at=timezone.now())
    content = pdf.render(papers.report(board, found.found(organisation)))
    name = f"parathedsrapport-{organisation.cvr_number}-{board.today:%Y-%m-%d}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers=_headers(name))


@require_safe
def process_guide(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give the process guide as PDF, ready to print."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    count_file(request)
    guide = papers.guide(boards.board(organisation, at=timezone.now()))
    headers = _headers(f"procesguide-{organisation.cvr_number}.pdf")
    return HttpResponse(pdf.render(guide), content_type="application/pdf", headers=headers)


@require_safe
def process_guide_file(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give the process guide as a file to adapt."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    count_file(request)
    guide = papers.guide(boards.board(organisation, at=timezone.now()))
    headers = _headers(f"procesguide-{organisation.cvr_number}.odt")
    return HttpResponse(odt.render(guide), content_type=odt.MEDIA_TYPE, headers=headers)

"""The overview of an organisation, and the pages on which people say their part of it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.exports import csv_lines
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from adgang.overview import board as boards
from adgang.overview import deadlines as plans
from adgang.overview import page, readiness
from adgang.overview.forms import DeadlinesForm, GoLiveForm, OwnLineForm, ReadinessLineForm
from adgang.overview.lines import Kind, Line
from adgang.overview.showing import show
from organisations import access
from organisations.exporting import note_export
from organisations.models import Organisation, ReadinessLine
from organisations.rights import Right


def overview(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Show the process guide with what is done, what is missing, who can do it and by when; or the lines as CSV."""
    organisation = access.organisation(request, cvr, right=Right.OVERVIEW_VIEW)
    board = boards.board(organisation, at=timezone.now())
    if request.GET.get("format") == "csv":
        note_export(request, "overview", "csv")
        return _csv(board)
    grants = access.caller(request).grants(organisation)
    return render(request, "overview/overview.html", page.context(board, grants=grants))


def _csv(board: boards.Board) -> StreamingHttpResponse:
    filename = f"overblik-{board.organisation.cvr_number}-{board.today:%Y-%m-%d}.csv"
    lines = csv_lines(boards.HEADER, boards.rows(board))
    disposition = content_disposition_header(True, filename) or "attachment"
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


def readiness_line(request: HttpRequest, cvr: str, line: str) -> HttpResponse:
    """Edit a person's part of a line, beside what the portal sees."""
    organisation = access.organisation(request, cvr, right=Right.READINESS_CHANGE)
    guide, row = _found(organisation, line)
    form_class = OwnLineForm if guide.kind is Kind.OWN else ReadinessLineForm
    form = form_class(request.POST or None, instance=row, line=guide)
    if form.is_valid():
        try:
            readiness.save(caller=access.caller(request), row=form.save(commit=False), version=form.version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("The line was saved."), _anchor(organisation, guide), _("See it on the overview"))
        return redirect("overview", cvr)
    return render(request, "overview/readiness_line.html", _line_context(request, organisation, guide, form))


def _line_context(
    request: HttpRequest, organisation: Organisation, guide: Line, form: ReadinessLineForm
) -> dict[str, object]:
    board = boards.board(organisation, at=timezone.now())
    # The form's own row may hold what was typed; beside it stands what is saved.
    status = next(status for status in board.statuses if status.line.key == guide.key)
    return {
        "form": form,
        "shown": show(status, facts=board.facts, grants=access.caller(request).grants(organisation)),
        "requirements": page.requirements(guide.step) if guide.key.endswith("_requirements") else [],
    }


def _found(organisation: Organisation, key: str) -> tuple[Line, ReadinessLine]:
    found = readiness.find(organisation, key)
    if found is None:
        raise Http404
    return found


def _anchor(organisation: Organisation, line: Line) -> str:
    return f"{reverse('overview', args=[organisation.cvr_number])}#line-{line.key}"


def readiness_line_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Add a line of the organisation's own."""
    organisation = access.organisation(request, cvr, right=Right.READINESS_CHANGE)
    row = ReadinessLine(organisation=organisation)
    form = OwnLineForm(request.POST or None, instance=row, line=readiness.own_line(row))
    if form.is_valid():
        saved = readiness.save(caller=access.caller(request), row=form.save(commit=False), version=form.version)
        anchor = _anchor(organisation, readiness.own_line(saved))
        toast(request, _("The line was added."), anchor, _("See it on the overview"))
        return redirect("overview", cvr)
    return render(request, "overview/readiness_line_create.html", {"form": form})


def readiness_line_mail(request: HttpRequest, cvr: str, line: str) -> HttpResponse:
    """Send a line to its responsible person, after asking."""
    organisation = access.organisation(request, cvr, right=Right.READINESS_CHANGE)
    guide, row = _found(organisation, line)
    if not row.responsible_email:
        toast(request, _("Write who is responsible, with an e-mail address, first."), variant="warning")
        return redirect("readiness_line", cvr, guide.key)
    if request.method == "POST":
        readiness.send(caller=access.caller(request), row=row)
        toast(request, _("The line was sent to %(email)s.") % {"email": row.responsible_email})
        return redirect("overview", cvr)
    values = {"name": row.responsible_name, "email": row.responsible_email}
    return confirm(
        request,
        title=_("Send the line to the responsible person?"),
        consequences=[
            _("%(name)s (%(email)s) receives a mail.") % values,
            _(
                "The mail says what must be done, how it stands, the due date and your note, with a link to this "
                "portal."
            ),
        ],
        submit=_("Send"),
        cancel_url=reverse("readiness_line", args=[cvr, guide.key]),
        danger=False,
        crumbs=[guide.title, reverse("readiness_line", args=[cvr, guide.key])],
    )


def readiness_line_delete(request: HttpRequest, cvr: str, line: str) -> HttpResponse:
    """Delete a line of the organisation's own, after asking."""
    organisation = access.organisation(request, cvr, right=Right.READINESS_CHANGE)
    guide, row = _found(organisation, line)
    if guide.kind is not Kind.OWN:
        raise Http404
    if request.method == "POST":
        return _delete(request, row)
    return confirm(
        request,
        title=_("Delete the line?"),
        intro=row.text,
        consequences=[_("The line disappears from the overview. What was said of it stays in the event log.")],
        submit=_("Delete the line"),
        cancel_url=reverse("readiness_line", args=[cvr, guide.key]),
        version=row.version,
        crumbs=[guide.title, reverse("readiness_line", args=[cvr, guide.key])],
    )


def _delete(request: HttpRequest, row: ReadinessLine) -> HttpResponse:
    try:
        readiness.delete(caller=access.caller(request), row=row, version=posted_version(request))
    except StaleVersion:
        toast(request, _("Somebody changed the line meanwhile. Look at it before you delete it."), variant="warning")
        return redirect("readiness_line", row.organisation.cvr_number, row.pk)
    toast(request, _("The line was deleted."))
    return redirect("overview", row.organisation.cvr_number)


def deadlines(request: HttpRequest, cvr: str) -> HttpResponse:
    """Edit the dates; from a day of go-live the others are proposed."""
    organisation = access.organisation(request, cvr, right=Right.READINESS_CHANGE)
    plan = plans.plan_of(organisation)
    ask = GoLiveForm(
        request.GET if "go_live" in request.GET else None, initial={"go_live": plan.date(plans.Kind.GO_LIVE)}
    )
    proposal = plans.propose(ask.cleaned_data["go_live"], today=timezone.localdate()) if ask.is_valid() else None
    form = DeadlinesForm(request.POST or None, plan=plan, dates=proposal.dates if proposal else None)
    if form.is_valid():
        try:
            plans.save(
                caller=access.caller(request), organisation=organisation, wanted=form.wanted(), version=form.version
            )
        except plans.StalePlan as stale:
            form.name_fields()
            return conflict_response(request, form, stale.current)
        toast(request, _("The deadlines were saved."))
        return redirect("overview", cvr)
    context = {"form": form, "ask": ask, "proposal": proposal}
    return render(request, "overview/deadlines.html", context)

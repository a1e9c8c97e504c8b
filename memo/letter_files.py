"""What leaves the room as a file: reports, skeletons, tables; and verdicts that are kept."""

import json
import uuid
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adgang.lib import exports
from adgang.lib.toasts import toast
from memo import access, evidence, skeletons
from memo.elements import Version
from memo.evidence import Verdict
from memo.letter_forms import EvidenceForm
from memo.models import LetterType
from organisations.models import Organisation
from organisations.rights import Right
from systems.models import System


def memo_report(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Give out what a check said, as JSON or CSV, for a vendor."""
    organisation = access.organisation(request, cvr, right=Right.MEMOS_CHECK)
    verdict = Verdict.from_signed(request.POST.get("verdict", ""), owner=organisation.cvr_number)
    if verdict is None:
        toast(request, _("The report is not there any more. Check the file again."), variant="warning")
        return redirect("memo_check", cvr)
    if request.POST.get("format") == "csv":
        lines = exports.csv_lines(_header(), _findings(verdict))
        return attachment("".join(lines).encode(), f"{verdict.filename}.csv", "text/csv; charset=utf-8")
    content = json.dumps(verdict.as_json(), ensure_ascii=False, indent=2).encode()
    return attachment(content, f"{verdict.filename}.json", "application/json")


def _header() -> list[str]:
    names = [_("File"), _("Severity"), _("Code"), _("Path"), _("Line")]
    return [*names, _("What was found"), _("What to do"), _("Code of Digital Post")]


def _findings(verdict: Verdict) -> Iterator[list[exports.Value]]:
    for one in verdict.findings:
        told = one.as_text()
        yield [
            verdict.filename,
            told["severity"],
            told["code"],
            told["path"],
            told["line"],
            told["message"],
            told["remedy"],
            told["ngdp_code"],
        ]


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file that no browser opens as a page of ours."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def memo_evidence_keep(request: HttpRequest, cvr: str) -> HttpResponse:
    """Keep the verdict on a file, with its SHA-256, for a sender system or a letter type."""
    organisation = access.organisation(request, cvr, right=Right.LETTERS_CHANGE)
    verdict = Verdict.from_signed(request.POST.get("verdict", ""), owner=organisation.cvr_number)
    form = EvidenceForm(request.POST, organisation=organisation)
    if verdict is None or not form.is_valid():
        toast(
            request, _("Nothing was kept. Check the file again, and choose what it is evidence for."), variant="warning"
        )
        return redirect("memo_check", cvr)
    system, letter_type = _about(organisation, form.cleaned_data["about"])
    evidence.keep(
        caller=access.caller(request),
        organisation=organisation,
        verdict=verdict,
        system=system,
        letter_type=letter_type,
        at=timezone.now(),
    )
    toast(request, _("The verdict on %(file)s is kept as evidence.") % {"file": verdict.filename})
    if letter_type:
        return redirect("letter_type", cvr, letter_type.pk)
    return redirect("system", cvr, system.pk) if system else redirect("memo_check", cvr)


def _about(organisation: Organisation, chosen: str) -> tuple[System | None, LetterType | None]:
    kind, _colon, pk = chosen.partition(":")
    if kind == "type":
        return None, LetterType.objects.filter(organisation=organisation, pk=pk).first()
    return System.objects.filter(organisation=organisation, pk=pk).first(), None


def letter_type_skeleton(request: HttpRequest, cvr: str, letter_type_id: uuid.UUID) -> HttpResponse:
    """Give out a message to fill in, in the version that is asked for (1.1 unless it is 1.2)."""
    found = access.letter_type(request, cvr, letter_type_id, right=Right.LETTERS_VIEW)
    version = Version.V1_2 if request.GET.get("version") == "1.2" else Version.V1_1
    content = skeletons.skeleton(found, version=version, at=timezone.now())
    return attachment(content, f"{found.name} {version}.xml", "application/xml")


def letter_type_sheet(request: HttpRequest, cvr: str, letter_type_id: uuid.UUID) -> HttpResponse:
    """Show what letters of a type must carry, for the vendor of the letter-producing system: to print, or as CSV."""
    found = access.letter_type(request, cvr, letter_type_id, right=Right.LETTERS_VIEW)
    rows = skeletons.sheet(found)
    if request.GET.get("format") == "csv":
        cells: list[list[exports.Value]] = [[row.element, row.value, row.why] for row in rows]
        lines = exports.csv_lines([_("Element"), _("Value"), _("Explanation")], cells)
        return attachment("".join(lines).encode(), f"{found.name}.csv", "text/csv; charset=utf-8")
    return render(request, "memo/letter_type_sheet.html", {"letter_type": found, "sheet": rows})

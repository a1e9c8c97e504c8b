"""Letter types as a CSV file: taken in after a dry run, given out, and the template to begin with."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import exports
from adgang.lib.toasts import toast
from contacts.differences import Act
from memo import access, letter_columns, letter_import
from memo.evidence import LIFETIME
from memo.letter_columns import COLUMNS, EXPORTED
from memo.letter_files import attachment
from memo.letter_forms import LetterImportForm
from memo.letter_import import ImportRefused, Plan
from organisations.exporting import note_export
from organisations.models import Organisation
from organisations.rights import Right

SALT = "memo.letter_import"
CSV = "text/csv; charset=utf-8"
SHOWN = 200  # changes and findings that the page lists; the file itself is at hand


def letter_types_import(request: HttpRequest, cvr: str) -> HttpResponse:
    """Take a file, show every fault of it and everything it would do, and do it when that is agreed to.

    Between the two the file stands in the page itself, signed; nothing is kept here.
    """
    organisation = access.organisation(request, cvr, right=Right.LETTERS_CHANGE)
    if "file_seen" in request.POST:
        return _apply(request, organisation)
    form = LetterImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"]
        plan = letter_import.dry_run(organisation=organisation, content=content)
        return _review(request, organisation, plan, form.filename, content)
    context = {"organisation": organisation, "form": form, "columns": COLUMNS}
    return render(request, "memo/letter_types_import.html", context)


def _apply(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    try:
        cvr, name, text = signing.loads(request.POST["file_seen"], salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        cvr, name, text = "", "", ""
    if cvr != organisation.cvr_number:
        toast(request, _("The file is not there any more. Choose it again."), variant="warning")
        return redirect("letter_types_import", organisation.cvr_number)
    content, seen = text.encode("latin-1"), request.POST.get("seen", "")
    try:
        done = letter_import.apply(caller=access.caller(request), organisation=organisation, content=content, seen=seen)
    except ImportRefused as refused:
        return _review(request, organisation, refused.plan, name, content, was_changed=True)
    count = len(done.changes)
    told = ngettext("%(count)s letter type is imported.", "%(count)s letter types are imported.", count)
    toast(request, told % {"count": count})
    return redirect("letter_types", organisation.cvr_number)


def _review(
    request: HttpRequest,
    organisation: Organisation,
    plan: Plan,
    filename: str,
    content: bytes,
    *,
    was_changed: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": organisation,
        "filename": filename,
        "plan": plan,
        "errors": plan.errors[:SHOWN],
        "changes": plan.changes[:SHOWN],
        "further_changes": max(0, len(plan.changes) - SHOWN),
        "tally": _tally(plan),
        "was_changed": was_changed,
    }
    if not plan.errors and plan.changes:
        kept = [organisation.cvr_number, filename, content.decode("latin-1")]
        context["file_seen"] = signing.dumps(kept, salt=SALT, compress=True)
    return render(request, "memo/letter_types_import.html", context)


def _tally(plan: Plan) -> list[str]:
    created, changed, deleted = (plan.counts[act] for act in (Act.CREATE, Act.CHANGE, Act.DELETE))
    texts = [
        (created, ngettext("%(count)s is created", "%(count)s are created", created)),
        (changed, ngettext("%(count)s is changed", "%(count)s are changed", changed)),
        (deleted, ngettext("%(count)s is deleted", "%(count)s are deleted", deleted)),
    ]
    return [text % {"count": count} for count, text in texts if count]


def letter_types_export(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give out all letter types in a form that can be edited and imported again."""
    organisation = access.organisation(request, cvr, right=Right.LETTERS_VIEW)
    note_export(request, "brevtyper", "csv")
    name = f"brevtyper-{cvr}-{timezone.localdate():%Y-%m-%d}.csv"
    return _file(name, [column.name for column in EXPORTED], letter_import.lines(organisation))


def letter_types_template(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give out a file with every column and a row of examples."""
    access.organisation(request, cvr, right=Right.LETTERS_VIEW)
    return _file("brevtyper-skabelon.csv", [column.name for column in COLUMNS], letter_columns.template())


def _file(name: str, header: list[str], rows: Any) -> HttpResponse:
    return attachment("".join(exports.csv_lines(header, rows)).encode(), name, CSV)

"""The structure as a file: taken in after a dry run, given out, and the template to begin with."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from adgang.lib.findings import Severity
from adgang.lib.toasts import toast
from contacts import access, differences, exporting, import_drafts, importing
from contacts.csv_columns import COLUMNS
from contacts.differences import Act
from contacts.exporting import Format
from contacts.forms.files import ImportForm
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import ImportDraft
from contacts.planning import Plan
from organisations.exporting import note_export
from organisations.rights import Right

SHOWN_FINDINGS = 200
SHOWN_CHANGES = 200
CREATE_ANYWAY = "opret"


def structure_import(request: HttpRequest, cvr: str) -> HttpResponse:
    """Take a file; what it would do is shown on the next page."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft = import_drafts.begin(
            organisation=organisation,
            user=access.caller(request).user,
            content=form.cleaned_data["file"],
            filename=form.filename,
        )
        return redirect("structure_import_review", cvr, draft.pk)
    context = {"organisation": organisation, "form": form, "columns": COLUMNS, "formats": list(Format)}
    return render(request, "contacts/structure_import.html", context)


def structure_import_review(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Show every fault of an uploaded file and everything it would do; apply it when that is agreed to."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    content = draft.blob.content()
    create_anyway = request.POST.get(CREATE_ANYWAY, request.GET.get(CREATE_ANYWAY)) == "alligevel"
    if request.method != "POST":
        plan = importing.dry_run(organisation=draft.organisation, content=content, create_anyway=create_anyway)
        return _review(request, draft, plan, create_anyway=create_anyway)
    try:
        plan = importing.apply(
            caller=access.caller(request),
            organisation=draft.organisation,
            content=content,
            create_anyway=create_anyway,
            seen=request.POST.get("seen") or "-",
        )
    except ImportRefused as refused:
        return _review(request, draft, refused.plan, create_anyway=create_anyway, was_changed=True)
    except StructureChanged as other:
        return _review(request, draft, other.plan, create_anyway=create_anyway, was_changed=True)
    import_drafts.drop(draft)
    count = len(differences.changes(plan))
    text = ngettext("%(count)s change is imported.", "%(count)s changes are imported.", count)
    toast(request, text % {"count": count})
    return redirect("structure", cvr)


def _review(
    request: HttpRequest, draft: ImportDraft, plan: Plan, *, create_anyway: bool, was_changed: bool = False
) -> HttpResponse:
    changes = differences.changes(plan)
    errors, warnings = plan.found(Severity.ERROR), plan.found(Severity.WARNING)
    context: dict[str, Any] = {
        "organisation": draft.organisation,
        "draft": draft,
        "plan": plan,
        "separator": SEPARATORS.get(plan.sheet.separator, ""),
        "errors": errors[:SHOWN_FINDINGS],
        "error_count": len(errors),
        "warnings": warnings[:SHOWN_FINDINGS],
        "warning_count": len(warnings),
        "notes": plan.found(Severity.INFO),
        "changes": changes[:SHOWN_CHANGES],
        "change_count": len(changes),
        "further_changes": max(0, len(changes) - SHOWN_CHANGES),
        "tally": _tally(changes),
        "seen": differences.digest(plan),
        "create_anyway": create_anyway,
        "exists_already": any(found.finding.code in ("row.exists", "row.twice") for found in errors),
        "was_changed": was_changed,
    }
    return render(request, "contacts/structure_import_review.html", context)


SEPARATORS = {";": _("semicolon"), ",": _("comma"), "\t": _("tab")}


def _tally(changes: Iterable[differences.Change]) -> list[str]:
    acts = [change.act for change in changes]
    created, changed, deleted = (acts.count(act) for act in (Act.CREATE, Act.CHANGE, Act.DELETE))
    texts = [
        (created, ngettext("%(count)s is created", "%(count)s are created", created)),
        (changed, ngettext("%(count)s is changed", "%(count)s are changed", changed)),
        (deleted, ngettext("%(count)s is deleted", "%(count)s are deleted", deleted)),
    ]
    return [text % {"count": count} for count, text in texts if count]


def structure_export(request: HttpRequest, cvr: str, file_format: str) -> HttpResponseBase:
    """Give out the structure in a form that can be edited and imported again."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    form = Format(file_format)
    note_export(request, "kontaktstruktur", form)
    return _file(exporting.export(organisation, form), form, f"kontaktstruktur-{cvr}-{timezone.localdate():%Y-%m-%d}")


def structure_template(request: HttpRequest, cvr: str, file_format: str) -> HttpResponseBase:
    """Give out a file with every column and a row of examples."""
    access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    form = Format(file_format)
    return _file(exporting.template(form), form, "kontaktstruktur-skabelon")


def _file(parts: Iterable[bytes], form: Format, name: str) -> HttpResponseBase:
    filename = f"{name}.{form}"
    response = StreamingHttpResponse(parts, content_type=exporting.MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return response

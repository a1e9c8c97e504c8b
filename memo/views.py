"""Pages that check messages and receipts. Nothing of what is handed in is kept."""

import base64
import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from adgang.lib.uploads import MemoryUploadHandler
from memo import access, composing, receipts, received
from memo.compose_form import ComposeForm
from memo.examples import BY_KEY, EXAMPLES, Example
from memo.forms import MemoForm, ReceiptForm
from memo.letter_forms import EvidenceForm, PlacedMemoForm
from memo.letter_place import OrganisationPlace, is_uuid
from memo.models import LetterType
from memo.received import Received
from memo.reports import MEGABYTE, Limits, Place
from organisations import open_checks
from organisations.models import Organisation
from organisations.rights import Right

LIMIT = 100 * MEGABYTE
# Base64 makes a third more of them.
DOCUMENTS_LIMIT = 70 * MEGABYTE
OPEN_LIMIT = 10 * MEGABYTE  # without signing in

View = Callable[..., HttpResponse]


def in_memory(view: View) -> View:
    """Decorate a view whose uploads are held in memory alone, up to `OPEN_LIMIT`; what is larger is cut off."""
    protected = csrf_protect(never_cache(view))

    # The handler must be in place before anything reads the body, which checking the CSRF token does.
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [MemoryUploadHandler(request, limit=OPEN_LIMIT)]
        return protected(request, *args, **kwargs)

    return guarded


@never_cache
def memo_check(request: HttpRequest, cvr: str) -> HttpResponse:
    """Check messages for an organisation, against what it has registered."""
    organisation = access.organisation(request, cvr, right=Right.MEMOS_CHECK)
    form = PlacedMemoForm(
        request.POST or None,
        request.FILES or None,
        limit=LIMIT,
        organisation=organisation,
        initial={"letter_type": request.GET.get("brevtype")},
    )
    checked = None
    if request.method == "POST" and form.is_valid():
        place = OrganisationPlace(organisation, letter_type=form.cleaned_data["letter_type"])
        checked = _check(form, place=place)
        for one in checked.messages:
            one.owner = organisation.cvr_number
    example = BY_KEY.get(request.GET.get("eksempel", "")) if request.method == "GET" else None
    if example:
        checked = _tried(example, organisation)
    may_keep = checked is not None and access.caller(request).may(Right.LETTERS_CHANGE, organisation)
    context = {
        "organisation": organisation,
        "form": form,
        "checked": checked,
        "evidence_form": EvidenceForm(organisation=organisation) if may_keep else None,
        "example": example,
        "examples": EXAMPLES,
    }
    return render(request, "memo/memo_check.html", context)


@in_memory
def check_memo(request: HttpRequest) -> HttpResponse:
    """Check messages for anybody. Nothing is stored, not even for a moment on disk, and nothing is logged."""
    access.public(request, "ADGANG_PUBLIC_CHECKS")
    form = MemoForm(request.POST or None, request.FILES or None, limit=OPEN_LIMIT)
    checked, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            with open_checks.turn(request, "check_memo"):
                checked = _check(form, stop=OPEN_LIMIT)
        except open_checks.NoTurn as refused:
            form.add_error(None, refused.text)
            status = refused.status
    example = BY_KEY.get(request.GET.get("eksempel", "")) if request.method == "GET" else None
    if example:
        checked = _tried(example, None)
    context = {"form": form, "checked": checked, "example": example, "examples": EXAMPLES}
    return render(request, "memo/check_memo.html", context, status=status)


def _tried(example: Example, organisation: Organisation | None) -> Received:
    """Return what the check says of an example; nothing of it is kept."""
    at = timezone.now()
    content = example.content(organisation, at=at)
    place = OrganisationPlace(organisation) if organisation else None
    limits = Limits.of_installation()
    checked = received.check([(example.filename, io.BytesIO(content))], at=at, limits=limits, place=place)
    checked.file = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
    return checked


def _check(form: MemoForm, *, stop: int | None = None, place: Place | None = None) -> Received:
    files = [(str(file.name), _stream(file)) for file in form.cleaned_data["messages"]]
    return received.check(files, at=timezone.now(), limits=Limits.of_installation(stop=stop), place=place)


def _stream(file: "UploadedFile[bytes]") -> Any:
    """Return the upload as a stream that is read in pieces."""
    file.seek(0)
    return file.file


@never_cache
def memo_compose(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Build a message from a form, and give it out as a file. Nothing of it is kept."""
    organisation = access.organisation(request, cvr, right=Right.MEMOS_CHECK)
    types = LetterType.objects.filter(organisation=organisation)
    begun = types.filter(pk=request.GET["brevtype"]).first() if is_uuid(request.GET.get("brevtype")) else None
    initial = ComposeForm.begun_from(begun, at=timezone.now()) if begun else {}
    form = ComposeForm(
        request.POST or None,
        request.FILES or None,
        organisation=organisation,
        limit=DOCUMENTS_LIMIT,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        made = composing.compose(
            form.message(at=at, read=composing.content_of), count=form.cleaned_data["count"], at=at
        )
        if not made.refused:
            return FileResponse(
                made.stream, as_attachment=True, filename=made.name, content_type="application/octet-stream"
            )
        for one in made.refused:
            form.add_error(None, f"{one.finding.message} {one.finding.remedy}")
    context = {
        "organisation": organisation,
        "form": form,
        "begun": begun,
        "letter_types": list(types.only("name")),
    }
    return render(request, "memo/memo_compose.html", context)


@never_cache
def receipt_check(request: HttpRequest, cvr: str) -> HttpResponse:
    """Tell what Digital Post makes of a receipt."""
    organisation = access.organisation(request, cvr, right=Right.MEMOS_CHECK)
    form = ReceiptForm(request.POST or None, request.FILES or None)
    verdict = receipts.judge(form.content) if request.method == "POST" and form.is_valid() else None
    context = {"organisation": organisation, "form": form, "verdict": verdict}
    return render(request, "memo/receipt_check.html", context)

"""Checking messages by API: the same check as on the pages, the same findings."""

from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from adgang.api.authentication import system_of
from adgang.lib.api.errors import ApiError, answer
from adgang.lib.uploads import MemoryUploadHandler
from memo.contract import told
from memo.letter_place import OrganisationPlace, is_uuid
from memo.models import LetterType
from memo.received import BOUNDS
from memo.reports import MEGABYTE, Limits, Place
from organisations import access, open_checks
from organisations.models import Organisation

LIMIT = 100 * MEGABYTE
OPEN_LIMIT = 10 * MEGABYTE  # without a token


@csrf_exempt
@never_cache
def memos_check(request: HttpRequest) -> HttpResponse:
    """POST a message or container, as the body or as the part “file”; answers what `check_memo` prints.

    With a system's token up to 100 MB, held against what its organisation has registered and, with `letterType` in the
    query, against one of its letter types; without a token, where the operator lets anybody check, the format alone,
    up to 10 MB and as often as on the open page.
    """
    access.public(request)
    try:
        return _check(request)
    except ApiError as error:
        return answer(error.status, error.code, error.message, headers=error.headers)
    except open_checks.NoTurn as refused:
        return answer(refused.status, "check.no_turn", refused.text, headers={"Retry-After": "3600"})


def _check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise ApiError(405, "method.not_allowed", _("Only POST is possible here."), headers={"Allow": "POST"})
    system = system_of(request)
    if system is not None:
        place = OrganisationPlace(system.organisation, letter_type=_letter_type(request, system.organisation))
        return JsonResponse(_told(_content(request, LIMIT), limit=LIMIT, place=place))
    if not settings.ADGANG_PUBLIC_CHECKS:
        text = _("Send the system's id and token as Basic base64(system id:token).")
        raise ApiError(401, "authentication.missing", text, headers={"WWW-Authenticate": "Basic"})
    with open_checks.turn(request, "check_memo"):
        return JsonResponse(_told(_content(request, OPEN_LIMIT), limit=OPEN_LIMIT))


def _letter_type(request: HttpRequest, organisation: Organisation) -> LetterType | None:
    """Return the letter type that is asked for, if any. Raises `ApiError` for one that the organisation has not."""
    text = request.GET.get("letterType", "")
    if not text:
        return None
    rows = LetterType.objects.filter(organisation=organisation).with_point().select_related("organisation")
    found = rows.filter(pk=text).first() if is_uuid(text) else None
    if found is None:
        raise ApiError(400, "letter_type.unknown", _("The organisation has no letter type with this ID."))
    return found


def _content(request: HttpRequest, limit: int) -> BinaryIO:
    """Return what is to be checked. Raises `ApiError`."""
    if int(request.headers.get("Content-Length") or 0) > limit + MEGABYTE:
        text = _("The message is larger than %(limit)s MB.") % {"limit": limit // MEGABYTE}
        raise ApiError(413, "memo.too_large", text)
    if not (request.content_type or "").startswith("multipart/"):
        return cast(BinaryIO, _Body(request))
    if limit == OPEN_LIMIT:
        request.upload_handlers = [MemoryUploadHandler(request, limit=limit)]
    else:
        request.upload_handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise ApiError(400, "file.missing", _("Send the message as the body, or as the part “file” of a form."))
    return cast(BinaryIO, file.file)


class _Body:
    """The body of a request as a stream."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        return self.request.read(size)


def _told(source: BinaryIO, *, limit: int, place: Place | None = None) -> dict[str, Any]:
    limits = Limits.of_installation(stop=limit)
    return told(source, at=timezone.now(), limits=limits, bounds=BOUNDS, place=place)

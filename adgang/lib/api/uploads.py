"""Files that calls carry: the part “file” of a form, held in memory and cut off at its limit."""

from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, FieldError
from adgang.lib.uploads import MemoryUploadHandler

FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def file_of(request: HttpRequest, *, limit: int) -> BinaryIO:
    """Return the file in a form's part “file”: at most `limit` bytes and one more, for the reader to see.

    Raises `ApiError` when there is none.
    """
    return cast(BinaryIO, upload_of(request, limit=limit).file)


def upload_of(request: HttpRequest, *, limit: int) -> "UploadedFile[bytes]":
    """Return the part “file” with its name, for what is kept under it. As `file_of` else."""
    request.upload_handlers = [MemoryUploadHandler(request, limit=limit)]
    if request.method != "POST":
        return _read_form(request)
    return _file(request.FILES.get("file"))


def _read_form(request: HttpRequest) -> "UploadedFile[bytes]":
    """Django reads forms of POST only; the registry's clients send them with PUT, too."""
    method, request.method = request.method, "POST"
    try:
        return _file(request.FILES.get("file"))
    finally:
        request.method = method


def _file(file: Any) -> "UploadedFile[bytes]":
    if file is None or isinstance(file, list):
        text = _("Send a form (multipart/form-data) with the file as its part “file”.")
        raise ApiError(
            400,
            "file.missing",
            text,
            fields=[FieldError(resource="form", field="file", code="file.missing", message=text)],
        )
    return cast("UploadedFile[bytes]", file)

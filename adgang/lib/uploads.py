"""Uploads of credentials: held in memory, cut off at their limit, never written to a temporary file or an error report.

A private key may arrive where a certificate is wanted; none of it must outlive the request.
"""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from adgang.lib.forms import Form

CREDENTIAL_LIMIT = 64 * 1024  # bytes
BODY_LIMIT = 32 * 1024 * 1024  # bytes; a body beyond it is not even read to its end

View = Callable[..., HttpResponse]


class MemoryUploadHandler(FileUploadHandler):
    """Keeps the first `limit` bytes of a file and one more, in memory: a larger one is known to be too large."""

    def __init__(self, request: HttpRequest | None = None, *, limit: int) -> None:
        super().__init__(request)
        self.limit = limit

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > BODY_LIMIT:
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept += raw_data[: self.limit + 1 - len(self.kept)]

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        return InMemoryUploadedFile(
            file=BytesIO(bytes(self.kept)),
            field_name=self.field_name,
            name=self.file_name or "upload",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )


def held_in_memory(limit: int) -> Callable[[View], View]:
    """Decorate a view whose form takes a file: in memory, at most `limit` bytes, in no cache and no error report."""

    def decorate(view: View) -> View:
        protected = csrf_protect(sensitive_post_parameters()(never_cache(view)))

        # The handler must be in place before anything reads the body, which checking the CSRF token does.
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.upload_handlers = [MemoryUploadHandler(request, limit=limit)]
            return protected(request, *args, **kwargs)

        return guarded

    return decorate


credential_form = held_in_memory(CREDENTIAL_LIMIT)


class CredentialForm(Form):
    """A credential as a file or as pasted text, one of the two. After cleaning, `content` is what came."""

    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=_("Or paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if file is None and not text.strip():
            raise ValidationError({"file": _("Choose a file or paste the text")})
        if file is not None and text.strip():
            raise ValidationError({"file": _("Choose a file or paste the text, not both")})
        return cleaned

    @property
    def content(self) -> bytes:
        """What was uploaded or pasted, at most one byte more than the limit."""
        file = self.cleaned_data.get("file")
        content = file.read() if file is not None else self.cleaned_data["text"].encode(errors="replace")
        return bytes(content[: CREDENTIAL_LIMIT + 1])

    def forget(self) -> None:
        """Empty the field of what was pasted, so that the page does not send it back."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("text")] = ""
        self.data = data

"""Credentials are held in memory, cut off at their limit, and kept out of error reports."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import StopUpload
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from adgang.lib.uploads import BODY_LIMIT, CREDENTIAL_LIMIT, CredentialForm, MemoryUploadHandler, credential_form


@credential_form
def receive(request: HttpRequest) -> HttpResponse:
    """Answer with what arrived."""
    file = request.FILES["file"]
    assert not isinstance(file, TemporaryUploadedFile)
    return HttpResponse(f"{len(file.read())} of {file.size}")


def post(content: bytes) -> HttpResponse:
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("c.cer", content)})
    request._dont_enforce_csrf_checks = True
    return receive(request)


@pytest.mark.parametrize(
    ("size", "kept"),
    [(10, 10), (CREDENTIAL_LIMIT, CREDENTIAL_LIMIT), (CREDENTIAL_LIMIT + 1, CREDENTIAL_LIMIT + 1)],
)
def test_a_file_is_kept_up_to_its_limit(size: int, kept: int) -> None:
    assert post(bytes(size)).content.decode() == f"{kept} of {size}"


def test_of_a_large_file_only_the_beginning_is_kept() -> None:
    size = 5 * 1024 * 1024
    assert post(bytes(size)).content.decode() == f"{CREDENTIAL_LIMIT + 1} of {size}"


def test_an_endless_body_is_not_read() -> None:
    handler = MemoryUploadHandler(limit=CREDENTIAL_LIMIT)
    with pytest.raises(StopUpload):
        handler.handle_raw_input(BytesIO(), {}, BODY_LIMIT + 1, b"x")


def test_forms_with_credentials_are_checked_for_forgery_and_never_cached() -> None:
    request = RequestFactory(enforce_csrf_checks=True).post("/", {"file": SimpleUploadedFile("c.cer", b"x")})
    assert receive(request).status_code == 403
    assert "no-store" in post(b"x")["Cache-Control"]


def test_error_reports_hide_every_value() -> None:
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("c.cer", b"x"), "text": "hemmeligt"})
    request._dont_enforce_csrf_checks = True
    receive(request)
    assert request.sensitive_post_parameters == "__ALL__"


def test_the_content_is_the_file_or_the_text() -> None:
    typed = CredentialForm({"text": " æøå\n"})
    sent = CredentialForm({}, {"file": SimpleUploadedFile("c.cer", b"\x30\x82")})
    assert (typed.is_valid(), typed.content) == (True, " æøå\n".encode())
    assert (sent.is_valid(), sent.content) == (True, b"\x30\x82")


def test_an_empty_file_is_passed_on_to_be_named() -> None:
    form = CredentialForm({}, {"file": SimpleUploadedFile("c.cer", b"")})
    assert (form.is_valid(), form.content) == (True, b"")


def test_a_long_text_is_cut_off() -> None:
    form = CredentialForm({"text": "a" * 100_000})
    assert form.is_valid()
    assert len(form.content) == CREDENTIAL_LIMIT + 1

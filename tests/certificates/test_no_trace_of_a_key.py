"""A private key that is handed in leaves no trace: not in the answer, the database, the logs or a temporary file."""

import base64
import logging
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from adgang.demo import pki
from tests.certificates.test_private_keys import PPK
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, grant, organisation, user_with

pytestmark = pytest.mark.django_db

MADE = make.issued()
BODY = b"".join(MADE.key_pem.splitlines()[1:-1]).decode()
BAG = pkcs12.serialize_key_and_certificates(
    b"x", MADE.key, MADE.certificate, None, BestAvailableEncryption(b"hemmelig")
)
HANDED_IN = {
    "PEM": MADE.key_pem,
    "after its certificate": MADE.pem + MADE.key_pem,
    "without armour": BODY.encode(),
    "with a letter lost": MADE.key_pem.replace(BODY[100:102].encode(), BODY[100:101].encode(), 1),
    "in UTF-16": MADE.key_pem.decode().encode("utf-16"),
    "DER": base64.b64decode(BODY),
    "PKCS#12": BAG,
    "PuTTY": PPK,
}
PAGES = ("moces_upload", "check_certificate", "trust_anchor_add")


@pytest.fixture
def client() -> Client:
    here = organisation(cvr_number="90000004")
    person = user_with(Role.READER, organisation=here)
    grant(user=person, role=Role.SYSTEM_MANAGER, organisation=None)
    return client_for(person)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def secrets_of(content: bytes) -> list[str]:
    """Return what must appear nowhere: parts of the key as text, and of the very bytes, however they are shown."""
    shown = content.replace(b"\0", b"")[150:-60]
    texts = [BODY[start : start + 24] for start in range(60, len(BODY) - 60, 24)]
    return [*texts, "AAAAIGFiY2RlZmdoaWprbG1ub3", repr(shown[:24])[2:-1], repr(shown[-24:])[2:-1]]


def kept() -> str:
    """Return every value of every row that there is."""
    models = [model for model in apps.get_models() if model._meta.managed]
    return "\n".join(repr(list(model._default_manager.values_list())) for model in models)


def address(page: str) -> str:
    return reverse(page, args=["90000004"] if page == "moces_upload" else [])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("form", HANDED_IN)
@pytest.mark.parametrize("way", ["file", "text"])
def test_nothing_is_left(
    page: str, form: str, way: str, client: Client, temporary: Path, caplog: pytest.LogCaptureFixture, capfd
) -> None:
    content = HANDED_IN[form]
    sent = SimpleUploadedFile("noegle.pem", content) if way == "file" else content.decode("latin-1")
    with caplog.at_level(logging.DEBUG):
        answer = client.post(address(page), {way: sent})
    assert answer.status_code == 200
    out, err = capfd.readouterr()
    everything = "\n".join([answer.content.decode(), kept(), caplog.text, out, err])
    assert [secret for secret in secrets_of(content) if secret in everything] == []
    if way == "file" or content.isascii():  # other bytes are no text, and refused as such
        assert "privat" in answer.content.decode() or "PKCS#12" in answer.content.decode()
    assert list(temporary.iterdir()) == []


def test_not_even_where_the_page_itself_fails(client: Client, caplog: pytest.LogCaptureFixture, capfd) -> None:
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_certificate RENAME TO gone")
    with caplog.at_level(logging.DEBUG):
        answer = client.post(address("moces_upload"), {"text": (MADE.pem + MADE.key_pem).decode()})
    out, err = capfd.readouterr()
    everything = "\n".join([answer.content.decode(), caplog.text, out, err])
    assert answer.status_code == 500
    assert "OperationalError" in everything or "ProgrammingError" in everything
    assert [secret for secret in secrets_of(MADE.key_pem) if secret in everything] == []


def test_the_search_would_find_it(client: Client) -> None:
    assert [secret for secret in secrets_of(MADE.key_pem) if secret in MADE.key_pem.decode().replace("\n", "")]
    assert pki.cheap_key() is MADE.key

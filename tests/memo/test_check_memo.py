"""The open check of messages: for anybody, few an hour, nothing kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from freezegun import freeze_time

from memo import views
from organisations import open_checks
from organisations.models import Event
from tests.factories.messages import written

pytestmark = pytest.mark.django_db

URL = "/tjek/memo/"


def post(*contents):
    files = [SimpleUploadedFile("a.xml", content) for content in contents]
    return Client().post(URL, {"messages": files})


def test_anybody_may_where_the_operator_lets_them(settings):
    assert Client().get(URL).status_code == 200
    settings.ADGANG_PUBLIC_CHECKS = False
    assert Client().get(URL).status_code == 404
    assert post(written()).status_code == 404


def test_a_message_is_checked_and_nothing_is_logged():
    text = post(written()).content.decode()
    assert "Meddelelsen kan sendes" in text
    assert not Event.objects.exists()


def test_nothing_touches_the_disk(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert post(written().ljust(3_000_000)).status_code == 200


def test_what_is_too_large_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(views, "OPEN_LIMIT", 1000)
    assert "højst 0 MB" in post(written()).content.decode()


def test_ten_an_hour():
    with freeze_time("2026-11-23 12:00:00"):
        statuses = [post(b"hej").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_a_crowd_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(open_checks, "PATIENCE", 0)
    with open_checks.AT_ONCE, open_checks.AT_ONCE:
        assert post(b"hej").status_code == 503


def test_the_form_is_protected_against_forgery():
    client = Client(enforce_csrf_checks=True)
    assert client.post(URL, {"messages": SimpleUploadedFile("a.xml", b"x")}).status_code == 403

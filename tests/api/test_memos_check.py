"""Checking messages by API: for systems with their token, for anybody where the operator lets them."""

import base64
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from adgang.api import memos
from adgang.lib.secrets import new_token
from organisations.models import Event
from systems import api_tokens
from tests.factories import contacts, letters, systems
from tests.factories.contacts import CALLER
from tests.factories.messages import CVR, written
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.memo.test_containers import letter, packed

pytestmark = pytest.mark.django_db

URL = "/apis/adgang/v1/memos/check"
ERROR = {"code", "message", "fieldErrors"}


@pytest.fixture
def closed(settings):
    settings.ADGANG_PUBLIC_CHECKS = False


@pytest.fixture
def authorization():
    return authorized(organisation(cvr_number=CVR))


def authorized(org):
    system = systems.system(organisation=org)
    token = api_tokens.renew(caller=CALLER, system=system, version=system.version, at=timezone.now())
    return api_tokens.authorization(system, token)


def post(content, authorization="", client=None, **extra):
    headers = {"Authorization": authorization} if authorization else {}
    return (client or Client()).post(URL, content, content_type="application/xml", headers=headers, **extra)


def test_a_system_is_told_what_the_command_tells(closed, authorization):
    response = post(written(), authorization)
    assert response.status_code == 200
    result = response.json()
    assert list(result) == ["valid", "version", "findings"]
    assert (result["valid"], result["version"]) == (True, "1.1")
    bad = post(b"hej", authorization).json()
    assert (bad["valid"], bad["version"], bad["findings"][0]["code"]) == (False, None, "memo.file.not_xml")


def test_a_form_and_a_container(closed, authorization):
    upload = SimpleUploadedFile("post.tar.lzma", packed(letter(), letter()))
    response = Client().post(URL, {"file": upload}, headers={"Authorization": authorization})
    assert [one["valid"] for one in response.json()["messages"]] == [True, True]
    missing = Client().post(URL, {"andet": "x"}, headers={"Authorization": authorization})
    assert (missing.status_code, missing.json()["code"]) == (400, "file.missing")


def refusal(response):
    body = response.json()
    assert body.keys() == ERROR
    assert all(isinstance(body[key], str) for key in ("code", "message"))
    return response.status_code, body["code"]


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda right: right.replace("Basic", "Bearer"),
        lambda right: right[:-4],
        lambda right: basic(base64.b64decode(right[6:]).decode().partition(":")[0] + ":" + new_token()),
        lambda right: basic("00000000-0000-0000-0000-000000000000:x"),
        lambda right: basic("x"),
        lambda right: "Basic æ",
        lambda right: "Basic",
    ],
)
def test_a_wrong_token_is_refused_even_where_anybody_may(authorization, wrong):
    response = post(written(), wrong(authorization))
    assert refusal(response) == (401, "authentication.failed")
    assert response.headers["WWW-Authenticate"] == "Basic"


def test_many_wrong_tokens_are_slowed_down(authorization):
    statuses = {post(written(), "Basic x").status_code for _ in range(21)}
    assert statuses == {401, 429}


def test_without_a_token(closed):
    assert refusal(post(written())) == (401, "authentication.missing")


def test_a_session_never_counts(closed):
    signed_in = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation()))
    assert refusal(post(written(), client=signed_in)) == (401, "authentication.missing")


def test_anybody_may_a_few_times_where_the_operator_lets_them():
    assert [post(written()).status_code for _ in range(11)] == [200] * 10 + [429]
    assert not Event.objects.exists()


def test_what_is_too_large(monkeypatch, closed, authorization):
    monkeypatch.setattr(memos, "LIMIT", -memos.MEGABYTE)
    assert refusal(post(written(), authorization)) == (413, "memo.too_large")


def test_other_methods_and_addresses():
    assert refusal(Client().get(URL)) == (405, "method.not_allowed")
    for path in ("/apis/", "/apis/adgang/v1/memos/check/", "/apis/v1/systems", "/apis/adgang"):
        response = Client().get(path)
        assert refusal(response) == (404, "path.unknown")
        assert refusal(Client(enforce_csrf_checks=True).post(path)) == (404, "path.unknown")


def test_the_body_is_read_in_pieces(closed, authorization):
    content = json.dumps({"a": "x" * 3_000_000}).encode()
    assert post(content, authorization).json()["findings"][0]["code"] == "memo.file.not_xml"


def found(response):
    """The codes that were found, but for the check digits of invented numbers."""
    told = response.json()["findings"]
    return [one["code"] for one in told if one["severity"] != "info" and one["code"] != "memo.id.cvr_check"]


def test_it_is_held_against_what_the_systems_organisation_has(closed, authorization):
    assert found(post(written(), authorization)) == ["memo.place.point_unknown"]
    assert "memo.place.sender" in found(post(written(), authorized(organisation())))


def test_it_is_held_against_a_letter_type(closed):
    org = organisation(cvr_number="90000999")
    right = letters.letter_type("A", point=contacts.point(organisation=org, registry_id=str(uuid.uuid4())))
    other = letters.letter_type("B", organisation=org, reply_allowed=False)
    authorization = authorized(org)

    def asked(letter_type):
        headers = {"Authorization": authorization}
        content = letters.message(right, at=timezone.now())
        return Client().post(
            f"{URL}?letterType={letter_type}", content, content_type="application/xml", headers=headers
        )

    assert found(asked(right.pk)) == []
    assert found(asked(other.pk)) == ["memo.letter.reply"]
    for unknown in (letters.letter_type("C").pk, "x"):
        assert refusal(asked(unknown)) == (400, "letter_type.unknown")

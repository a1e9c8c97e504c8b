"""A system asks who it is (`whoami`): its token, its certificate and its address, each accepted or why not."""

import base64
import datetime as dt
import json
import re
import ssl
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from systems import api_tokens, calls
from systems.connected import connected
from systems.models import Protocol, System, SystemHealth
from tests.factories import certificates, systems
from tests.factories.contacts import CALLER
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db

URL = "/apis/adgang/v1/whoami"
SECRET = "proxy-secret"
PROXY, CLIENT = "10.9.9.9", "192.0.2.10"


@pytest.fixture(autouse=True)
def proxy(settings: Any) -> None:
    settings.ADGANG_TRUSTED_PROXIES = ["10.9.9.0/24"]
    settings.ADGANG_PROXY_SECRET = SECRET


@pytest.fixture
def system() -> System:
    made = systems.system(protocol=Protocol.REST_PULL, active=True, networks=("192.0.2.0/28",))
    made.certificate = certificates.certificate(organisation=made.organisation)
    made.save()
    return made


def token_of(system: System) -> str:
    """Make a token the way the registry does, and put the certificate back that it takes away."""
    kept = system.certificate
    token = api_tokens.renew(caller=CALLER, system=system, version=system.version, at=timezone.now())
    System.objects.filter(pk=system.pk).update(certificate=kept)
    system.certificate = kept
    return token


def basic(system_id: object, token: str) -> str:
    return "Basic " + base64.b64encode(f"{system_id}:{token}".encode()).decode()


def shown(der: bytes) -> str:
    return quote(ssl.DER_cert_to_PEM_cert(der))


def ask(authorization: str = "", *, peer: str = PROXY, **headers: str) -> Any:
    told = {"X-Forwarded-For": CLIENT, "X-Adgang-Proxy-Secret": SECRET} | headers
    if authorization:
        told["Authorization"] = authorization
    return Client().get(URL, headers=told, REMOTE_ADDR=peer)


def parts(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200, answer.content
    return {part: answer.json()[part]["code"] for part in ("token", "certificate", "address")}


def health(system: System) -> SystemHealth:
    return SystemHealth.objects.get(system=system)


def test_everything_accepted_is_a_sign_of_life_and_no_change_of_the_system(system: System) -> None:
    token = token_of(system)
    version = systems.reread(system).version
    answer = ask(basic(system.pk, token), **{"X-Adgang-Client-Cert": shown(system.certificate.der)})
    assert parts(answer) == {
        "token": "call.token_accepted",
        "certificate": "call.certificate_accepted",
        "address": "call.address_accepted",
    }
    told = answer.json()
    assert (told["accepted"], told["system"]["id"], told["address"]["address"]) == (True, str(system.pk), CLIENT)
    assert token not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store" or "no-store" in answer["Cache-Control"]
    assert health(system).last_seen is not None
    again = systems.reread(system)
    assert again.version == version
    assert connected(again, timezone.now())


def test_the_answer_is_the_documented_one(system: System) -> None:
    text = (settings.BASE_DIR / "docs" / "whoami.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    documented = json.loads(example)
    answer = ask(
        basic(system.pk, token_of(system)),
        **{"X-Forwarded-For": "192.0.2.77", "X-Adgang-Client-Cert": shown(system.certificate.der)},
    ).json()
    assert answer.keys() == documented.keys()
    for name in ("system", "organisation", "token", "certificate", "address"):
        assert answer[name].keys() == documented[name].keys()


@pytest.mark.parametrize(
    ("headers", "peer", "code"),
    [
        ({}, PROXY, "call.certificate_missing"),
        ({"X-Adgang-Client-Cert": "real"}, "198.51.100.1", "call.certificate_missing"),  # not our proxy
        ({"X-Adgang-Client-Cert": "real", "X-Adgang-Proxy-Secret": "wrong"}, PROXY, "call.certificate_missing"),
        ({"X-Adgang-Client-Cert": "rubbish%00"}, PROXY, "call.certificate_missing"),
        ({"X-Adgang-Client-Cert": "æ" * 20}, PROXY, "call.certificate_missing"),
        ({"X-Adgang-Client-Cert": "other"}, PROXY, "call.certificate_other"),
        ({"X-Adgang-Client-Cert": "real"}, PROXY, "call.certificate_accepted"),
    ],
)
def test_whose_word_on_the_certificate_counts(system: System, headers: dict[str, str], peer: str, code: str) -> None:
    other = certificates.certificate(organisation=system.organisation)
    known = {"real": shown(system.certificate.der), "other": shown(other.der)}
    told = {name: known.get(value, value) for name, value in headers.items()}
    answer = ask(basic(system.pk, token_of(system)), peer=peer, **told)
    assert parts(answer)["certificate"] == code
    assert answer.json()["accepted"] is (code == "call.certificate_accepted")


def test_without_a_secret_of_the_proxy_no_certificate_is_taken(system: System, settings: Any) -> None:
    settings.ADGANG_PROXY_SECRET = ""
    headers = {"X-Adgang-Client-Cert": shown(system.certificate.der), "X-Adgang-Proxy-Secret": ""}
    assert parts(ask(basic(system.pk, token_of(system)), **headers))["certificate"] == "call.certificate_missing"


def test_the_certificate_that_is_to_follow_is_accepted_too(system: System) -> None:
    following = certificates.certificate(organisation=system.organisation)
    system.next_certificate, system.next_certificate_from = following, timezone.now() + dt.timedelta(days=3)
    system.save()
    headers = {"X-Adgang-Client-Cert": shown(following.der)}
    assert parts(ask(basic(system.pk, token_of(system)), **headers))["certificate"] == "call.certificate_next"


def test_a_registered_certificate_that_is_accepted_no_more_says_why(system: System) -> None:
    now, day = timezone.now(), dt.timedelta(days=1)
    expired = certificates.certificate(
        organisation=system.organisation, at=now - 700 * day, until=now - day, received=now - 30 * day
    )
    System.objects.filter(pk=system.pk).update(certificate=expired)
    headers = {"X-Adgang-Client-Cert": shown(expired.der)}
    answer = ask(basic(system.pk, token_of(systems.reread(system))), **headers)
    assert not answer.json()["certificate"]["accepted"]
    assert answer.json()["certificate"]["code"] == "date.expired"
    assert answer.json()["certificate"]["remedy"]


def test_addresses(system: System) -> None:
    authorization = basic(system.pk, token_of(system))
    assert parts(ask(authorization, **{"X-Forwarded-For": "192.0.2.99"}))["address"] == "call.address_refused"
    assert parts(ask(authorization, **{"X-Forwarded-For": "::ffff:192.0.2.3"}))["address"] == "call.address_accepted"
    assert parts(ask(authorization, **{"X-Forwarded-For": "huset"}))["address"] == "call.address_unknown"
    # What a client says of itself does not count: only our proxy's word does.
    direct = ask(authorization, peer="198.51.100.7", **{"X-Forwarded-For": CLIENT})
    assert direct.json()["address"]["address"] == "198.51.100.7"
    system.allowed_ips.all().delete()
    assert parts(ask(authorization, **{"X-Forwarded-For": "203.0.113.1"}))["address"] == "call.address_any"
    assert health(system).last_seen is None  # no certificate was shown


def test_a_wrong_token_and_an_unknown_system_look_alike(system: System, django_assert_num_queries: Any) -> None:
    token_of(system)
    answers = []
    for claimed in (system.pk, uuid.uuid4()):
        with django_assert_num_queries(6) as queries:
            answer = ask(basic(claimed, "wrong"))
        answers.append((answer.status_code, answer.content, answer["WWW-Authenticate"]))
        assert len(queries) == 6
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert health(system).last_call["parts"]["token"]["code"] == "call.token_wrong"
    assert health(system).last_seen is None


NONSENSE = ["", "Basic", "Basic ????", "Bearer abc", "Basic " + "QQ==" * 200, "Digest x"]


@pytest.mark.parametrize("authorization", NONSENSE)
def test_nonsense_is_401(authorization: str) -> None:
    answer = ask(authorization)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "fieldErrors"}


def test_other_methods() -> None:
    assert Client().post(URL).status_code == 405


def test_too_many(system: System, settings: Any) -> None:
    settings.ADGANG_API_PER_MINUTE = 2
    authorization = basic(system.pk, token_of(system))
    assert [ask(authorization).status_code for _ in range(3)] == [200, 200, 429]
    wrong = [ask(basic(system.pk, "wrong")).status_code for _ in range(21)]
    assert (wrong[0], wrong[-1]) == (401, 429)


def test_english(system: System) -> None:
    answer = ask(basic(system.pk, token_of(system)), **{"Accept-Language": "en"})
    assert answer.json()["certificate"]["message"] == "The connection showed no certificate."


def test_the_systems_page_shows_the_last_call_and_the_command(system: System) -> None:
    address = f"/o/{system.organisation.cvr_number}/systemer/{system.pk}/"
    client = owner_client(system)
    page = client.get(address).content.decode()
    assert "Systemet har ikke kaldt endnu." in page
    assert f"curl -u &quot;{system.pk}:$TOKEN&quot;" in page
    ask(basic(system.pk, token_of(system)), **{"X-Forwarded-For": "192.0.2.99"})
    page = client.get(address).content.decode()
    assert "192.0.2.99 er ikke blandt de tilladte adresser." in page
    assert "Forbindelsen viste intet certifikat." in page


def test_any_other_call_of_the_api_is_a_sign_of_life_too(system: System) -> None:
    headers = {
        "Authorization": basic(system.pk, token_of(system)),
        "X-Forwarded-For": CLIENT,
        "X-Adgang-Proxy-Secret": SECRET,
    }
    url = f"/apis/v1/organisations/{system.organisation_id}/systems/{system.pk}"
    without = Client().get(url, headers=headers, REMOTE_ADDR=PROXY)
    assert (without.status_code, without.json()["code"]) == (401, "call.certificate_missing")
    with_it = headers | {"X-Adgang-Client-Cert": shown(system.certificate.der)}
    assert Client().get(url, headers=with_it, REMOTE_ADDR=PROXY).status_code == 200
    assert health(system).last_seen is not None
    elsewhere = Client().get(url, headers=with_it | {"X-Forwarded-For": "192.0.2.99"}, REMOTE_ADDR=PROXY)
    assert elsewhere.json()["code"] == "call.address_refused"


def test_a_code_that_was_given_up_is_passed_over(system: System) -> None:
    SystemHealth.objects.filter(system=system).update(
        last_call={
            "at": "2026-01-01T00:00:00Z",
            "way": "API",
            "address": "",
            "accepted": False,
            "parts": {"token": {"code": "call.gone", "severity": "error", "params": {}}},
        }
    )
    found = calls.last_call(systems.reread(system))
    assert found is not None
    assert found.findings == []

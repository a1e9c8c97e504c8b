"""Coming back from the provider: what is believed of its answer, and whom it lets in."""

import base64
import json
import time

import pytest
from django.test import Client
from freezegun import freeze_time
from joserfc.jwk import ECKey, OctKey, RSAKey

from organisations.models import Event, SignIn, SignInIdentity
from tests.factories.organisations import Role, client_for, grant, organisation, user
from tests.organisations.oidc.conftest import CVR, bound, left, returned
from tests.organisations.pages import text
from tests.servers.oidc_forger import CLIENT, Forger

pytestmark = pytest.mark.django_db
UNTRUSTED = "Svaret fra Prøvelogin kunne ikke godkendes"
UNREACHABLE = "Prøvelogin svarer ikke på en måde, der kan bruges"


def unsigned(forger: Forger, **claims: object) -> str:
    """Return a token of algorithm `none`."""
    parts = ({"alg": "none"}, {"iss": forger.issuer, "aud": CLIENT, "sub": "kim", "nonce": forger.nonce, **claims})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*coded, ""])


def test_a_good_answer_opens_the_account_for_its_organisation_alone(forger, kim, here, settings) -> None:
    bound(kim, forger.issuer)
    grant(role=Role.READER, organisation=organisation(cvr_number="87654321"), user=kim)
    client = Client()
    assert returned(forger, client).url == "/"
    assert client.get(f"/o/{CVR}/myndighed/").status_code == 200
    assert client.get("/o/87654321/myndighed/").status_code == 404
    assert json.loads(Event.objects.filter(tag="SIGNED_IN").first().payload)["after"] == {"method": "OIDC"}
    assert SignIn.objects.get().method == "OIDC"
    page = text(client.get("/mig/login/"))
    assert "OpenID Connect kim" in page
    # What was sent for the code: the secret as a header, the verifier of the challenge, and nothing in the address.
    path, headers, form = next(heard for heard in forger.heard if heard[0].startswith("/token"))
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"adgang:hemmelig%3A%2B%25%C3%A6"
    assert (path, form["grant_type"], len(form["code_verifier"][0])) == ("/token", ["authorization_code"], 43)
    assert settings.ADGANG_OIDC_CLIENT_SECRET not in str(form)


FORGED_CLAIMS = {
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "another audience": {"aud": "somebody-else"},
    "another audience in a list": {"aud": ["somebody-else"]},
    "several audiences without azp": {"aud": [CLIENT, "somebody-else"]},
    "several audiences and another azp": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
    "another azp": {"azp": "somebody-else"},
    "no audience": {"aud": None},
    "expired": {"exp": time.time() - 61},
    "without an end": {"exp": None},
    "an end that is no number": {"exp": "tomorrow"},
    "not made yet": {"iat": time.time() + 3600},
    "without when it was made": {"iat": None},
    "not in force yet": {"nbf": time.time() + 3600},
    "another nonce": {"nonce": "of-another-login"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a subject without end": {"sub": "k" * 256},
    "another access token's": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", FORGED_CLAIMS.values(), ids=FORGED_CLAIMS)
def test_claims_that_are_not_for_us_let_nobody_in(forger, kim, claims) -> None:
    bound(kim, forger.issuer)
    forger.claims = claims
    client = Client()
    response = returned(forger, client)
    assert response.status_code == 403
    assert UNTRUSTED in text(response)
    assert "_auth_user_id" not in client.session


def by_another_key(forger: Forger) -> None:
    forger.signing_key = forger.secret_key


def by_the_secret(forger: Forger) -> None:
    forger.signing_key, forger.header = OctKey.import_key("hemmelig:+%æ" * 4), {"alg": "HS256"}


def by_the_public_key_as_secret(forger: Forger) -> None:
    forger.signing_key = OctKey.import_key(forger.key.as_pem(private=False).decode().replace("-", "_"))
    forger.header = {"alg": "HS256"}


def by_a_key_it_brings(forger: Forger) -> None:
    forger.signing_key = forger.secret_key
    forger.header = {"jwk": forger.secret_key.as_dict(private=False)}


def by_an_algorithm_not_allowed(forger: Forger) -> None:
    forger.signing_key = RSAKey.generate_key(2048)
    forger.header = {"alg": "RS512"}


def by_nobody(forger: Forger) -> None:
    forger.token = {"id_token": unsigned(forger, cvr=CVR, iat=int(time.time()), exp=int(time.time()) + 300)}


def changed_afterwards(forger: Forger) -> None:
    head, body, signature = forger.id_token().split(".")
    forger.token = {"id_token": f"{head}.{body[:-4]}AAAA.{signature}"}


def no_token(forger: Forger) -> None:
    forger.token = {"id_token": None}


def a_long_token(forger: Forger) -> None:
    forger.token = {"id_token": "a." * 10_000}


@pytest.mark.parametrize(
    "forge",
    [
        by_another_key,
        by_the_secret,
        by_the_public_key_as_secret,
        by_a_key_it_brings,
        by_an_algorithm_not_allowed,
        by_nobody,
        changed_afterwards,
        no_token,
        a_long_token,
    ],
)
def test_signatures_of_anybody_else_let_nobody_in(forger, kim, forge) -> None:
    bound(kim, forger.issuer)
    client = Client()
    asked = left(client)
    forger.nonce = asked["nonce"]
    forge(forger)
    response = client.get("/log-ind/oidc/retur/", {"state": asked["state"], "code": "a-code"})
    assert UNTRUSTED in text(response)
    assert "_auth_user_id" not in client.session


def test_none_is_refused_even_where_the_operator_wrote_it(forger, kim, settings) -> None:
    settings.ADGANG_OIDC_ALGORITHMS = ["none", "HS256"]
    by_nobody(forger)
    assert UNTRUSTED in text(returned(forger))


def test_new_keys_are_fetched_once_a_minute(forger, kim) -> None:
    bound(kim, forger.issuer)
    assert returned(forger).status_code == 302
    forger.key, forger.nonce = ECKey.generate_key("P-256", {"kid": "two"}), ""
    assert returned(forger).status_code == 302  # a key that was not there before
    forger.key, forger.nonce = ECKey.generate_key("P-256", {"kid": "three"}), ""
    assert UNTRUSTED in text(returned(forger))
    paths = [path for path, _, _ in forger.heard]
    assert (paths.count("/jwks"), paths.count("/.well-known/openid-configuration")) == (2, 1)


def test_an_answer_serves_once_and_its_own_session(forger, kim) -> None:
    bound(kim, forger.issuer)
    client = Client()
    asked = left(client)
    forger.nonce, answer = asked["nonce"], {"state": asked["state"], "code": "a-code"}
    for stranger, said in ((Client(), answer), (client, answer | {"state": "guessed"})):
        assert "Login blev ikke begyndt i denne browser" in text(stranger.get("/log-ind/oidc/retur/", said))
    assert client.get("/log-ind/oidc/retur/", answer).status_code == 403  # the guess used the errand up
    assert not [path for path, _, _ in forger.heard if path == "/token"]
    # The code of one login with the token of another: an answer that was caught on its way.
    forger.nonce = "of-the-first-login"
    assert UNTRUSTED in text(returned(forger))


def test_an_errand_ends_after_ten_minutes(forger) -> None:
    client = Client()
    with freeze_time("2026-11-23 10:00"):
        asked = left(client)
    with freeze_time("2026-11-23 10:11"):
        assert client.get("/log-ind/oidc/retur/", {"state": asked["state"], "code": "x"}).status_code == 403


ANSWERS = {
    "broken off": ({"error": "access_denied"}, "Login hos Prøvelogin blev afbrudt"),
    "an error": ({"error": "temporarily_unavailable"}, "Prøvelogin afviste login (temporarily_unavailable)"),
    "an error that is rubbish": ({"error": "<script>"}, "Prøvelogin afviste login (&lt;script&gt;)"),
    "no code": ({"code": ""}, "Prøvelogin afviste login (no_code)"),
    "of another issuer": ({"iss": "https://evil.example"}, UNTRUSTED),
}


@pytest.mark.parametrize(("said", "told"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_none_is_told(forger, said, told) -> None:
    page = returned(forger, **said).content.decode()
    assert told in page


def test_a_provider_that_names_itself_must(forger) -> None:
    forger.document = {"authorization_response_iss_parameter_supported": True}
    assert UNTRUSTED in text(returned(forger))


TOKEN_ANSWERS = {
    "refused": (400, b'{"error": "invalid_grant"}', "Prøvelogin afviste login (invalid_grant)"),
    "broken": (500, b"oops", UNREACHABLE),
    "a page": (200, b"<html>", UNREACHABLE),
    "a list": (200, b"[]", UNREACHABLE),
    "endless": (200, b" " * 300_000, UNREACHABLE),
    "deep": (200, b"[" * 100_000, UNREACHABLE),
}


@pytest.mark.parametrize(("status", "body", "told"), TOKEN_ANSWERS.values(), ids=TOKEN_ANSWERS)
def test_a_token_endpoint_that_says_something_else(forger, status, body, told) -> None:
    forger.status, forger.raw = status, body
    response = returned(forger)
    assert told in text(response)
    assert "Log ind" in text(response)


def test_the_level_must_be_one_of_the_accepted_and_signed(forger, kim, settings) -> None:
    settings.ADGANG_OIDC_LEVEL_CLAIM, settings.ADGANG_OIDC_LEVELS = "loa", ["Substantial", "High"]
    bound(kim, forger.issuer)
    forger.user_info = {"sub": "kim", "loa": "High"}
    for claims in ({}, {"loa": "Low"}, {"loa": ["High"]}):
        forger.claims, forger.nonce = claims, ""
        assert "Login hos Prøvelogin var ikke sikkert nok" in text(returned(forger))
    forger.claims, forger.nonce = {"loa": "High"}, ""
    assert returned(forger).status_code == 302


def test_a_cvr_number_must_be_told(forger, kim) -> None:
    bound(kim, forger.issuer)
    for cvr in (None, "", "1234567", "12345678 87654321", ["12345678"], {"cvr": "12345678"}):
        forger.claims, forger.nonce = {"cvr": cvr}, ""
        assert "Prøvelogin oplyste ikke, hvilken organisation" in text(returned(forger))
    forger.claims, forger.nonce = {"cvr": "DK12345678"}, ""
    assert returned(forger).status_code == 302


def test_it_may_be_told_when_asked_for_the_same_person(forger, kim) -> None:
    bound(kim, forger.issuer)
    forger.claims = {"cvr": None}
    for told, status in (({"sub": "else", "cvr": CVR}, 403), ({"sub": "kim", "cvr": CVR}, 302)):
        forger.user_info, forger.nonce = told, ""
        assert returned(forger).status_code == status
    assert [headers["Authorization"] for path, headers, _ in forger.heard if path == "/me"] == ["Bearer abc"] * 2


def test_where_logins_belong_to_no_organisation_all_roles_count(forger, kim, settings) -> None:
    settings.ADGANG_OIDC_CVR_CLAIM, settings.ADGANG_OIDC_SUBJECT_CLAIM = "", "oid"
    bound(kim, forger.issuer, subject="a-uuid", cvr="")
    grant(role=Role.READER, organisation=organisation(cvr_number="87654321"), user=kim)
    forger.claims, client = {"oid": "a-uuid", "cvr": "12345678"}, Client()
    assert returned(forger, client).status_code == 302
    assert client.get("/o/87654321/myndighed/").status_code == 200


@pytest.mark.parametrize("claims", [{"sub": "somebody"}, {"cvr": "87654321"}, {"email": "kim@example.org"}])
def test_who_is_bound_to_nobody_is_told_how_to_get_in(forger, kim, claims) -> None:
    if "email" not in claims:
        bound(kim, forger.issuer)
    forger.claims = claims
    response = returned(forger)
    assert response.status_code == 403
    assert "Ingen her har forbundet dette login med sin konto" in text(response)
    assert 'href="https://adgang.test/opret-konto/"' in response.content.decode()


def test_binding_takes_a_fresh_proof_and_asks_once(forger, kim) -> None:
    client = client_for(kim)
    response = returned(forger, client, "bind")
    assert response.url == "/mig/login/forbind/"
    assert client.get(response.url).url.startswith("/mig/login/bekraeft/?next=")
    client.post("/mig/login/bekraeft/", {"password": "korrekt hest batteri"})
    assert "Identitet kim" in text(client.get(response.url))
    assert not SignInIdentity.objects.exists()
    assert client.post(response.url).url == "/mig/login/"
    identity = SignInIdentity.objects.get()
    assert (identity.user, identity.method, identity.cvr) == (kim, "OIDC", CVR)
    # Another person cannot take it.
    other = client_for(user(password="korrekt hest batteri"))
    other.post("/mig/login/bekraeft/", {"password": "korrekt hest batteri"})
    forger.nonce = ""
    assert "er forbundet med en anden konto" in text(other.post(returned(forger, other, "bind").url))


def test_proving_anew_needs_a_login_of_just_now(forger, kim) -> None:
    bound(kim, forger.issuer)
    client = client_for(kim)
    asked = left(client, "prove")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    for moment in (None, int(time.time()) - 3600, "now"):
        forger.claims, forger.nonce = {"auth_time": moment}, ""
        assert returned(forger, client, "prove").status_code == 403
    forger.claims, forger.nonce = {}, ""
    assert returned(forger, client, "prove").url == "/mig/login/"
    forger.claims, forger.nonce = {"sub": "else"}, ""
    assert returned(forger, client, "prove").status_code == 403

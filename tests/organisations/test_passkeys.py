"""Passkeys and `passkey_options`: what is forged, replayed, of another place or person, or copied opens nothing."""

import datetime as dt
import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from webauthn.helpers import bytes_to_base64url as text

from organisations import erasing, passkeys, proofs
from organisations.callers import Caller
from organisations.models import Event, Mail, Passkey, RecoveryCode, Session
from tests.factories.organisations import client_for, user
from tests.factories.passkeys import Authenticator, options_for, use_here
from tests.organisations.pages import faults

pytestmark = pytest.mark.django_db
ME = Caller.command("test")
NOW = timezone.now()
SIGN_IN, STEP, PROVE, ADD = "/log-ind/", "/log-ind/kode/", "/mig/login/bekraeft/", "/mig/login/adgangsnoegle/"
PASSWORD = "korrekt hest batteri"


@pytest.fixture(autouse=True)
def here(settings) -> None:
    use_here(settings)


def challenge() -> tuple[bytes, dict]:
    made = os.urandom(64)
    return made, {"challenge": text(made)}


def equipped(**how):
    """Return a person, and the machine with their passkey."""
    kim, key = user(password=PASSWORD), Authenticator(**how)
    made, options = challenge()
    answer = key.create({**options, "user": {"id": text(kim.pk.bytes)}})
    codes = passkeys.add(caller=ME, user=kim, name="Telefonen", answer=answer, challenge=made)
    assert len(codes) == 10
    return kim, key


def signed(machine, *, person=None, **forged):
    made, options = challenge()
    return passkeys.verify(caller=ME, answer=machine.get(options, **forged), challenge=made, at=NOW, user=person)


# --- The rules ---


def test_a_second_one_brings_no_new_recovery_codes_and_each_is_told() -> None:
    kim, _ = equipped()
    made, options = challenge()
    second = Authenticator()
    answer = second.create({**options, "user": {"id": text(kim.pk.bytes)}})
    assert passkeys.add(caller=ME, user=kim, name="Pc", answer=answer, challenge=made) == []
    made, options = challenge()
    again = second.create({**options, "user": {"id": text(kim.pk.bytes)}})
    assert passkeys.add(caller=ME, user=kim, name="Pc", answer=again, challenge=made).code == "passkey.taken"
    assert Passkey.objects.get(name="Pc").transports == ["internal"]
    assert RecoveryCode.objects.count() == 10
    assert Event.objects.filter(tag="PASSKEY_ADDED").count() == 2
    assert Mail.objects.filter(kind="passkey_added", to=kim.email).count() == 2


def test_there_is_an_end_to_their_number() -> None:
    kim, _ = equipped()
    Passkey.objects.bulk_create(
        Passkey(user=kim, name=str(n), credential_id=str(n), public_key=b"") for n in range(passkeys.MOST)
    )
    made, options = challenge()
    answer = Authenticator().create({**options, "user": {"id": text(kim.pk.bytes)}})
    assert passkeys.add(caller=ME, user=kim, name="Pc", answer=answer, challenge=made).code == "passkey.many"


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "https://adgang.ond.example"},
        {"origin": "http://testserver:8080"},
        {"host": "ond.example"},
        {"challenge": text(b"another")},
        {"present": False},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_what_is_made_elsewhere_is_refused(forged) -> None:
    made, options = challenge()
    kim = user()
    answer = Authenticator().create({**options, "user": {"id": text(kim.pk.bytes)}}, **forged)
    assert passkeys.add(caller=ME, user=kim, name="x", answer=answer, challenge=made).code == "passkey.refused"
    assert not Passkey.objects.exists()


def test_what_is_signed_right_opens_and_its_use_is_noted() -> None:
    kim, key = equipped()
    assert signed(key) == passkeys.Signed(user=kim, is_verified=True)
    assert signed(key, person=kim, holder=None, verified=False) == passkeys.Signed(user=kim, is_verified=False)
    assert (Passkey.objects.get().sign_count, Passkey.objects.get().last_used) == (3, NOW)


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "https://adgang.ond.example"},
        {"host": "ond.example"},
        {"challenge": text(b"another")},
        {"present": False},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"holder": b"somebody else"},
        {"holder": None},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_what_is_forged_opens_nothing(forged) -> None:
    _, key = equipped()
    assert signed(key, **forged).code == "passkey.refused"
    assert Passkey.objects.get().last_used is None


def test_a_passkey_is_nobody_elses() -> None:
    _, key = equipped()
    assert signed(key, person=user()).code == "passkey.refused"
    kim, closed = equipped()
    kim.is_active = False
    kim.save()
    assert signed(closed).code == "passkey.refused"


@pytest.mark.parametrize("answer", ["", "{}", "null", "[]", '{"id": 1}', "æ" * 50, '{"id":"a","rawId":"a"', "\x00"])
def test_rubbish_is_refused(answer) -> None:
    kim, key = equipped()
    rubbish = [answer, json.dumps({**json.loads(key.get(challenge()[1])), "response": answer})]
    for one in rubbish:
        assert passkeys.verify(caller=ME, answer=one, challenge=b"x" * 64, at=NOW).code == "passkey.refused"
        assert passkeys.add(caller=ME, user=kim, name="x", answer=one, challenge=b"x" * 64).code == "passkey.refused"


def test_a_copy_shows_itself_by_counting_behind_and_is_stopped() -> None:
    kim, key = equipped()
    copy = Authenticator(count=key.count, holder=key.holder, credential_id=key.credential_id, key=key.key)
    assert signed(key).user == kim
    assert signed(key).user == kim
    assert signed(copy).code == "passkey.stopped"
    assert signed(key).code == "passkey.stopped"
    assert Event.objects.filter(tag="PASSKEY_STOPPED").count() == 1
    assert Mail.objects.filter(kind="passkey_stopped", to=kim.email).count() == 1


def test_machines_that_do_not_count_are_let_in_but_may_not_begin_to() -> None:
    _, key = equipped(counts=False)
    assert isinstance(signed(key), passkeys.Signed)
    assert isinstance(signed(key), passkeys.Signed)
    key.counts = True
    assert isinstance(signed(key), passkeys.Signed)
    key.counts, key.count = False, 0
    assert signed(key).code == "passkey.stopped"


def test_who_is_forgotten_leaves_none() -> None:
    kim, _ = equipped()
    erasing.erase(caller=ME, user=kim)
    assert not Passkey.objects.exists()


# --- At the pages ---


def post(client, url, answer, **fields):
    return client.post(url, {"credential": answer, **fields})


def test_it_alone_signs_in_where_the_machine_knows_its_person(settings) -> None:
    settings.ADGANG_REQUIRE_SECOND_FACTOR = "everyone"
    kim, key = equipped()
    client = Client()
    options = options_for(client)
    assert options["userVerification"] == "required"
    assert "allowCredentials" not in options or options["allowCredentials"] == []
    assert post(client, f"{SIGN_IN}?next=/mig/", key.get(options)).url == "/mig/"
    assert client.get("/mig/").status_code == 200
    assert kim.sign_ins.get().method == "passkey"
    other = Client()
    answer = post(other, SIGN_IN, key.get(options_for(other), verified=False))
    assert "er den ikke nok" in faults(answer)[0]


def test_after_the_password_a_touch_is_enough() -> None:
    kim, key = equipped()
    client = Client()
    there = client.post(f"{SIGN_IN}?next=/mig/", {"email": kim.email, "password": PASSWORD}).url
    assert there.startswith(STEP)
    options = options_for(client, query="?second")
    assert [one["id"] for one in options["allowCredentials"]] == [text(key.credential_id)]
    assert post(client, there, key.get(options, holder=None, verified=False)).url == "/mig/"
    assert kim.sign_ins.first().method == "password+passkey"


def test_a_challenge_is_the_sessions_own_serves_once_for_one_thing_and_not_for_long() -> None:
    _, key = equipped()
    client, other = Client(), Client()
    options = options_for(client)
    options_for(other)
    assert "accepteret" in faults(post(other, SIGN_IN, key.get(options)))[0]
    answer = key.get(options)
    assert post(client, SIGN_IN, answer).status_code == 302
    client.post("/log-ud/")
    assert "for længe siden" in faults(post(client, SIGN_IN, answer))[0]
    # One that was made for proving who one is signs nobody in.
    kept = Session.objects.count()
    signed_in = client_for(user())
    options = options_for(signed_in)
    assert Session.objects.count() == kept + 1
    session = signed_in.session
    del session["_auth_user_id"]
    session.save()
    assert "for længe siden" in faults(post(signed_in, SIGN_IN, key.get(options)))[0]
    with freeze_time(timezone.now() - dt.timedelta(minutes=6)):
        options = options_for(other)
    assert "for længe siden" in faults(post(other, SIGN_IN, key.get(options)))[0]


def test_what_the_browser_asks_has_a_limit_by_network(settings) -> None:
    settings.ADGANG_LOCKOUT_MINUTES = 15
    url, client = reverse("passkey_options"), Client(REMOTE_ADDR="192.0.2.7")
    answers = [client.post(url).status_code for _ in range(201)]
    assert (answers[0], answers[-2], answers[-1]) == (200, 200, 429)


def test_failed_ones_after_the_password_lock_the_account(settings) -> None:
    kim, key = equipped()
    client = Client()
    client.post(SIGN_IN, {"email": kim.email, "password": PASSWORD})
    for _ in range(settings.ADGANG_LOCKOUT_FAILURES):
        answer = key.get(options_for(client, query="?second"), origin="https://ond.example")
        assert "accepteret" in faults(post(client, STEP, answer))[0]
    assert "låst" in faults(post(client, STEP, key.get(options_for(client, query="?second"))))[0]


def test_it_proves_anew_who_one_is_alone_or_with_the_password() -> None:
    kim, key = equipped()
    client = client_for(kim)
    assert post(client, PROVE, key.get(options_for(client))).url == "/mig/login/"
    assert proofs.KEY in client.session
    other = client_for(kim)
    touch = {"verified": False}
    assert "er den ikke nok" in faults(post(other, PROVE, key.get(options_for(other), **touch)))[0]
    assert post(other, PROVE, key.get(options_for(other), **touch), password="forkert").status_code == 200
    assert proofs.KEY not in other.session
    assert post(other, PROVE, key.get(options_for(other), **touch), password=PASSWORD).status_code == 302

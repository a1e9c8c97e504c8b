"""One-time codes and recovery codes: each serves once, and what is kept opens nothing."""

import datetime as dt

import pyotp
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from adgang.lib import key_rotation
from organisations import erasing, factors
from organisations.callers import Caller
from organisations.models import Event, Mail, RecoveryCode, Totp
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db
AT = timezone.now()
ME = Caller.command("test")


def code(totp: Totp, at: dt.datetime = AT) -> str:
    return pyotp.TOTP(totp.secret()).at(at)


def with_codes(person):
    totp = factors.offered(person)
    codes = factors.confirm(caller=ME, user=person, typed=code(totp), at=AT)
    totp.refresh_from_db()
    return totp, codes


def test_the_app_must_know_the_secret_before_it_counts() -> None:
    kim = user()
    totp = factors.offered(kim)
    assert factors.offered(kim) == totp
    right = code(totp)
    wrong = f"{(int(right) + 1) % 1000000:06d}"
    assert factors.confirm(caller=ME, user=kim, typed=wrong, at=AT).code == "factor.wrong_code"
    assert not factors.has_app(kim)
    assert len(set(factors.confirm(caller=ME, user=kim, typed=right, at=AT))) == 10
    assert factors.has_app(kim)
    assert (Event.objects.get().tag, Mail.objects.get().kind) == ("FACTOR_ADDED", "factor_added")


def test_a_code_serves_once_and_only_around_its_time() -> None:
    kim = user()
    totp, _ = with_codes(kim)
    assert factors.accepted(kim, code(totp), at=AT) == ""  # it confirmed the app already
    later = AT + dt.timedelta(minutes=5)
    assert factors.accepted(kim, code(totp, later - dt.timedelta(seconds=90)), at=later) == ""
    assert factors.accepted(kim, code(totp, later - dt.timedelta(seconds=30)), at=later) == "totp"
    assert factors.accepted(kim, code(totp, later), at=later) == "totp"
    assert factors.accepted(kim, code(totp, later), at=later) == ""
    assert factors.accepted(kim, code(totp, later - dt.timedelta(seconds=30)), at=later) == ""  # nor an earlier one


def test_a_recovery_code_serves_once_and_is_nobody_elses() -> None:
    kim, bo = user(), user()
    _, codes = with_codes(kim)
    with_codes(bo)
    assert factors.accepted(bo, codes[0], at=AT) == ""
    assert factors.accepted(kim, codes[0].upper(), at=AT) == "recovery"
    assert factors.accepted(kim, codes[0], at=AT) == ""
    fresh = factors.renew_codes(caller=ME, user=kim)
    assert factors.accepted(kim, codes[1], at=AT) == ""
    assert factors.accepted(kim, fresh[0], at=AT) == "recovery"


@pytest.mark.parametrize("typed", ["", " ", "000000", "æøå", "1" * 40])
def test_rubbish_is_no_code(typed) -> None:
    kim = user()
    with_codes(kim)
    assert factors.accepted(kim, typed, at=AT) == ""


def test_nothing_kept_tells_the_secret(settings) -> None:
    kim = user()
    totp, codes = with_codes(kim)
    secret = totp.secret()
    assert secret.encode() not in bytes(totp.encrypted)
    assert not RecoveryCode.objects.filter(code_hash__in=codes).exists()
    for event in Event.objects.all():
        assert secret not in event.payload
    settings.ADGANG_FIELD_KEYS = ["A" * 43 + "=", *settings.ADGANG_FIELD_KEYS]
    assert key_rotation.rotate().unreadable == []
    totp.refresh_from_db()
    assert totp.secret() == secret


def test_a_lost_one_is_taken_away_with_a_reason_and_told() -> None:
    kim = user()
    with_codes(kim)
    client = client_for(kim)
    call_command("reset_second_factor", kim.email, reason="Set i øjnene ved skranken")
    assert not factors.has_app(kim)
    assert not RecoveryCode.objects.exists()
    assert Event.objects.get(tag="FACTOR_REMOVED").payload.count("Set i øjnene ved skranken") == 1
    assert Mail.objects.filter(kind="factor_reset", to=kim.email).exists()
    assert client.get("/mig/").status_code == 302


def test_who_is_forgotten_leaves_no_secret() -> None:
    kim = user()
    with_codes(kim)
    erasing.erase(caller=ME, user=kim)
    assert not Totp.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert Client().get("/log-ind/kode/").status_code == 302

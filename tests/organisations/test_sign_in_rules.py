"""The password check: one answer for every failure, a lockout, and a limit per address."""

import datetime as dt

import pytest
from django.contrib.auth import hashers
from django.utils import timezone

from organisations import sign_in
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.models import Event, User
from tests.factories.organisations import Role, grant, organisation, user

pytestmark = pytest.mark.django_db

PASSWORD = "korrekt hest batteri"


def check(email, password=PASSWORD, *, address="192.0.2.1", at=None):
    who = Caller(user=None, channel=Channel.WEB, request_id="r")
    return sign_in.check(caller=who, email=email, password=password, address=address, at=at or timezone.now())


@pytest.fixture
def person():
    return user(email="kim@example.org", password=PASSWORD)


def test_the_right_password_opens_whatever_the_case_of_the_address(person):
    assert check(" KIM@Example.org") == person


@pytest.mark.parametrize(
    ("email", "password"), [("kim@example.org", "forkert"), ("ingen@example.org", PASSWORD), ("", ""), ("kim", "\0")]
)
def test_every_failure_gives_the_same_answer(person, email, password):
    assert check(email, password).code == "sign_in.failed"


def test_closed_and_passwordless_accounts_give_that_answer_too(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    user(email="uden@example.org", password=None)
    assert check("kim@example.org").code == "sign_in.failed"
    assert check("uden@example.org").code == "sign_in.failed"


def test_an_unknown_address_costs_the_same_work(person, monkeypatch, django_assert_num_queries):
    hashed = []
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", _counting(hashers.MD5PasswordHasher.encode, hashed))
    counts = []
    for email in ("kim@example.org", "ingen@example.org"):
        hashed.clear()
        with django_assert_num_queries(10, exact=False) as queries:
            check(email, "forkert")
        counts.append((len(hashed), len(queries)))
    assert counts[0] == counts[1]


def _counting(encode, calls):
    def counted(self, *args):
        calls.append(1)
        return encode(self, *args)

    return counted


def test_five_failures_lock_the_account_for_fifteen_minutes(person):
    org, at = organisation(), timezone.now()
    grant(user=person, role=Role.READER, organisation=org)
    for _ in range(5):
        check("kim@example.org", "forkert", at=at)
    assert check("kim@example.org", at=at).code == "sign_in.failed"
    assert check("kim@example.org", at=at + dt.timedelta(minutes=14)).code == "sign_in.failed"
    assert check("kim@example.org", at=at + dt.timedelta(minutes=15, seconds=1)) == person
    assert [event.tag for event in Event.objects.filter(organisation_id=org.pk)] == [Tag.LOCKED_OUT]


def test_success_forgets_earlier_failures(person):
    for _ in range(4):
        check("kim@example.org", "forkert")
    assert check("kim@example.org") == person
    for _ in range(4):
        check("kim@example.org", "forkert")
    assert check("kim@example.org") == person


def test_one_address_is_held_back_and_others_are_not(person, settings):
    at = timezone.now()
    for number in range(sign_in.TRIES_PER_ADDRESS):
        check(f"p{number}@example.org", "x", at=at)
    assert check("kim@example.org", at=at).code == "sign_in.throttled"
    assert check("kim@example.org", address="192.0.2.2", at=at) == person
    assert check("kim@example.org", at=at + dt.timedelta(minutes=16)) == person


def test_whoever_has_a_network_of_ipv6_is_held_back_in_all_of_it(person):
    at = timezone.now()
    for number in range(sign_in.TRIES_PER_ADDRESS):
        check(f"p{number}@example.org", "x", address=f"2001:db8:1:2::{number:x}", at=at)
    assert check("kim@example.org", address="2001:db8:1:2:ffff::1", at=at).code == "sign_in.throttled"
    assert check("kim@example.org", address="2001:db8:1:3::1", at=at) == person


def test_an_account_without_organisation_is_told_of_in_the_operators_log(person):
    for _ in range(5):
        check("kim@example.org", "forkert")
    assert sign_in.chains_of(person) == [None]
    assert Event.objects.get().organisation_id.int == 0

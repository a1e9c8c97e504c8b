"""Connected: in service, credential in force, and a sign of life."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from certificates.kinds import Kind
from certificates.models import Certificate
from organisations.callers import Caller
from organisations.models import Organisation
from systems.connected import Connected, How, Lack, confirm, connected, connected_at, withdraw
from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import organisation, user
from tests.factories.systems import reread, system
from tests.systems.logged import payload, tags

AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def bare_certificate(org: Organisation, **fields) -> Certificate:
    """Return a certificate's row alone: whether it is in force is read from the row."""
    fields = {"not_before": AT - DAY, "not_after": AT + DAY, "kind": Kind.FOCES, "cvr": org.cvr_number} | fields
    return Certificate.objects.create(organisation=org, sha256="0" * 64, **fields)


def connected_system(**fields) -> System:
    """Return a connected system; `fields` may undo that."""
    org = fields.pop("organisation", None) or organisation()
    health = fields.pop("health", {"last_passed": AT - DAY})
    fields.setdefault("certificate", bare_certificate(org))
    return reread(system(organisation=org, active_from=AT - DAY, health=health, **fields))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("health", "answer"),
    [
        ({"last_passed": AT - DAY}, Connected(connected=True, how=How.CHECK, when=AT - DAY)),
        ({"last_passed": AT - 7 * DAY}, Connected(connected=True, how=How.CHECK, when=AT - 7 * DAY)),
        ({"last_passed": AT - 7 * DAY - SECOND}, Connected(connected=False, lack=Lack.SIGN)),
        ({"last_seen": AT - DAY}, Connected(connected=True, how=How.CALL, when=AT - DAY)),
        ({"last_seen": AT - 8 * DAY}, Connected(connected=False, lack=Lack.SIGN)),
        ({"confirmed": AT - 90 * DAY}, Connected(connected=True, how=How.PERSON, when=AT - 90 * DAY)),
        (
            {"last_passed": AT - 8 * DAY, "last_seen": AT - 2 * DAY, "confirmed": AT},
            Connected(connected=True, how=How.CALL, when=AT - 2 * DAY),
        ),
        ({"last_check": AT, "last_check_status": "FAILED"}, Connected(connected=False, lack=Lack.SIGN)),
        ({}, Connected(connected=False, lack=Lack.SIGN)),
    ],
)
def test_signs_of_life(health, answer):
    assert connected(connected_system(health=health), AT) == answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "lack"),
    [
        ({"active_from": None}, Lack.SERVICE),
        ({"active_from": AT + DAY}, Lack.SERVICE),
        ({"active_to": AT}, Lack.SERVICE),
        ({"certificate": None}, Lack.CREDENTIAL),
        ({"service_protocol": Protocol.SFTP}, Lack.CREDENTIAL),
    ],
)
def test_what_is_lacking(fields, lack):
    one = connected_system()
    System.objects.filter(pk=one.pk).update(**fields)
    assert connected(reread(one), AT) == Connected(connected=False, lack=lack)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_connected"),
    [
        ({}, True),
        ({"kind": Kind.VOCES}, True),
        ({"kind": Kind.MOCES}, False),
        ({"not_after": AT - SECOND}, False),
        ({"not_before": AT + SECOND}, False),
        ({"cvr": "87654321"}, False),
    ],
)
def test_the_certificate_must_be_of_its_time_kind_and_cvr(fields, is_connected):
    org = organisation()
    one = connected_system(organisation=org, certificate=bare_certificate(org, **fields))
    assert bool(connected(one, AT)) == is_connected


@pytest.mark.django_db
def test_the_vendors_certificate_counts_where_its_cvr_is_registered():
    org = organisation()
    certificate = bare_certificate(org, cvr="87654321")
    one = connected_system(organisation=org, certificate=certificate, delegated_cvr="87654321")
    assert connected(one, AT).how is How.CHECK


@pytest.mark.django_db
def test_a_staged_certificate_counts_from_its_date_if_it_fits():
    org = organisation()
    ended, following = bare_certificate(org, not_after=AT - SECOND), bare_certificate(org)
    one = connected_system(
        organisation=org, certificate=ended, next_certificate=following, next_certificate_from=AT - SECOND
    )
    assert connected(one, AT)
    one.next_certificate_from = AT + SECOND
    assert not connected(one, AT)


@pytest.mark.django_db
def test_sftp_stands_on_its_key():
    org = organisation()
    key = certificates.ssh_key(organisation=org)
    one = connected_system(organisation=org, protocol=Protocol.SFTP, certificate=None, ssh_key=key, ssh_username="post")
    assert connected(one, AT).how is How.CHECK
    one.ssh_username = ""
    assert connected(one, AT).lack is Lack.CREDENTIAL


@pytest.mark.django_db
def test_a_person_confirms_by_name_and_takes_it_back():
    one = connected_system(health={})
    who = Caller(user=user(name="Anne Systemsen"), channel="WEB", request_id="1")
    assert confirm(caller=who, system=one, at=AT, reason="Firewallen lader kun Digital Post ind.") == []
    now = reread(one)
    assert (connected(now, AT).how, now.health.confirmed_by, now.version) == (How.PERSON, who.user, 1)
    assert payload(one.organisation, "SYSTEM_CONFIRMED")["reason"] == "Firewallen lader kun Digital Post ind."
    assert withdraw(caller=who, system=now) == []
    assert connected(reread(one), AT).lack is Lack.SIGN
    assert [found.code for found in withdraw(caller=who, system=now)] == ["system.not_confirmed"]
    assert tags(one.organisation) == ["SYSTEM_CONFIRMED", "SYSTEM_CONFIRMED"]


@pytest.mark.django_db
def test_only_a_person_can_confirm():
    one = connected_system(health={})
    refused = confirm(caller=Caller.command("test"), system=one, at=AT, reason="x")
    assert [found.code for found in refused] == ["system.confirmed_by_person"]
    assert reread(one).health.confirmed is None


times = st.none() | st.integers(-9, 2)


class InTheDatabase(TestCase):
    """Property: the query finds a system exactly when `connected` says yes."""

    @settings(max_examples=120, deadline=None)
    @given(
        dates=st.tuples(times, st.none() | st.integers(1, 9)),
        signs=st.tuples(times, times, times),
        certificate=st.none() | st.tuples(st.integers(-2, 1), st.integers(0, 2), st.sampled_from(Kind), st.booleans()),
        staged=st.none() | st.tuples(st.integers(-2, 2), st.integers(-2, 1), st.integers(0, 2)),
        sftp=st.booleans(),
        vendor=st.booleans(),
    )
    def test_a_query_agrees(self, dates, signs, certificate, staged, sftp, vendor):
        def time(days):
            return None if days is None else AT + days * DAY

        org = organisation()
        fields = {"protocol": Protocol.SFTP if sftp else Protocol.REST_PUSH, "ssh_username": "post"}
        if dates[0] is not None:
            fields |= {"active_from": time(dates[0]), "active_to": dates[1] and time(dates[0] + dates[1])}
        if certificate:
            begin, lasts, kind, own = certificate
            cvr = org.cvr_number if own else "87654321"
            fields["certificate"] = bare_certificate(
                org, not_before=time(begin), not_after=time(begin + lasts), kind=kind, cvr=cvr
            )
        if staged:
            due, begin, lasts = staged
            following = bare_certificate(org, not_before=time(begin), not_after=time(begin + lasts))
            fields |= {"next_certificate": following, "next_certificate_from": time(due)}
        health = dict(zip(("last_passed", "last_seen", "confirmed"), map(time, signs), strict=True))
        one = system(organisation=org, health=health, delegated_cvr="87654321" if vendor else "", **fields)
        own = System.objects.filter(pk=one.pk)
        answer = bool(connected(reread(one), AT))
        assert own.filter(connected_at(AT)).exists() == answer
        assert own.exclude(connected_at(AT)).exists() != answer

"""Into service and out of it: what is needed, what is refused, what is written."""

import datetime as dt

import pytest
from django.utils import timezone

from adgang.lib.registered import StaleVersion
from organisations.callers import Caller
from systems import api_tokens, lifecycle
from systems.models import Protocol, System
from systems.states import State
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.logged import changed, payload, tags

pytestmark = pytest.mark.django_db

CALLER = Caller.command("test")
DAY = dt.timedelta(days=1)
PASSED = {"last_check_status": "PASSED"}


def codes(found) -> list[str]:
    return [one.code for one in found]


def ready(**fields) -> System:
    """Return a system that has everything it needs, its check passed."""
    org = organisation()
    fields.setdefault("certificate", certificates.certificate(organisation=org))
    return reread(system(organisation=org, health=PASSED, **fields))


@pytest.mark.parametrize(
    ("protocol", "fields", "lacks"),
    [
        (Protocol.SMTP, {"endpoint": ""}, ["endpoint_missing", "certificate_missing"]),
        (
            Protocol.SMTP,
            {"is_sender": True, "is_recipient": False},
            ["receipt_endpoint_missing", "certificate_missing"],
        ),
        (
            Protocol.SMTP,
            {"is_sender": True, "is_recipient": True, "endpoint": ""},
            ["endpoint_missing", "receipt_endpoint_missing", "certificate_missing"],
        ),
        (Protocol.SFTP, {}, ["ssh_username_missing", "ssh_key_missing"]),
        (Protocol.SFTP, {"ssh_username": "post"}, ["ssh_key_missing"]),
        (Protocol.REST_PUSH, {}, ["endpoint_missing", "certificate_missing"]),
        (Protocol.REST_PULL, {}, ["token_missing", "certificate_missing"]),
        (Protocol.REST_PUBLISH_SUBSCRIBE, {}, ["endpoint_missing", "token_missing", "certificate_missing"]),
        (Protocol.AS4, {}, ["endpoint_missing", "certificate_missing"]),
    ],
)
def test_everything_that_is_missing_is_named_at_once(protocol, fields, lacks):
    one = reread(system(protocol=protocol, health=PASSED, **fields))
    expected = [f"system.{code}" for code in lacks]
    assert codes(lifecycle.lacking(one, at=timezone.now())) == expected
    assert codes(lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now())) == expected
    assert reread(one).active_from is None
    assert tags(one.organisation) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"cvr": "87654321"}, "cvr.wrong"),
        ({"until": timezone.now() - DAY}, "date.expired"),
    ],
)
def test_a_certificate_that_nothing_accepts_now_refuses(options, code):
    org = organisation()
    made = certificates.issued(**{"cvr": org.cvr_number, **options})
    certificates.install_anchors()
    kept = certificates.certificate(organisation=org)
    kept.pem, kept.cvr = made.pem.decode(), options.get("cvr", kept.cvr)
    kept.save()
    one = reread(system(organisation=org, certificate=kept, health=PASSED))
    refused = lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now())
    assert [(one.code, one.severity) for one in refused] == [(code, "error")]


def test_taking_into_service_now():
    one, at = ready(), timezone.now()
    assert lifecycle.activate(caller=CALLER, system=one, version=1, at=at) == []
    now = reread(one)
    assert (now.active_from, now.active_to, now.version) == (at, None, 2)
    assert lifecycle.state(now, at) is State.ACTIVE
    assert tags(one.organisation) == ["SYSTEM_ACTIVATED"]
    assert list(changed(one.organisation, "SYSTEM_ACTIVATED")) == ["active_from"]
    assert payload(one.organisation, "SYSTEM_ACTIVATED")["system"] == str(one.pk)


def test_sftp_needs_a_key_and_no_certificate():
    org = organisation()
    key = certificates.ssh_key(organisation=org)
    one = reread(system(organisation=org, protocol=Protocol.SFTP, ssh_username="post", ssh_key=key, health=PASSED))
    assert lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now()) == []


def test_rest_pull_needs_token_and_certificate():
    org = organisation()
    one = reread(system(organisation=org, protocol=Protocol.REST_PULL, health=PASSED))
    api_tokens.renew(caller=CALLER, system=one, version=1, at=timezone.now())
    one.certificate = certificates.certificate(organisation=org)
    one.save()
    assert lifecycle.activate(caller=CALLER, system=reread(one), version=2, at=timezone.now()) == []


@pytest.mark.parametrize(
    ("health", "doubt"),
    [
        ({}, ["system.not_checked"]),
        ({"last_check_status": "FAILED"}, ["system.check_failed"]),
        ({"last_check_status": "ABORTED"}, ["system.check_failed"]),
        ({"last_check_status": "WARNING"}, []),
        ({"last_check_status": "PASSED"}, []),
        ({"confirmed": timezone.now()}, []),
    ],
)
def test_doubts_about_the_connection_are_overruled_with_a_reason(health, doubt):
    org = organisation()
    one = reread(system(organisation=org, certificate=certificates.certificate(organisation=org), health=health))
    assert codes(lifecycle.doubts(one)) == doubt
    if doubt:
        refused = lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now(), reason="  ")
        assert codes(refused) == ["system.reason_missing"]
    done = lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now(), reason="Firewallen er lukket.")
    assert done == []
    assert payload(org, "SYSTEM_ACTIVATED")["reason"] == "Firewallen er lukket."


def test_a_system_in_service_stays_so_without_an_event():
    one = ready(active=True)
    assert lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now()) == []
    assert tags(one.organisation) == []


def test_an_end_is_taken_off_and_the_beginning_kept():
    at = timezone.now()
    one = ready(active_from=at - DAY, active_to=at + DAY)
    lifecycle.activate(caller=CALLER, system=one, version=1, at=at)
    now = reread(one)
    assert (now.active_from, now.active_to) == (at - DAY, None)


def test_a_deactivated_system_begins_anew():
    at = timezone.now()
    one = ready(active_from=at - 2 * DAY, active_to=at - DAY)
    lifecycle.activate(caller=CALLER, system=one, version=1, at=at)
    now = reread(one)
    assert (now.active_from, now.active_to) == (at, None)


def test_planning():
    at = timezone.now()
    one = ready()
    assert lifecycle.plan(caller=CALLER, system=one, version=1, at=at, begin=at + DAY) == []
    now = reread(one)
    assert (lifecycle.state(now, at), lifecycle.state(now, at + DAY)) == (State.PLANNED, State.ACTIVE)


def test_a_plan_is_judged_as_of_its_date():
    at = timezone.now()
    org = organisation()
    certificate = certificates.certificate(organisation=org, until=at + 20 * DAY)
    one = reread(system(organisation=org, certificate=certificate, health=PASSED))
    assert codes(lifecycle.plan(caller=CALLER, system=one, version=1, at=at, begin=at + 30 * DAY)) == ["date.expired"]
    assert lifecycle.plan(caller=CALLER, system=one, version=1, at=at, begin=at + 10 * DAY) == []


def test_a_plan_counts_on_the_staged_certificate():
    at = timezone.now()
    org = organisation()
    ending = certificates.certificate(organisation=org, until=at + 20 * DAY)
    following = certificates.certificate(organisation=org)
    one = reread(
        system(
            organisation=org,
            certificate=ending,
            next_certificate=following,
            next_certificate_from=at + 15 * DAY,
            health=PASSED,
        )
    )
    assert lifecycle.certificate_at(one, at) == ending
    assert lifecycle.certificate_at(one, at + 15 * DAY) == following
    assert lifecycle.plan(caller=CALLER, system=one, version=1, at=at, begin=at + 30 * DAY) == []


def test_what_cannot_be_planned():
    at = timezone.now()
    assert codes(lifecycle.plan(caller=CALLER, system=ready(), version=1, at=at, begin=at)) == [
        "system.plan_in_the_past"
    ]
    active = ready(active=True)
    assert codes(lifecycle.plan(caller=CALLER, system=active, version=1, at=at, begin=at + DAY)) == [
        "system.in_service_already"
    ]


def test_out_of_service_now():
    at = timezone.now()
    one = ready(active=True)
    assert lifecycle.deactivate(caller=CALLER, system=one, version=1, at=at, reason="Udfaset") == []
    now = reread(one)
    assert (now.active_to, lifecycle.state(now, at)) == (at, State.DEACTIVATED)
    assert payload(one.organisation, "SYSTEM_DEACTIVATED")["reason"] == "Udfaset"


def test_out_of_service_on_a_date():
    at = timezone.now()
    one = ready(active=True)
    assert lifecycle.deactivate(caller=CALLER, system=one, version=1, at=at, end=at + DAY) == []
    assert lifecycle.state(reread(one), at) is State.EXPIRING


def test_a_plan_is_cancelled_or_given_an_end():
    at = timezone.now()
    one = ready(active_from=at + DAY)
    assert lifecycle.deactivate(caller=CALLER, system=one, version=1, at=at) == []
    assert lifecycle.state(reread(one), at) is State.DRAFT
    other = ready(active_from=at + DAY)
    assert lifecycle.deactivate(caller=CALLER, system=other, version=1, at=at, end=at + 2 * DAY) == []
    assert lifecycle.state(reread(other), at + DAY) is State.EXPIRING


@pytest.mark.parametrize(
    ("dates", "end", "code"),
    [
        ({}, None, "system.not_in_service"),
        ({"active_from": -2, "active_to": -1}, None, "system.not_in_service"),
        ({"active_from": -1}, 0, "system.end_in_the_past"),
        ({"active_from": 3}, 2, "system.end_before_beginning"),
        ({"active_from": 3}, 3, "system.end_before_beginning"),
    ],
)
def test_what_cannot_end(dates, end, code):
    at = timezone.now()
    one = ready(**{name: at + days * DAY for name, days in dates.items()})
    end = None if end is None else at + end * DAY
    assert codes(lifecycle.deactivate(caller=CALLER, system=one, version=1, at=at, end=end)) == [code]
    assert tags(one.organisation) == []


def test_a_stale_version_changes_nothing():
    one = ready()
    other = reread(one)
    lifecycle.activate(caller=CALLER, system=one, version=1, at=timezone.now())
    with pytest.raises(StaleVersion) as stale:
        lifecycle.activate(caller=CALLER, system=other, version=1, at=timezone.now())
    assert stale.value.current.version == 2
    assert tags(one.organisation) == ["SYSTEM_ACTIVATED"]

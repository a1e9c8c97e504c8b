"""What a check is about, read from a system's registration."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from organisations.models import Organisation
from systems.models import ApiToken, Protocol, System
from systems.steps.subject import Subject
from systems.subjects import subject_of
from tests.factories import certificates, organisations, systems

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def organisation() -> Organisation:
    certificates.install_anchors()
    return organisations.organisation()


def subject(made: System, *, at: dt.datetime | None = None) -> Subject:
    return subject_of(systems.reread(made), at=at or timezone.now())


def codes(found: Subject) -> list[str]:
    return [finding.code for finding in found.credential_findings]


@pytest.mark.parametrize(
    ("fields", "places", "lacking"),
    [
        ({"is_recipient": True, "endpoint": "a@x.dk"}, ("a@x.dk",), ()),
        ({"is_sender": True, "endpoint": "a@x.dk", "receipt_endpoint": "k@x.dk"}, ("k@x.dk",), ()),
        (
            {"is_sender": True, "is_recipient": True, "endpoint": "a@x.dk", "receipt_endpoint": "k@x.dk"},
            ("a@x.dk", "k@x.dk"),
            (),
        ),
        (
            {"is_sender": True, "is_recipient": True, "endpoint": "a@x.dk", "receipt_endpoint": "a@x.dk"},
            ("a@x.dk",),
            (),
        ),
        (
            {"is_sender": True, "is_recipient": True, "endpoint": "a@x.dk"},
            ("a@x.dk",),
            ("system.receipt_endpoint_missing",),
        ),
        ({"is_recipient": True, "endpoint": ""}, (), ("system.endpoint_missing",)),
    ],
)
def test_which_addresses_are_dialled(fields: dict[str, Any], places: tuple[str, ...], lacking: tuple[str, ...]) -> None:
    found = subject(systems.system(**fields))
    assert (found.places, found.lacking_endpoints) == (places, lacking)


def test_the_relay_stands_for_the_domain_in_the_limit_per_host() -> None:
    relayed = subject(systems.system(smtp_relay_host="relay.example", smtp_relay_port=587, endpoint="a@X.dk"))
    direct = subject(systems.system(endpoint="a@X.dk"))
    pushed = subject(systems.system(protocol=Protocol.REST_PUSH, endpoint="https://Api.example:8443/memo"))
    assert [found.hosts() for found in (relayed, direct, pushed)] == [
        ["relay.example:587"],
        ["x.dk"],
        ["api.example:8443"],
    ]


@pytest.mark.parametrize(
    ("fields", "host"),
    [
        ({"protocol": Protocol.REST_PUSH, "endpoint": "HTTPS://Ærø.Example.:443/a@b"}, "xn--r-3fa9c.example"),
        ({"protocol": Protocol.REST_PUSH, "endpoint": "https://api.example?1"}, "api.example"),
        ({"protocol": Protocol.REST_PUSH, "endpoint": "https://[2001:DB8:0::1]:8443/"}, "2001:db8::1:8443"),
        ({"smtp_relay_host": "Relay.Example.", "endpoint": "a@x.dk"}, "relay.example:25"),
        ({"protocol": Protocol.SFTP, "sftp_host": "SFTP.example.", "endpoint": ""}, "sftp.example:22"),
    ],
)
def test_another_way_to_write_a_host_does_not_get_past_its_limit(fields: dict[str, Any], host: str) -> None:
    assert subject(systems.system(**fields)).hosts() == [host]


def test_nothing_is_dialled_for_systems_that_call() -> None:
    called = subject(systems.system(protocol=Protocol.REST_PULL, endpoint="https://ignored.example/"))
    assert (called.places, called.lacking_endpoints, called.hosts()) == ((), (), [])


def test_a_certificate_in_force_says_nothing(organisation: Organisation) -> None:
    made = certificates.certificate(organisation=organisation)
    found = subject(systems.system(organisation=organisation, certificate=made))
    assert codes(found) == []
    assert found.credential["sha256"] == made.sha256


def test_a_certificate_is_judged_as_of_now(organisation: Organisation) -> None:
    made = certificates.certificate(organisation=organisation)
    system = systems.system(organisation=organisation, certificate=made)
    assert codes(subject(system, at=made.not_after + dt.timedelta(days=1))) == ["date.expired"]


def test_a_certificate_of_another_cvr_than_the_authority_has_now(organisation: Organisation) -> None:
    made = certificates.certificate(organisation=organisation)
    Organisation.objects.filter(pk=organisation.pk).update(cvr_number="99999993")
    own = systems.system(organisation=organisation, certificate=made)
    by_vendor = systems.system(organisation=organisation, certificate=made, delegated_cvr=made.cvr)
    assert (codes(subject(own)), codes(subject(by_vendor))) == (["cvr.wrong"], [])


def test_the_next_certificate_counts_from_its_day(organisation: Organisation) -> None:
    now, then = (certificates.certificate(organisation=organisation) for _ in range(2))
    system = systems.system(
        organisation=organisation,
        certificate=now,
        next_certificate=then,
        next_certificate_from=NOW + dt.timedelta(days=5),
    )
    assert subject(system).credential["sha256"] == now.sha256
    assert subject(system, at=NOW + dt.timedelta(days=6)).credential["sha256"] == then.sha256


def test_what_a_key_lacks(organisation: Organisation) -> None:
    key = certificates.ssh_key(organisation=organisation)
    bare = systems.system(organisation=organisation, protocol=Protocol.SFTP)
    with_key = systems.system(organisation=organisation, protocol=Protocol.SFTP, ssh_key=key, ssh_username="post")
    assert codes(subject(bare)) == ["system.ssh_username_missing", "system.ssh_key_missing"]
    found = subject(with_key)
    assert codes(found) == []
    assert found.ssh_key is not None
    assert found.ssh_key.fingerprint == key.fingerprint


def test_the_snapshot_keeps_no_secret_and_nothing_empty() -> None:
    made = systems.system(protocol=Protocol.REST_PULL, networks=("193.3.230.7/32",))
    ApiToken.objects.create(system=made, prefix="ab", hash="0" * 64, created=NOW)
    kept = subject(made).as_json()
    assert kept == {
        "protocol": "REST_PULL",
        "ssh_port": 22,
        "token_created": NOW.isoformat(),
        "networks": ["193.3.230.7/32"],
    }

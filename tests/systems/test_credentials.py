"""A system's certificate, the one to follow, and its SSH key."""

import datetime as dt

import pytest
from django.utils import timezone

from adgang.lib.registered import StaleVersion
from certificates.kinds import Kind
from certificates.models import Certificate, SshKey
from organisations.callers import Caller
from systems import api_tokens, credentials
from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.logged import changed, payload, tags

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def anchors() -> None:
    certificates.install_anchors()


def own(**fields) -> System:
    return reread(system(organisation=organisation(), **fields))


def give(one: System, data: bytes, **options):
    options = {"version": one.version, "at": timezone.now()} | options
    return credentials.give_certificate(caller=CALLER, system=one, data=data, **options)


def issued(one: System, **options):
    return certificates.issued(**{"cvr": one.organisation.cvr_number} | options)


@pytest.mark.parametrize("kind", [Kind.FOCES, Kind.VOCES])
def test_a_certificate_comes_into_force(kind):
    one = own()
    received = give(one, issued(one, kind=kind).pem)
    now = reread(one)
    assert (now.certificate, now.version) == (received.certificate, 2)
    assert (now.certificate.kind, now.certificate.organisation) == (kind, one.organisation)
    assert tags(one.organisation) == ["CERTIFICATE_UPLOADED"]
    assert changed(one.organisation, "CERTIFICATE_UPLOADED") == {
        "certificate": (None, f"{kind} {now.certificate.sha256[:16]}")
    }


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"cvr": "87654321"}, "cvr.wrong"),
        ({"kind": Kind.MOCES}, "kind.employee"),
        ({"until": timezone.now() - DAY}, "date.expired"),
    ],
)
def test_what_is_refused_is_not_kept(options, code):
    one = own()
    received = give(one, issued(one, **options).pem)
    assert received.certificate is None
    assert code in [found.code for found in received.findings if found.severity == "error"]
    assert (reread(one).version, Certificate.objects.count(), tags(one.organisation)) == (1, 0, [])


def test_a_private_key_is_refused_and_appears_nowhere():
    one = own()
    pem = b"-----BEGIN PRIVATE KEY-----\nhemmelig\n-----END PRIVATE KEY-----\n"
    received = give(one, pem)
    assert received.certificate is None
    assert "hemmelig" not in str(received)
    assert Certificate.objects.count() == 0


def test_the_vendors_certificate_where_its_cvr_is_registered():
    one = own(delegated_cvr="87654321")
    assert give(one, issued(one, cvr="87654321").pem).certificate


def test_another_certificate_takes_its_place_and_the_first_is_kept_by_the_organisation():
    one = own()
    first = give(one, issued(one).pem).certificate
    second = give(one, issued(one, name="Ny").pem).certificate
    assert reread(one).certificate == second
    assert Certificate.objects.filter(pk=first.pk).exists()
    assert changed(one.organisation, "CERTIFICATE_UPLOADED") == {"certificate": (str(first), str(second))}


def test_a_certificate_is_staged_for_a_date():
    at = timezone.now()
    one = own()
    first = give(one, issued(one).pem).certificate
    received = give(one, issued(one, name="Ny").pem, begin=at + 10 * DAY)
    now = reread(one)
    assert (now.certificate, now.next_certificate, now.next_certificate_from) == (
        first,
        received.certificate,
        at + 10 * DAY,
    )


def test_what_is_staged_is_judged_as_of_its_date():
    at = timezone.now()
    one = own()
    future = issued(one, at=at + 5 * DAY)
    assert [found.code for found in give(one, future.pem).findings if found.severity == "error"] == [
        "date.not_yet_valid"
    ]
    assert give(one, future.pem, begin=at + 10 * DAY).certificate.uploaded <= timezone.now()
    ending = issued(one, until=at + 5 * DAY)
    assert give(one, ending.pem, begin=at + 10 * DAY).certificate is None


def test_a_stale_version_keeps_nothing():
    one = own()
    System.objects.filter(pk=one.pk).update(version=2)
    with pytest.raises(StaleVersion):
        give(one, issued(one).pem, version=1)
    assert (reread(one).certificate, Certificate.objects.count()) == (None, 0)


def test_removing():
    one = own()
    certificate = give(one, issued(one).pem).certificate
    credentials.remove_certificate(caller=CALLER, system=one, version=2, reason="Skal ikke bruges")
    assert reread(one).certificate is None
    assert payload(one.organisation, "CERTIFICATE_REMOVED")["reason"] == "Skal ikke bruges"
    assert Certificate.objects.filter(pk=certificate.pk).exists()


def test_giving_up_the_next_one():
    one = own()
    first = give(one, issued(one).pem).certificate
    give(one, issued(one).pem, begin=timezone.now() + DAY)
    credentials.remove_next_certificate(caller=CALLER, system=one, version=3)
    now = reread(one)
    assert (now.certificate, now.next_certificate, now.next_certificate_from) == (first, None, None)


def test_putting_back_what_the_token_removed():
    one = own(protocol=Protocol.REST_PULL)
    certificate = give(one, issued(one).pem).certificate
    api_tokens.renew(caller=CALLER, system=one, version=2, at=timezone.now())
    now = reread(one)
    assert (now.certificate, now.token.removed_certificate) == (None, certificate)
    assert credentials.restore_certificate(caller=CALLER, system=now, version=3, at=timezone.now()) == []
    back = reread(one)
    assert (back.certificate, back.token.removed_certificate) == (certificate, None)
    assert tags(one.organisation)[-1] == "CERTIFICATE_RESTORED"
    refused = credentials.restore_certificate(caller=CALLER, system=back, version=4, at=timezone.now())
    assert [found.code for found in refused] == ["system.no_removed_certificate"]


def test_a_certificate_that_has_expired_since_is_not_put_back():
    one = own(protocol=Protocol.REST_PULL)
    until = timezone.now() + DAY
    give(one, issued(one, until=until).pem)
    api_tokens.renew(caller=CALLER, system=one, version=2, at=timezone.now())
    now = reread(one)
    refused = credentials.restore_certificate(caller=CALLER, system=now, version=3, at=until + DAY)
    assert [found.code for found in refused] == ["date.expired"]
    assert reread(one).certificate is None


def test_an_ssh_key():
    one = own(protocol=Protocol.SFTP, health={"last_passed": timezone.now(), "last_check_status": "PASSED"})
    received = credentials.give_ssh_key(
        caller=CALLER, system=one, version=1, data=certificates.ED25519.encode(), at=timezone.now()
    )
    now = reread(one)
    assert (now.ssh_key, now.version, now.health.last_passed) == (received.key, 2, None)
    assert changed(one.organisation, "SSH_KEY_UPLOADED") == {"ssh_key": (None, str(received.key))}
    credentials.remove_ssh_key(caller=CALLER, system=now, version=2)
    assert reread(one).ssh_key is None
    assert tags(one.organisation) == ["SSH_KEY_UPLOADED", "SSH_KEY_REMOVED"]


def test_a_private_ssh_key_is_refused():
    one = own(protocol=Protocol.SFTP)
    data = b"-----BEGIN OPENSSH PRIVATE KEY-----\nhemmelig\n-----END OPENSSH PRIVATE KEY-----\n"
    received = credentials.give_ssh_key(caller=CALLER, system=one, version=1, data=data, at=timezone.now())
    assert (received.key, SshKey.objects.count(), "hemmelig" in str(received)) == (None, 0, False)

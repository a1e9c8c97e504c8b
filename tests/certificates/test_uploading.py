"""Receiving credentials: only what is acceptable is kept."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from adgang.demo import pki
from certificates.kinds import Kind
from certificates.models import Certificate, SshKey
from certificates.uploading import (
    certificate_entry,
    judge_again,
    receive_certificate,
    receive_ssh_key,
    ssh_key_entry,
    usable,
)
from organisations.callers import Caller
from tests.factories import certificates as make
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CALLER = Caller.command("test")


@pytest.fixture
def here():
    make.install_anchors()
    return organisation(cvr_number=make.CVR)


def receive(here, data: bytes, **options):
    return receive_certificate(caller=CALLER, organisation=here, data=data, at=timezone.now(), **options)


def codes(received) -> list[str]:
    return [found.code for found in received.findings]


def test_what_was_read_is_kept(here) -> None:
    made = make.issued()
    kept = receive(here, made.pem + make.the_pki().issuing.pem).certificate
    row = Certificate.objects.get()
    assert row == kept
    assert (row.pem.encode(), row.cvr, row.holder_id, row.kind) == (made.pem, make.CVR, make.HOLDER_ID, "FOCES")
    assert (row.not_before, row.not_after) == (
        made.certificate.not_valid_before_utc,
        made.certificate.not_valid_after_utc,
    )
    assert [found.code for found in row.found] == ["upload.chain", "revocation.unknown"]
    assert (row.common_name, str(row)) == ("Prøvesystem", f"FOCES {row.sha256[:16]}")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (make.issued(kind=Kind.MOCES).pem, "kind.employee"),
        (make.issued(cvr="87654321").pem, "cvr.wrong"),
        (make.issued().pem + make.issued().key_pem, "upload.private_key"),
        (b"", "upload.empty"),
    ],
)
def test_what_is_refused_is_not_kept(here, data: bytes, code: str) -> None:
    received = receive(here, data)
    assert (received.certificate, code in codes(received)) == (None, True)
    assert not Certificate.objects.exists()


def test_a_vendors_certificate_is_taken_where_the_vendor_is_named(here) -> None:
    data = make.issued(cvr="87654321").pem
    assert receive(here, data, delegated_cvr="11223344").certificate is None
    received = receive(here, data, delegated_cvr="87654321")
    assert received.certificate is not None
    assert codes(received) == ["cvr.delegated", "revocation.unknown"]


def test_candidates_are_handed_back_to_choose_from(here) -> None:
    received = receive(here, make.issued().pem + make.issued(name="Et andet").pem)
    assert [found.title for found in received.candidates] == ["Prøvesystem", "Et andet"]


def test_a_certificate_that_is_uploaded_again_is_kept_once_and_said(here) -> None:
    data = make.issued(cvr="87654321").pem
    first = receive(here, data, delegated_cvr="87654321")
    again = receive(here, data, delegated_cvr="87654321")
    assert codes(again)[-1] == "use.before"
    assert again.certificate == first.certificate


def test_use_at_another_organisation_is_a_warning_only_when_no_delegation_explains_it(here) -> None:
    data = make.issued(cvr="87654321").pem
    receive(here, data, delegated_cvr="87654321")
    holder = receive(organisation(cvr_number="87654321"), data)
    elsewhere = receive(organisation(), data, delegated_cvr="87654321")
    assert "use.other_organisation" not in [*codes(holder), *codes(elsewhere)]
    Certificate.objects.filter(organisation=here).update(environment="production")
    assert codes(receive(organisation(), data, delegated_cvr="87654321"))[-1] == "use.other_organisation"


def test_a_kept_certificate_is_judged_again_at_any_time(here) -> None:
    kept = make.certificate(organisation=here)
    assert usable(kept, timezone.now())
    assert not usable(kept, kept.not_after + dt.timedelta(seconds=1))
    assert not usable(kept, kept.not_before - dt.timedelta(seconds=1))
    assert not usable(None, timezone.now())
    verdict = judge_again(kept, at=kept.not_after - 10 * DAY)
    assert [found.code for found in verdict.findings] == ["date.expires_soon", "revocation.pending"]


def test_a_vendors_certificate_is_usable_only_while_the_vendor_is_named(here) -> None:
    kept = receive(here, make.issued(cvr="87654321").pem, delegated_cvr="87654321").certificate
    assert usable(kept, timezone.now(), delegated_cvr="87654321")
    assert not usable(kept, timezone.now())


def test_a_key_is_kept_in_its_canonical_form(here) -> None:
    received = receive_ssh_key(
        caller=CALLER, organisation=here, data=f"\n# vores\n{make.ED25519} a@b\r\n".encode(), at=timezone.now()
    )
    row = SshKey.objects.get()
    assert row == received.key
    assert (row.line, row.type, row.bits) == (f"{make.ED25519} a@b", "ssh-ed25519", 256)
    assert str(row) == f"ssh-ed25519 {row.fingerprint}"


def test_a_refused_key_is_not_kept(here) -> None:
    received = receive_ssh_key(caller=CALLER, organisation=here, data=make.issued().key_pem, at=timezone.now())
    assert (received.key, codes(received)) == (None, ["ssh.private_key"])
    assert not SshKey.objects.exists()


def test_the_same_key_is_a_warning(here) -> None:
    make.ssh_key(organisation=here)
    again = receive_ssh_key(caller=CALLER, organisation=here, data=make.ED25519.encode(), at=timezone.now())
    other = receive_ssh_key(caller=CALLER, organisation=organisation(), data=make.ED25519.encode(), at=timezone.now())
    assert (codes(again), codes(other)) == (["ssh.used_before"], ["ssh.used_by_other"])
    assert again.key is not None


def test_short_rsa_keys_are_refused_where_the_setting_says_so(here, settings) -> None:
    settings.ADGANG_REFUSE_SHORT_RSA = True
    numbers = pki.cheap_key(2048).public_key()
    line = numbers.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    received = receive_ssh_key(caller=CALLER, organisation=here, data=line, at=timezone.now())
    assert codes(received) == ["ssh.rsa_short_refused"]


def test_the_events_hold_no_pem(here) -> None:
    entry = certificate_entry(make.certificate(organisation=here))
    assert "pem" not in entry.after
    assert ssh_key_entry(make.ssh_key(organisation=here)).after["type"] == "ssh-ed25519"


def test_queries_do_not_grow_with_what_is_kept(here, django_assert_num_queries) -> None:
    for _ in range(3):
        make.certificate(organisation=here)
    data = make.issued(name="Et nyt").pem
    with django_assert_num_queries(6):  # authorities, their lists, the two warnings, the row and its standing
        receive(here, data)

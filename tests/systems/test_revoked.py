"""A revoked certificate leaves every system that stands on it, once, and those responsible are told."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.utils import timezone

from adgang.lib.registered import StaleVersion
from certificates.models import Certificate, KeyStanding, Revocation, Standing
from certificates.revocation import standing
from certificates.revocation.answers import CRL, Answer
from organisations.mail import send_waiting
from organisations.models import Event, Mail
from organisations.rights import PrivilegeType as Role
from systems import lifecycle, revoked
from systems.models import Protocol, RevokedUse, System
from systems.problems import open_problems
from tests.factories import certificates
from tests.factories.organisations import organisation, user_with
from tests.factories.systems import reread, system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CONTACTS = {"technical_contact_email": "teknik@a.dk", "business_contact_email": "forretning@a.dk"}


def revoke(certificate: Certificate) -> None:
    """Let the issuer revoke it, as a worker learns it."""
    at = timezone.now()
    answer = Answer(Revocation.REVOKED, CRL, at, at + DAY, at - DAY, "keyCompromise")
    row = Standing.objects.select_related("certificate__organisation", "certificate__user").get(pk=certificate.pk)
    standing.settle(row, answer, at=at)


@pytest.fixture
def here():
    made = organisation()
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=made, email="administrator@a.dk")
    return made


def test_it_is_taken_out_of_force_at_once_with_one_event_each(here) -> None:
    certificate = certificates.certificate(organisation=here)
    using = [system(organisation=here, certificate=certificate, active=True, **CONTACTS) for _ in range(2)]
    other = system(organisation=here, certificate=certificates.certificate(organisation=here, name="andet"))
    revoke(certificate)
    for one in using:
        now = reread(one)
        assert (now.certificate, now.version) == (None, one.version + 1)
        assert Event.objects.filter(tag="CERTIFICATE_REVOKED", object_id=one.pk).count() == 1
    assert reread(other).certificate is not None
    assert revoked.take_out_of_force(at=timezone.now()) == 0
    assert RevokedUse.objects.count() == 2


def test_contacts_and_administrators_are_told_once(here) -> None:
    certificate = certificates.certificate(organisation=here)
    system(organisation=here, certificate=certificate, name="Fagsystem", active=True, **CONTACTS)
    revoke(certificate)
    revoked.take_out_of_force(at=timezone.now())
    to = sorted(Mail.objects.values_list("to", flat=True))
    assert to == ["administrator@a.dk", "forretning@a.dk", "teknik@a.dk"]
    send_waiting(at=timezone.now())
    assert {sent.subject.split(" – ")[0] for sent in outbox.outbox} == {"Certifikatet i Fagsystem er spærret"}
    assert "nøglen er kommet i forkerte hænder" in outbox.outbox[0].body


def test_one_that_is_staged_is_taken_out_too_and_the_present_one_stays(here) -> None:
    present = certificates.certificate(organisation=here, name="nu")
    staged = certificates.certificate(organisation=here, name="næste")
    one = system(
        organisation=here,
        certificate=present,
        next_certificate=staged,
        next_certificate_from=timezone.now() + DAY,
        active=True,
    )
    revoke(staged)
    now = reread(one)
    assert (now.certificate, now.next_certificate, now.next_certificate_from) == (present, None, None)
    assert RevokedUse.objects.get().staged


def test_it_stands_at_the_top_of_the_overview_until_another_is_given(here) -> None:
    certificate = certificates.certificate(organisation=here)
    one = system(organisation=here, certificate=certificate, name="Fagsystem", active=True)
    revoke(certificate)
    texts = [str(problem.text) for problem in open_problems(here)]
    assert texts[0].startswith("Certifikatet i Fagsystem blev spærret")
    assert not any("uden certifikat eller nøgle" in text for text in texts)
    new = certificates.certificate(organisation=here, name="nyt")
    System.objects.filter(pk=one.pk).update(certificate=new)
    assert not any("spærret" in str(problem.text) for problem in open_problems(here))


def test_it_can_be_neither_given_nor_put_back(here) -> None:
    certificate = certificates.certificate(organisation=here)
    one = system(organisation=here, certificate=certificate)
    revoke(certificate)
    System.objects.filter(pk=one.pk).update(certificate=certificate)
    assert "revocation.revoked" in [found.code for found in lifecycle.lacking(reread(one), at=timezone.now())]


def test_a_system_that_is_saved_at_that_moment_is_taken_at_the_next_tick(here, monkeypatch) -> None:
    certificate = certificates.certificate(organisation=here)
    one = system(organisation=here, certificate=certificate, active=True)

    def stale(**_: object) -> None:
        raise StaleVersion(None)

    with monkeypatch.context() as patched:
        patched.setattr(revoked, "write", stale)
        revoke(certificate)
    assert (reread(one).certificate, RevokedUse.objects.count(), Mail.objects.count()) == (certificate, 0, 0)
    assert revoked.take_out_of_force(at=timezone.now()) == 1


def test_into_service_needs_a_fresh_answer_where_it_is_asked_for(here, settings) -> None:
    one = system(organisation=here, certificate=certificates.certificate(organisation=here))
    asked = lambda: [found.code for found in lifecycle.refusals(reread(one), at=timezone.now(), doubted=False)]  # noqa: E731
    assert asked() == []
    settings.ADGANG_REQUIRE_REVOCATION_CHECK = True
    assert asked() == ["revocation.no_list"]


def test_what_the_night_found_wrong_is_a_problem(here) -> None:
    certificate = certificates.certificate(organisation=here)
    system(organisation=here, certificate=certificate, name="Fagsystem", active=True)
    row = Standing.objects.get(pk=certificate.pk)
    row.findings = [{"code": "path.unknown_issuer", "severity": "error", "params": {"issuer": "X"}}]
    row.save()
    assert any("godkendes ikke længere" in str(problem.text) for problem in open_problems(here))


def test_a_key_that_the_night_found_wrong_is_a_problem(here) -> None:
    key = certificates.ssh_key(organisation=here)
    system(organisation=here, protocol=Protocol.SFTP, ssh_key=key, ssh_username="a", name="Lønsystem", active=True)
    row = {"code": "ssh.rsa_short_refused", "severity": "error", "params": {"bits": 2048}}
    KeyStanding.objects.create(key=key, findings=[row])
    assert any("SSH-nøglen til Lønsystem godkendes ikke længere" in str(one.text) for one in open_problems(here))

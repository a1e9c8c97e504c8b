"""Certificates and keys that are no longer accepted are told of once, to those whose systems stand on them."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, KeyStanding, SshKey, Standing
from certificates.revocation import rechecking
from organisations.mail import send_waiting
from organisations.models import Mail, Organisation
from organisations.rights import PrivilegeType as Role
from systems import refused
from systems.models import Protocol, System
from systems.problems import open_problems
from tests.factories import certificates
from tests.factories.organisations import client_for, organisation, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NO_ISSUER = {"code": "path.unknown_issuer", "severity": "error", "params": {"issuer": "CN=X"}}
SHORT = {"code": "ssh.rsa_short_refused", "severity": "error", "params": {"bits": 2048}}


def certificate(here: Organisation, name: str = "Prøvesystem", **row: object) -> Certificate:
    """Return a certificate that the night has judged and found wanting."""
    made = certificates.certificate(organisation=here, name=name)
    values = {"pending": False, "due": timezone.now() + DAY, "findings": [NO_ISSUER], "untold": True} | row
    Standing.objects.filter(pk=made.pk).update(**values)
    return made


def key(here: Organisation) -> SshKey:
    made = certificates.ssh_key(organisation=here)
    KeyStanding.objects.create(key=made, due=timezone.now() + DAY, findings=[SHORT], untold=True)
    return made


@pytest.fixture
def here() -> Organisation:
    made = organisation(name="Klitby Kommune")
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=made, email="administrator@a.dk")
    return made


def told() -> list[str]:
    return sorted(Mail.objects.values_list("to", flat=True))


def tell() -> int:
    return refused.tell(at=timezone.now())


def test_one_mail_tells_each_of_what_concerns_them_once(here: Organisation, mailoutbox) -> None:
    shared = certificate(here)
    system(organisation=here, name="Brevmotor", certificate=shared, technical_contact_email="brev@a.dk")
    system(organisation=here, name="Arkiv", certificate=shared, business_contact_email="arkiv@a.dk")
    system(
        organisation=here, name="Filer", protocol=Protocol.SFTP, ssh_key=key(here), technical_contact_email="brev@a.dk"
    )
    assert (tell(), tell()) == (1, 0)
    assert told() == ["administrator@a.dk", "arkiv@a.dk", "brev@a.dk"]
    send_waiting(at=timezone.now())
    mails = {mail.to[0]: mail for mail in mailoutbox}
    assert mails["administrator@a.dk"].subject.startswith("2 certifikater eller nøgler godkendes ikke længere")
    assert mails["arkiv@a.dk"].subject.startswith("Certifikatet i Arkiv godkendes ikke længere")
    assert "Filer" not in mails["arkiv@a.dk"].body
    assert f"/certifikater/{shared.pk}/" in mails["arkiv@a.dk"].body
    assert "Arkiv" not in mails["brev@a.dk"].body
    assert "Brevmotor (certifikat)" in mails["brev@a.dk"].body
    assert "Filer (SSH-nøgle)" in mails["brev@a.dk"].body


def test_what_is_accepted_again_before_the_mail_goes_is_not_told(here: Organisation, mailoutbox) -> None:
    system(organisation=here, certificate=certificate(here))
    tell()
    Standing.objects.update(findings=[])
    send_waiting(at=timezone.now())
    assert (len(told()), mailoutbox) == (1, [])


def test_nobody_is_told_of_what_no_system_in_use_stands_on(here: Organisation) -> None:
    certificate(here)
    out = system(organisation=here, certificate=certificate(here, "b"), active=True)
    System.objects.filter(pk=out.pk).update(active_to=timezone.now() - DAY / 2)
    assert (tell(), told(), Standing.objects.filter(untold=True).count()) == (0, [], 0)


def test_one_that_is_to_follow_is_told_of_too(here: Organisation) -> None:
    staged = certificate(here)
    begin = timezone.now() + 5 * DAY
    system(organisation=here, name="Brevmotor", next_certificate=staged, next_certificate_from=begin, active=True)
    assert tell() == 1
    assert any("Brevmotor godkendes ikke længere" in str(one.text) for one in open_problems(here))


def test_while_neighbours_are_being_judged_nobody_is_told_yet(here: Organisation) -> None:
    system(organisation=here, certificate=certificate(here))
    waiting = certificate(here, "b", findings=[], untold=False, due=timezone.now())
    assert tell() == 0
    Standing.objects.filter(pk=waiting.pk).update(pending=True)  # asked by OCSP, for which nobody waits
    assert tell() == 1


def test_a_vendor_s_certificate_is_refused_where_the_vendor_may_no_longer_use_it(here: Organisation) -> None:
    at = timezone.now()
    vendor = organisation()
    made = certificates.certificate(organisation=vendor)
    Certificate.objects.filter(pk=made.pk).update(organisation=here)
    Standing.objects.update(pending=False)
    one = system(organisation=here, certificate=made, delegated_cvr=vendor.cvr_number, active=True)
    codes = lambda: [found.code for found in Standing.objects.get().errors]  # noqa: E731
    rechecking.recheck_due(at=at)
    assert codes() == []
    System.objects.filter(pk=one.pk).update(delegated_cvr="")
    rechecking.recheck_due(at=at + 2 * DAY)
    assert (codes(), refused.tell(at=at + 2 * DAY)) == (["cvr.wrong"], 1)


def test_the_page_of_the_key_says_what_refuses_it(settings, here: Organisation) -> None:
    line = certificates.pki.new_key(2048).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    made = certificates.ssh_key(organisation=here, line=line)
    settings.ADGANG_REFUSE_SHORT_RSA = True
    reader = client_for(user_with(Role.READER, organisation=here))
    response = reader.get(reverse("public_key", args=[here.cvr_number, made.pk]))
    assert "2048" in response.content.decode().split('id="findings"')[1]


def test_the_night_s_queries_are_as_many_for_many(here: Organisation, django_assert_num_queries) -> None:
    for name in "abc":
        system(organisation=here, name=name, certificate=certificate(here, name))
    with django_assert_num_queries(12):
        assert tell() == 1

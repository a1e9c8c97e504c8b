"""The page of one certificate (`certificate`) and of one SSH key (`public_key`), and their files."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, SshKey
from systems.models import Protocol
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, grant, organisation, user_with
from tests.factories.systems import system
from tests.systems.people import READ, everybody

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def url(one: Certificate | SshKey, name: str = "") -> str:
    name = name or ("certificate" if isinstance(one, Certificate) else "public_key")
    return reverse(name, args=[one.organisation.cvr_number, one.pk])


def reader(one: Certificate | SshKey):
    return client_for(user_with(Role.READER, organisation=one.organisation))


@pytest.mark.parametrize("name", ["certificate", "certificate_download", "public_key", "public_key_download"])
def test_who_may_see_it(name):
    used = system(protocol=Protocol.SFTP)
    used.certificate = certificates.certificate(organisation=used.organisation)
    used.ssh_key = certificates.ssh_key(organisation=used.organisation)
    used.save()
    one = used.ssh_key if name.startswith("public") else used.certificate
    statuses = {who: client_for(user).get(url(one, name)).status_code for who, user in everybody(used).items()}
    assert statuses == READ


def test_it_says_what_it_is_and_where_it_is_used():
    used = system(name="Sagsbasen")
    used.certificate = certificates.certificate(organisation=used.organisation, name="Sager & Co")
    used.save()
    text = reader(used.certificate).get(url(used.certificate)).content.decode()
    assert "Systemcertifikat (FOCES)" in text
    assert "Sager &amp; Co" in text
    assert "dage tilbage" in text
    assert "Sagsbasen" in text
    assert used.certificate.sha256 in text


def test_a_system_of_another_authority_is_named_to_those_who_may_see_it_and_counted_for_the_holder():
    ours, theirs = organisation(cvr_number="12345678"), organisation(name="Anden Kommune")
    one = certificates.certificate(organisation=ours)
    copy = Certificate.objects.get(pk=one.pk)
    copy.pk, copy.organisation = None, theirs
    copy.save(force_insert=True)
    system(organisation=theirs, name="Deres system", certificate=copy, delegated_cvr="12345678")
    text = reader(one).get(url(one)).content.decode()
    assert "Anden Kommune: 1 system" in text
    assert "Deres system" not in text
    both = user_with(Role.READER, organisation=ours)
    grant(user=both, role=Role.READER, organisation=theirs)
    client = client_for(both)
    text = client.get(url(one)).content.decode()
    assert "Deres system" in text
    assert "Anden Kommune: 1 system" not in text


def test_those_before_and_after_in_the_same_slot():
    ours, now = organisation(), timezone.now()
    old, new = (
        certificates.certificate(organisation=ours, at=now - 900 * DAY, until=now + days * DAY) for days in (20, 1000)
    )
    stranger = certificates.certificate(organisation=ours, holder_id="0f8fad5b-d9cb-469f-a165-708677289599")
    assert url(new) in reader(old).get(url(old)).content.decode()
    assert url(old) in reader(new).get(url(new)).content.decode()
    assert url(old) not in reader(stranger).get(url(stranger)).content.decode()


def test_an_employee_certificate_of_another_is_not_found_without_the_right_to_people():
    ours = organisation()
    person = user_with(Role.READER, organisation=ours)
    one = certificates.certificate(organisation=ours, user=person)
    colleague = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours))
    assert colleague.get(url(one)).status_code == 404
    assert client_for(person).get(url(one)).status_code == 200


def test_its_history_tells_of_the_systems_that_got_it():
    used = system(name="Sagsbasen")
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=used.organisation))
    certificates.install_anchors()
    pem = certificates.issued(cvr=used.organisation.cvr_number).pem.decode()
    client.post(
        reverse("system_certificate", args=[used.organisation.cvr_number, used.pk]), {"version": 1, "text": pem}
    )
    text = client.get(url(Certificate.objects.get())).content.decode()
    assert "Certifikat uploadet" in text


def test_a_certificate_is_handed_out_as_it_came():
    one = certificates.certificate(organisation=organisation(), name="Sager / Breve")
    response = reader(one).get(url(one, "certificate_download"))
    assert response.content.decode() == one.pem
    assert response["Content-Disposition"].startswith('attachment; filename="sager-breve-')


def test_a_key_is_handed_out_as_one_line_and_shared_ones_are_told():
    ours = organisation()
    key = certificates.ssh_key(organisation=ours, line=f"{certificates.ED25519} system@vært")
    system(organisation=ours, protocol=Protocol.SFTP, ssh_key=key, name="Første")
    assert reader(key).get(url(key, "public_key_download")).content.decode() == f"{key.line}\n"
    assert "Flere systemer bruger samme nøgle" not in reader(key).get(url(key)).content.decode()
    system(organisation=ours, protocol=Protocol.SFTP, ssh_key=key, name="Anden")
    text = reader(key).get(url(key)).content.decode()
    assert "Flere systemer bruger samme nøgle" in text
    assert "Første" in text
    assert "Anden" in text

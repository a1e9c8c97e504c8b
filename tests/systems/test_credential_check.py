"""Check before use (`credential_check`): judged as an upload would be, and nothing is stored."""

import datetime as dt

import pytest
from django.urls import reverse

from certificates.models import Certificate, SshKey
from organisations.models import Event, Organisation
from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system
from tests.systems.people import everybody

pytestmark = pytest.mark.django_db


def url(ours: Organisation) -> str:
    return reverse("credential_check", args=[ours.cvr_number])


def checked(ours: Organisation, content: str, one: System | None = None):
    certificates.install_anchors()
    before = (Certificate.objects.count(), SshKey.objects.count(), Event.objects.count())
    client = client_for(user_with(Role.READER, organisation=ours))
    response = client.post(url(ours), {"text": content, "for_system": one.pk if one else ""})
    assert (Certificate.objects.count(), SshKey.objects.count(), Event.objects.count()) == before
    return response


def codes(response) -> set[str]:
    return {found.code for found in response.context["checked"].findings}


def test_who_may_check():
    one = system()
    statuses = {who: client_for(user).get(url(one.organisation)).status_code for who, user in everybody(one).items()}
    seen = {
        "owner": 200,
        "reader": 200,
        "colleague": 403,
        "stranger": 404,
        "vendor": 200,
        "vendor of another system": 200,
    }
    assert statuses == seen


def test_a_vendors_certificate_fits_the_system_that_names_the_vendor_and_no_other():
    ours = organisation()
    named, other = system(organisation=ours, delegated_cvr="12345674"), system(organisation=ours)
    pem = certificates.issued(cvr="12345674").pem.decode()
    assert "Certifikatet kan bruges" in checked(ours, pem, named).content.decode()
    assert "Certifikatet kan ikke bruges" in checked(ours, pem, other).content.decode()
    assert "cvr.delegated" in codes(checked(ours, pem, named))


def test_use_and_renewal_are_told():
    ours = organisation()
    used = certificates.certificate(organisation=ours)
    system(organisation=ours, certificate=used, name="Sagsbasen")
    response = checked(ours, used.pem)
    assert "precheck.in_use" in codes(response)
    assert "Sagsbasen" in response.content.decode()
    later = certificates.issued(cvr=ours.cvr_number, until=used.not_after + dt.timedelta(days=9)).pem.decode()
    assert "precheck.renews" in codes(checked(ours, later))


def test_the_wrong_sort_for_the_protocol():
    ours = organisation()
    by_key, by_certificate = (system(organisation=ours, protocol=one) for one in (Protocol.SFTP, Protocol.SMTP))
    pem = certificates.issued(cvr=ours.cvr_number).pem.decode()
    assert "precheck.needs_key" in codes(checked(ours, pem, by_key))
    assert "precheck.needs_certificate" in codes(checked(ours, certificates.ED25519, by_certificate))
    assert checked(ours, certificates.ED25519, by_key).context["checked"].accepted


def test_an_employee_certificate_is_right_for_nobody_system():
    ours = organisation()
    pem = certificates.issued(cvr=ours.cvr_number, kind="MOCES").pem.decode()
    assert "kind.employee" in codes(checked(ours, pem, system(organisation=ours)))
    assert "kind.employee" not in codes(checked(ours, pem))


def test_two_leaves_are_offered_and_a_private_key_is_forgotten():
    ours = organisation()
    one = system(organisation=ours)
    both = b"".join(certificates.issued(cvr=ours.cvr_number, name=name).pem for name in ("Det ene", "Det andet"))
    text = checked(ours, both.decode(), one).content.decode()
    assert "Kontrollér Det ene" in text
    assert f'name="for_system" value="{one.pk}"' in text
    secret = "-----BEGIN PRIVATE KEY-----\nMIIhemmeligt\n-----END PRIVATE KEY-----\n"
    assert "MIIhemmeligt" not in checked(ours, secret).content.decode()


def test_a_system_of_another_authority_and_nonsense_are_refused():
    ours, theirs = organisation(), system()
    client = client_for(user_with(Role.READER, organisation=ours))
    for chosen in (theirs.pk, "x"):
        response = client.post(url(ours), {"text": "x", "for_system": chosen})
        assert response.context["form"].errors["for_system"]

"""What the database itself refuses, whoever writes."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from systems.models import AllowedIp, System
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system

pytestmark = pytest.mark.django_db


def refuses(constraint: str, **fields) -> bool:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        system(**fields)
    return connection.vendor == "sqlite" or constraint in str(error.value)


def test_a_name_is_used_once_in_an_organisation_whatever_its_case():
    org = organisation()
    system(organisation=org, name="Post ind")
    assert refuses("system_name_once", organisation=org, name="POST IND")
    system(organisation=organisation(), name="Post ind")


def test_one_default_recipient():
    org = organisation()
    system(organisation=org, is_default_recipient=True)
    assert refuses("system_default_recipient_once", organisation=org, is_default_recipient=True)


def test_the_default_recipient_receives():
    assert refuses("system_default_recipient_receives", is_sender=True, is_recipient=False, is_default_recipient=True)


def test_a_system_sends_or_receives():
    assert refuses("system_sends_or_receives", is_sender=False, is_recipient=False)


def test_the_end_is_after_the_beginning():
    now = timezone.now()
    assert refuses("system_ends_after_it_begins", active_to=now)
    assert refuses("system_ends_after_it_begins", active_from=now, active_to=now)
    assert refuses("system_ends_after_it_begins", active_from=now, active_to=now - dt.timedelta(days=1))


def test_a_staged_certificate_has_a_date_and_a_date_a_certificate():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    assert refuses("system_next_certificate_has_a_date", organisation=org, next_certificate=certificate)
    assert refuses("system_next_certificate_has_a_date", organisation=org, next_certificate_from=timezone.now())


@pytest.mark.parametrize("port", [0, 65536])
def test_ports(port):
    assert refuses("system_ports", sftp_port=port)
    assert refuses("system_ports", smtp_relay_port=port)


def test_an_id_in_digital_post_stands_once_in_an_organisation():
    org, registry_id = organisation(), uuid.uuid4()
    system(organisation=org, registry_id=registry_id)
    assert refuses("system_registry_id_once", organisation=org, registry_id=registry_id)
    system(organisation=organisation(), registry_id=registry_id)


def test_an_address_stands_once():
    one = system(networks=("192.0.2.1",))
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowedIp.objects.create(system=one, network="192.0.2.1")


def test_a_certificate_in_use_and_an_organisation_with_systems_cannot_be_deleted():
    org = organisation()
    one = system(organisation=org, certificate=certificates.certificate(organisation=org))
    with pytest.raises(ProtectedError):
        one.certificate.delete()
    with pytest.raises(ProtectedError):
        org.delete()


def test_a_page_reads_a_system_in_one_query(django_assert_num_queries):
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    pk = system(organisation=org, certificate=certificate).pk
    with django_assert_num_queries(1):
        read = System.objects.with_page_data().get(pk=pk)
        assert (read.certificate, read.health.last_check, read.token) == (certificate, None, None)


def test_a_new_system_has_no_health_and_no_token():
    assert (System().known_health, System().token) == (None, None)
    assert reread(system()).known_health is not None

"""What deserves attention about a system, and what the overview and the log are told of systems."""

import datetime as dt

import pytest
from django.utils import timezone

from adgang.lib import slots
from systems.models import Protocol, ReceiptFormat
from systems.notices import many_senders, notices
from systems.problems import departures, object_link, open_problems
from tests.factories import certificates
from tests.factories.organisations import organisation, user
from tests.factories.systems import reread, system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CONTACT = {"technical_contact_email": "drift@a.dk"}


def codes(**fields) -> list[str]:
    return [found.code for found in notices(reread(system(**fields)), at=timezone.now())]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (CONTACT, []),
        ({}, ["system.no_technical_contact"]),
        (CONTACT | {"delegated_cvr": "12345679"}, ["system.delegated_cvr_check"]),
        (CONTACT | {"delegated_cvr": "13585628"}, []),
        (CONTACT | {"receipt_format": ReceiptFormat.DP}, ["system.legacy_receipts"]),
        (CONTACT | {"protocol": Protocol.AS4}, ["system.not_guided"]),
        (CONTACT | {"networks": ("192.0.2.0/28", "192.0.2.3")}, ["system.addresses_overlap"]),
    ],
)
def test_the_registration(fields, found):
    assert codes(**fields) == found


def test_private_addresses_matter_in_production(settings):
    fields = CONTACT | {"networks": ("10.0.0.1",)}
    assert codes(**fields) == []
    settings.ADGANG_ENVIRONMENT = "production"
    assert codes(**fields) == ["system.address_special"]


def test_a_certificate_that_expires_soon():
    org = organisation()
    certificate = certificates.certificate(organisation=org, until=timezone.now() + 20 * DAY)
    assert codes(organisation=org, certificate=certificate, **CONTACT) == ["date.expires_soon"]


def test_a_certificate_of_a_vendor_that_is_no_longer_the_vendor():
    org = organisation()
    certificates.install_anchors()
    certificate = certificates.certificate(organisation=org)
    certificate.cvr = "87654321"
    certificate.save()
    assert codes(organisation=org, certificate=certificate, **CONTACT)[0] == "system.certificate_cvr_changed"


def test_the_sixth_sender_system():
    org, at = organisation(), timezone.now()
    for _ in range(5):
        system(organisation=org, is_sender=True)
    system(organisation=org, is_sender=True, active_from=at - 2 * DAY, active_to=at - DAY)
    system(organisation=org)
    assert many_senders(org, at=at) == []
    assert [found.params["count"] for found in many_senders(org, at=at, besides=1)] == [6]
    system(organisation=org, is_sender=True)
    assert [found.params["count"] for found in many_senders(org, at=at)] == [6]


def test_problems_for_the_overview(english):
    org, at = organisation(), timezone.now()
    ending = certificates.certificate(organisation=org, until=at + 20 * DAY)
    system(organisation=org, name="Uden", active=True)
    system(organisation=org, name="Stille", active=True, certificate=certificates.certificate(organisation=org))
    system(organisation=org, name="Snart", active=True, certificate=ending, health={"last_passed": at})
    system(organisation=org, name="Kladde")
    assert [str(problem.text).split(" on ")[0] for problem in open_problems(org)] == [
        "Stille is in service, but nothing shows that it is connected.",
        "Uden is in service without a certificate or key in force.",
        "The certificate of Snart expires",
        "No recipient system in service is the default one.",
    ]


def test_nothing_to_say():
    org, at = organisation(), timezone.now()
    certificate = certificates.certificate(organisation=org)
    system(
        organisation=org, active=True, certificate=certificate, health={"last_passed": at}, is_default_recipient=True
    )
    assert open_problems(org) == []


def test_links_of_the_log():
    one = system()
    org = one.organisation
    assert object_link("system", one.pk, org) == f"/o/{org.cvr_number}/systemer/{one.pk}/"
    assert object_link("system", one.pk, organisation()) == ""
    assert object_link("contactpoint", one.pk, org) == ""


def test_what_a_departing_person_was_a_contact_of(english):
    org, kim = organisation(), user(email="kim@a.dk")
    system(organisation=org, name="Post ind", technical_contact_email="Kim@a.dk")
    system(technical_contact_email="kim@a.dk")
    assert departures(kim, org) == ["Contact of the system Post ind"]
    assert departures(user(), org) == []


@pytest.mark.parametrize("name", ["open_problems", "object_links", "departures", "system_choices"])
def test_the_slots_are_filled(name):
    assert any(filling.__module__.startswith("systems.") for filling in slots.fillings(name))

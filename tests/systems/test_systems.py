"""The list of systems."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.models import Organisation
from systems.models import Protocol, SystemDraft
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system
from tests.systems.people import READ, everybody

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def page(org: Organisation, query: str = "", role: Role = Role.ORGANISATION_ADMINISTRATOR):
    client = client_for(user_with(role, organisation=org))
    return client.get(reverse("systems", args=[org.cvr_number]) + query)


def names(response) -> list[str]:
    return [row.name for row in response.context["list"].page]


def test_who_sees_the_list():
    one = system()
    url = reverse("systems", args=[one.organisation.cvr_number])
    seen = {who: client_for(user).get(url).status_code for who, user in everybody(one).items()}
    assert seen == READ | {"vendor of another system": 200}


def test_a_grant_for_one_system_shows_that_one_and_no_creation():
    org = organisation()
    one, _other = system(organisation=org, name="Vores"), system(organisation=org, name="Andres")
    SystemDraft.objects.create(organisation=org, values={"name": "Kladde"})
    vendor = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=one.pk)
    response = client_for(vendor).get(reverse("systems", args=[org.cvr_number]))
    assert names(response) == ["Vores"]
    assert (response.context["create_url"], list(response.context["drafts"])) == ("", [])
    export = client_for(vendor).get(reverse("systems", args=[org.cvr_number]) + "?format=csv")
    assert "Andres" not in b"".join(export.streaming_content).decode()


def test_only_the_organisations_own():
    org = organisation()
    system(organisation=org, name="Vores")
    system(name="Deres")
    assert names(page(org)) == ["Vores"]


def test_an_empty_list_says_how_to_begin():
    org = organisation()
    html = page(org).content.decode()
    assert "Ingen systemer endnu" in html
    assert reverse("system_create", args=[org.cvr_number]) in html
    assert reverse("system_create", args=[org.cvr_number]) not in page(org, role=Role.READER).content.decode()


def test_search_and_filters():
    org, at = organisation(), timezone.now()
    certificate = certificates.certificate(organisation=org)
    system(
        organisation=org,
        name="Post",
        active=True,
        certificate=certificate,
        health={"last_passed": at},
        is_default_recipient=True,
    )
    system(organisation=org, name="Sender", is_sender=True, protocol=Protocol.REST_PUSH, supplier="Eksempel IT")
    system(organisation=org, name="Planlagt", active_from=at + DAY)
    assert names(page(org, "?q=eksempel")) == ["Sender"]
    assert names(page(org, "?state=PLANNED")) == ["Planlagt"]
    assert names(page(org, "?state=ACTIVE")) == ["Post"]
    assert names(page(org, "?protocol=REST_PUSH")) == ["Sender"]
    assert names(page(org, "?type=sender")) == ["Sender"]
    assert names(page(org, "?type=recipient")) == ["Planlagt", "Post"]
    assert names(page(org, "?type=default")) == ["Post"]
    assert names(page(org, "?connected=yes")) == ["Post"]
    assert names(page(org, "?connected=no")) == ["Planlagt", "Sender"]
    assert names(page(org, "?state=NONSENSE&sort=nonsense")) == ["Planlagt", "Post", "Sender"]


@pytest.mark.parametrize("sort", ["name", "types", "protocol", "state", "credential", "check"])
def test_every_order_goes_both_ways(sort):
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    for number in range(3):
        system(organisation=org, name=f"System {number}")
    system(
        organisation=org,
        name="System 3",
        active=True,
        protocol=Protocol.REST_PUSH,
        certificate=certificate,
        is_sender=True,
        health={"last_check": timezone.now()},
    )
    assert sorted(names(page(org, f"?sort={sort}"))) == sorted(names(page(org, f"?sort=-{sort}")))
    assert len({tuple(names(page(org, f"?sort={direction}{sort}"))) for direction in ("", "-")}) == 2


def test_as_csv():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    one = system(organisation=org, name="Post ind", active=True, certificate=certificate)
    lines = b"".join(page(org, "?format=csv").streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(lines), delimiter=";")
    told = dict(zip(header, row, strict=True))
    assert told["Navn"] == "Post ind"
    assert told["Status"] == "I drift"
    assert told["ID her"] == str(one.pk)
    assert told["Tilsluttet"] == "Nej"


def test_the_same_few_queries_for_one_system_and_for_three(django_assert_num_queries, django_assert_max_num_queries):
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    url = reverse("systems", args=[org.cvr_number])
    system(organisation=org, certificate=certificate, active=True)
    client.get(url)
    with django_assert_max_num_queries(12) as one:
        client.get(url)
    for _ in range(2):
        system(organisation=org, certificate=certificate, active=True, is_sender=True, is_recipient=True)
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_drafts_stand_above_the_list_for_those_who_create():
    org = organisation()
    draft = SystemDraft.objects.create(organisation=org, values={"name": "Byggesag", "done": ["art"]})
    (begun,) = page(org).context["drafts"]
    assert begun.draft == draft
    assert begun.url == f"/o/{org.cvr_number}/systemer/kladder/{draft.pk}/protokol/"
    assert page(org, role=Role.READER).context["drafts"] == []


def test_a_notice_from_the_sixth_sender_system():
    org = organisation()
    for _ in range(6):
        system(organisation=org, is_sender=True)
    assert [found.code for found in page(org).context["notices"]] == ["system.many_senders"]

"""The matrix of people and roles, the list of grants, and what one person may do and why."""

import csv
import datetime as dt
import uuid
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from adgang.lib import slots
from organisations.models import GroupMember, UserGroup
from organisations.right_names import NAMES
from organisations.rights import Right
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
SYSTEM = uuid.uuid4()


@pytest.fixture
def org(monkeypatch):
    monkeypatch.setitem(slots._filled, "system_choices", [lambda organisation: [(SYSTEM, "Lønsystem")]])
    monkeypatch.setitem(slots._filled, "system_names", [lambda ids: {SYSTEM: "Lønsystem"}])
    return organisation()


@pytest.fixture
def boss(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Anna")


def in_group(org, person, role, name="Driften"):
    group, _ = UserGroup.objects.get_or_create(organisation=org, name=name)
    GroupMember.objects.create(group=group, user=person)
    grant(group=group, role=role, organisation=org)
    return group


def page(person, org, name, query="", **kwargs):
    return client_for(person).get(reverse(name, kwargs={"cvr": org.cvr_number, **kwargs}) + query)


def csv_of(response):
    return list(csv.reader(StringIO(b"".join(response).decode("utf-8-sig")), delimiter=";"))


def test_every_way_of_holding_a_role_stands_in_the_matrix(org, boss):
    bo = user(name="Bo")
    grant(user=bo, role=Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=SYSTEM)
    grant(user=bo, role=Role.READER, organisation=org, active_to=timezone.now() + dt.timedelta(days=400))
    in_group(org, bo, Role.CONTACT_ADMINISTRATOR)
    lines = csv_of(page(boss, org, "rights_matrix", "?format=csv"))
    cells = dict(zip(lines[0], lines[2], strict=True))
    assert (cells["Navn"], cells["Systemadministrator"], cells["Kontaktstrukturadministrator"]) == (
        "Bo",
        "Lønsystem",
        "via Driften",
    )
    assert cells["Læser"].startswith("til ")
    assert cells["Statistikadministrator"] == ""
    shown = text(page(boss, org, "rights_matrix", "?role=CONTACT_ADMINISTRATOR"))
    assert "Bo" in shown
    assert "Anna" not in shown


def test_the_matrix_costs_the_same_for_many(org, boss, django_assert_num_queries):
    client, url = client_for(boss), reverse("rights_matrix", args=[org.cvr_number])
    in_group(org, boss, Role.READER)
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
    for number in range(5):
        person = user_with(Role.READER, organisation=org, name=f"Person {number}")
        in_group(org, person, Role.CONTACT_ADMINISTRATOR, name=f"Hold {number}")
    with django_assert_num_queries(8):
        client.get(url)


def test_who_may_do_this_is_asked_by_right_and_system(org, boss):
    vendor = organisation(name="Påfund IT A/S")
    in_group(org, user(name="Bo"), Role.ORGANISATION_ADMINISTRATOR)
    grant(user=user(name="Carl"), role=Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=uuid.uuid4())
    grant(delegate=vendor, role=Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=SYSTEM)
    rows = csv_of(page(boss, org, "rights_who", f"?right=systems.change&system={SYSTEM}&format=csv"))[1:]
    assert {tuple(row[:2]) for row in rows} == {
        ("Driften", "Bo"),
        ("Påfund IT A/S", "En anden organisation; givet videre til 0"),
    }
    assert csv_of(page(boss, org, "rights_who", "?role=READER&format=csv"))[1:] == []
    assert "Carl" in text(page(boss, org, "rights_who", "?q=carl"))


def test_why_a_person_may_tells_the_whole_chain(org, boss):
    bo = user_with(Role.READER, organisation=org, name="Bo")
    in_group(org, bo, Role.CONTACT_ADMINISTRATOR)
    vendor = organisation(name="Påfund IT A/S")
    parent = grant(delegate=vendor, role=Role.LETTER_ADMINISTRATOR, organisation=org)
    grant(user=bo, role=Role.LETTER_ADMINISTRATOR, organisation=org, parent=parent, issuer_id=boss.pk)
    shown = text(page(boss, org, "person_rights", user_id=bo.pk))
    assert "Kontaktstrukturadministrator, via gruppen Driften" in shown
    assert "Brevansvarlig, givet videre af Påfund IT A/S – givet af Anna" in shown
    assert str(NAMES[Right.CONTACTS_CHANGE]) in shown
    assert str(NAMES[Right.PEOPLE_CHANGE]) not in shown


@pytest.mark.parametrize("name", ["rights_matrix", "rights_who"])
def test_three_people(org, boss, name):
    reader = user_with(Role.READER, organisation=org)
    colleague = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org)
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    answers = [page(one, org, name).status_code for one in (boss, reader, colleague, stranger)]
    assert answers == [200, 200, 403, 404]


def test_a_reader_is_offered_no_change(org):
    reader = user_with(Role.READER, organisation=org)
    shown = page(reader, org, "rights_matrix").content.decode()
    assert reverse("rights_bulk", args=[org.cvr_number]) not in shown
    assert reverse("user_group_create", args=[org.cvr_number]) not in page(reader, org, "user_groups").content.decode()

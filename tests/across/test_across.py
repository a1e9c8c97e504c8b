"""The page across authorities, and the reminder: what each person sees, and that it costs the same for many."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations.event_tags import Tag
from organisations.models import Deadline, Event, Mail, Reminder
from systems.models import System, SystemHealth
from tests.factories import certificates, contacts, systems
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


def vendor_for(*authorities, role=Role.ORGANISATION_ADMINISTRATOR, system_id=None):
    """Return one of a vendor's people who acts for the authorities."""
    vendor, person = organisation(name="Påfund IT A/S"), user(name="Levi")
    for authority in authorities:
        parent = grant(delegate=vendor, role=role, organisation=authority, system_id=system_id)
        grant(user=person, role=role, organisation=authority, parent=parent, system_id=system_id)
    return person


def rows(person, query=""):
    response = client_for(person).get(reverse("across") + query)
    return {one.name: one for one in response.context["list"].page.object_list}


def equipped(authority, *, failing=False, days=200):
    made = systems.system(organisation=authority, active=True)
    until = timezone.now() + dt.timedelta(days=days)
    kept = certificates.certificate(organisation=authority)
    type(kept).objects.filter(pk=kept.pk).update(not_after=until)
    System.objects.filter(pk=made.pk).update(certificate=kept)
    if failing:
        SystemHealth.objects.filter(system=made).update(state="FAILING")
    return made


def test_a_vendor_sees_every_authority_it_acts_for_and_no_other():
    ready, unready = organisation(name="Aaby Kommune"), organisation(name="Bæk Kommune", accepted=False)
    organisation(name="Fremmed Kommune")
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=ready)
    equipped(ready, failing=True, days=10)
    Deadline.objects.create(organisation=ready, kind="GO_LIVE", date=timezone.localdate() + dt.timedelta(days=9))
    person = vendor_for(ready, unready)
    found = rows(person)
    assert list(found) == ["Aaby Kommune", "Bæk Kommune"]
    first = found["Aaby Kommune"]
    assert (first.in_service, first.failing, first.accepted, first.administrators, first.done) == (1, 1, 1, 1, 3)
    assert first.next_deadline == timezone.localdate() + dt.timedelta(days=9)
    assert list(rows(person, "?shows=failing")) == ["Aaby Kommune"]
    assert list(rows(person, "?shows=expiring")) == ["Aaby Kommune"]
    assert list(rows(person, "?shows=unready&sort=done")) == ["Bæk Kommune", "Aaby Kommune"]
    assert rows(person, "?shows=ready") == {}
    assert rows(person, "?q=bæk").keys() == {"Bæk Kommune"}
    csv = b"".join(client_for(person).get(reverse("across") + "?format=csv")).decode()
    assert "Aaby Kommune;" in csv


def test_a_role_for_one_system_counts_that_system_alone_and_no_contact_points():
    authority = organisation(name="Aaby Kommune")
    mine = equipped(authority)
    equipped(authority, failing=True)
    contacts.point(organisation=authority)
    found = rows(vendor_for(authority, system_id=mine.pk))["Aaby Kommune"]
    assert (found.in_service, found.failing, found.points) == (1, 0, 0)


def test_the_operator_sees_all_and_a_person_without_roles_none():
    organisation(name="Aaby Kommune")
    operator = user_with(Role.SYSTEM_MANAGER, organisation=None)
    assert "Aaby Kommune" in rows(operator)
    response = client_for(user()).get(reverse("across"))
    assert "Du handler endnu ikke for nogen" in text(response)


def test_three_hundred_cost_what_one_does(django_assert_num_queries):
    authorities = [organisation(name="Nul Kommune")]
    person = vendor_for(*authorities)
    client = client_for(person)
    client.get(reverse("across"))
    with django_assert_num_queries(5):
        client.get(reverse("across"))
    more = [organisation(name=f"Kommune {number}") for number in range(30)]
    equipped(more[0])
    for authority in more:
        grant(user=person, role=Role.READER, organisation=authority)
    with django_assert_num_queries(5):
        client.get(reverse("across") + "?size=100")


def remind(person, authority, name="across_remind", **values):
    return client_for(person).post(reverse(name, args=[authority.cvr_number]), values)


def test_a_reminder_goes_to_the_responsible_once_a_day():
    authority = organisation(name="Aaby Kommune")
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=authority)
    person = vendor_for(authority)
    form = client_for(person).get(reverse("across_remind", args=[authority.cvr_number])).context["form"]
    assert "Aaby Kommune" in form["text"].value()
    response = remind(person, authority, text="Husk jeres kontaktstruktur.")
    assert toasts(response) == ["Påmindelsen til Aaby Kommune er på vej."]
    assert [(mail.kind, mail.to) for mail in Mail.objects.all()] == [("reminder", boss.email)]
    event = json.loads(Event.objects.get(tag=Tag.REMINDED).payload)
    assert event["after"] == {"text": "Husk jeres kontaktstruktur."}
    again = remind(person, authority, text="Husk det nu.")
    assert faults(again)[0].startswith("Aaby Kommune blev påmindet for mindre end et døgn siden.")
    assert "Husk det nu." in again.content.decode()
    with freeze_time(timezone.now() + dt.timedelta(days=1, minutes=1)):
        assert remind(person, authority, text="Igen.").status_code == 302
    assert Reminder.objects.count() == 2


def test_a_reminder_needs_somebody_to_read_it():
    authority = organisation(name="Aaby Kommune")
    operator = user_with(Role.SYSTEM_MANAGER, organisation=None)
    refused = remind(operator, authority, name="operations_remind", text="Hej")
    assert "ingen at påminde" in faults(refused)[0]
    type(authority).objects.filter(pk=authority.pk).update(legal_contact_email="jura@example.org")
    assert remind(operator, authority, name="operations_remind", text="Hej").status_code == 302
    assert Mail.objects.get().to == "jura@example.org"


def test_who_may_remind():
    authority = organisation()
    people = {
        "vendor": vendor_for(authority),
        "reader": user_with(Role.READER, organisation=authority),
        "stranger": user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation()),
    }
    url = reverse("across_remind", args=[authority.cvr_number])
    assert {name: client_for(one).get(url).status_code for name, one in people.items()} == {
        "vendor": 200,
        "reader": 403,
        "stranger": 404,
    }
    assert url not in client_for(people["reader"]).get(reverse("across")).content.decode()
    assert url in client_for(people["vendor"]).get(reverse("across")).content.decode()

"""What the structure tells the room of systems, and moving all points of one system to another."""

import uuid

import pytest

from contacts import dependants
from contacts.changing_system import change_system
from contacts.models import ContactPoint
from contacts.registering import NoSuchSystem
from systems.dependants import dependants as all_dependants
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "points_change_system", org.systems.get().pk) == CHANGE
    assert statuses(org, "points_change_system", org.systems.get().pk, method="post") == CHANGE


def test_moving_all():
    org = authority()
    old, new = org.systems.get(), systems.system(organisation=org, name="Nyt")
    points = [contacts.point(organisation=org, system=old) for _ in range(3)]
    client, page = owner(org), url(org, "points_change_system", old.pk)
    assert "3 kontaktpunkter hører til systemet." in client.get(page).content.decode()
    response = client.post(page, {"system": str(new.pk)}, follow=True)
    assert "3 kontaktpunkter hører nu til Nyt." in response.content.decode()
    assert set(ContactPoint.objects.values_list("system", "version")) == {(new.pk, 2)}
    tag, before, after = last_event(org)
    ids = sorted(str(point.pk) for point in points)
    assert (tag, before, after) == (
        "CONTACT_POINT_CHANGED",
        {"system": str(old.pk), "points": ids},
        {"system": str(new.pk), "points": ids},
    )


def test_without_another_system_the_page_says_so():
    org = authority()
    contacts.point(organisation=org, system=org.systems.get())
    text = owner(org).get(url(org, "points_change_system", org.systems.get().pk)).content.decode()
    assert "Der er intet andet modtagersystem" in text


def test_a_foreign_or_sending_system_takes_nothing_over():
    org = authority()
    old = org.systems.get()
    contacts.point(organisation=org, system=old)
    sender = systems.system(organisation=org, is_sender=True, is_recipient=False)
    for other in (sender, systems.system()):
        response = owner(org).post(url(org, "points_change_system", old.pk), {"system": str(other.pk)})
        assert "system" in response.context["form"].errors
        with pytest.raises(NoSuchSystem):
            change_system(caller=CALLER, system=old, to=other)
    assert ContactPoint.objects.get().system == old


def test_a_system_knows_who_depends_on_it():
    org = authority()
    system = org.systems.get()
    point = contacts.point("Pas", organisation=org, system=system)
    (one,) = all_dependants(system)
    assert (one.name, str(one.kind), one.url, one.move_url) == (
        "Pas",
        "kontaktpunkt",
        url(org, "point", point.pk),
        url(org, "points_change_system", system.pk),
    )


def test_a_system_that_points_use_is_not_deleted():
    org = authority()
    system = systems.system(organisation=org, name="Brugt")
    contacts.point("Pas", organisation=org, system=system)
    from tests.factories.organisations import Role, client_for, user_with

    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    response = client.post(url(org, "system_delete", system.pk), {"version": 1})
    assert "Pas" in response.content.decode()
    system.refresh_from_db()


def test_the_panel_on_the_systems_page():
    org = authority()
    system = org.systems.get()
    client, page = owner(org), url(org, "system", system.pk)
    assert "kontaktpunkt hører til systemet" not in client.get(page).content.decode()
    contacts.point(organisation=org, system=system, active=False, visible=False)
    text = client.get(page).content.decode()
    assert "1 kontaktpunkt hører til systemet" in text
    assert "1 er lukket" in text
    assert url(org, "structure_list", system=system.pk) in text


def test_logged_objects_are_links_while_they_exist():
    org = authority()
    group, point = contacts.group(organisation=org), contacts.point(organisation=org)
    assert dependants.object_link("contactgroup", group.pk, org) == url(org, "group", group.pk)
    assert dependants.object_link("contactpoint", point.pk, org) == url(org, "point", point.pk)
    assert dependants.object_link("contactpoint", uuid.uuid4(), org) == ""
    assert dependants.object_link("contactpoint", contacts.point().pk, org) == ""
    assert dependants.object_link("system", point.pk, org) == ""

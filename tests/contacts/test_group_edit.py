"""Changing what is said of a group."""

import pytest

from contacts.models import ContactGroup
from tests.contacts.people import CHANGE, authority, filled, last_event, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "group_edit", contacts.group(organisation=org).pk) == CHANGE
    assert statuses(org, "group_edit", contacts.group(organisation=org).pk, method="post") == CHANGE


def test_saving():
    org = authority()
    group = contacts.group("Gammel", organisation=org, postkasse_ids=(1, 2))
    client, page = owner(org), url(org, "group_edit", group.pk)
    response = client.post(page, filled(client, page) | {"name": "Ny"}, follow=True)
    group.refresh_from_db()
    assert (group.name, group.postkasse_ids, group.version, group.position) == ("Ny", [1, 2], 2, 1024)
    assert "Ny er gemt." in response.content.decode()
    tag, before, after = last_event(org)
    assert (tag, before["name"], after["name"]) == ("CONTACT_GROUP_CHANGED", "Gammel", "Ny")


def test_a_number_of_thousands_of_digits_is_refused_like_any_that_is_too_large():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    page = url(org, "group_edit", group.pk)
    client = owner(org)
    response = client.post(page, filled(client, page) | {"postkasse_ids": "9" * 5000})
    assert list(response.context["form"].errors) == ["postkasse_ids"]


def test_two_people_saving_lose_nothing():
    org = authority()
    group = contacts.group("Gammel", organisation=org)
    client, page = owner(org), url(org, "group_edit", group.pk)
    mine = filled(client, page) | {"name": "Min"}
    client.post(page, mine | {"name": "Deres"})
    response = client.post(page, mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Min" in text
    assert "Deres" in text
    assert ContactGroup.objects.get().name == "Deres"


def test_a_group_that_was_deleted_meanwhile():
    org = authority()
    group = contacts.group(organisation=org)
    client, page = owner(org), url(org, "group_edit", group.pk)
    answers = filled(client, page)
    ContactGroup.objects.all().delete()
    assert client.post(page, answers).status_code == 404

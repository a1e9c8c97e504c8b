"""Copying a branch."""

import uuid

import pytest

from contacts.models import ContactGroup, ContactPoint
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts
from tests.factories.contacts import names_below

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "group_copy", contacts.group(organisation=org).pk) == CHANGE


def test_copying():
    org = authority()
    top = contacts.group("Borger", organisation=org, registry_id=uuid.uuid4(), postkasse_ids=(7,))
    below = contacts.group("Pas", parent=top)
    point = contacts.point("Kørekort", groups=(below, top), search_terms=("bil",))
    contacts.point("Andet", groups=(below,))
    client, page = owner(org), url(org, "group_copy", top.pk)
    assert "2 grupper oprettes på ny med 2 kontaktpunkter." in " ".join(client.get(page).content.decode().split())
    text = client.post(page, {"name": "Erhverv", "to": ""}, follow=True).content.decode()
    assert "Erhverv er oprettet med 2 kontaktpunkter." in text
    made = ContactGroup.objects.get(name="Erhverv")
    assert (made.registry_id, made.postkasse_ids, made.parent) == (None, [], None)
    assert names_below(org, made) == ["Pas", "Kørekort"]
    assert names_below(org, made.children.get()) == ["Kørekort", "Andet"]
    copy = ContactPoint.objects.exclude(pk=point.pk).get(name="Kørekort")
    assert [term.term for term in copy.search_terms.all()] == ["bil"]
    assert copy.placements.count() == 2
    assert last_event(org)[0] == "CONTACTS_COPIED"


def test_a_copy_may_stand_in_itself():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    owner(org).post(url(org, "group_copy", group.pk), {"name": "Kopi", "to": "Borger"})
    assert names_below(org, group) == ["Kopi"]
    assert names_below(org, ContactGroup.objects.get(name="Kopi")) == []

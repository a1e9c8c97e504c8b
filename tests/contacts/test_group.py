"""A group's page."""

import uuid

import pytest
from django.test import override_settings

from contacts import registering
from contacts.values import GroupValues
from tests.contacts.people import READ, authority, owner, queries, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def test_who_may_see_it():
    org = authority()
    assert statuses(org, "group", contacts.group(organisation=org).pk) == READ


def test_a_group_of_another_organisation_is_not_there():
    org = authority()
    assert owner(org).get(url(org, "group", contacts.group().pk)).status_code == 404


def test_the_tree_is_opened_down_to_what_stands_in_it():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    here = contacts.group("Ydelser", parent=top, description="Penge\nog tilskud")
    contacts.point("Kontanthjælp", groups=[here])
    text = owner(org).get(url(org, "group", here.pk)).content.decode()
    assert f'href="{url(org, "group", here.pk)}" aria-current=true aria-expanded=true' in text
    assert ">Kontanthjælp <small>borgere</small>" in text
    assert "0 grupper, 1 kontaktpunkt." in text
    assert "Penge\nog tilskud" in text


def test_a_reader_is_offered_no_changes():
    org = authority()
    text = reader(org).get(url(org, "group", contacts.group(organisation=org).pk)).content.decode()
    assert "/ret/" not in text
    assert "Opret" not in text


def test_htmx_gets_the_panel_alone():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    headers = {"HX-Request": "true", "HX-Target": "node-panel"}
    text = owner(org).get(url(org, "group", group.pk), headers=headers).content.decode()
    assert 'role="tree"' not in text
    assert "<title>Borger – Adgang TEST</title>" in text
    assert '<div id="crumbs" hx-swap-oob="innerHTML">' in text


def test_its_id_is_provisional_until_the_registry_knows_it():
    org = authority()
    group = contacts.group(organisation=org)
    client, page = owner(org), url(org, "group", group.pk)
    text = client.get(page).content.decode()
    assert "Foreløbigt ID – brug det ikke i breve" in text
    assert f'data-copy="{group.pk}"' in text
    registry_id = uuid.uuid4()
    values = GroupValues(name="A", registry_id=registry_id)
    registering.change_group(caller=CALLER, group=group, values=values, version=1)
    text = client.get(page).content.decode()
    assert "ID i Digital Post – TEST" in text
    assert f'data-copy="{registry_id}"' in text
    assert str(group.pk) not in text.split('id="object-id"')[1].split("</section>")[0]


@override_settings(ADGANG_IS_REGISTRY=True)
def test_where_the_installation_is_the_registry_the_key_is_the_id():
    org = authority()
    group = contacts.group(organisation=org)
    text = owner(org).get(url(org, "group", group.pk)).content.decode()
    assert "Foreløbigt" not in text
    assert f'data-copy="{group.pk}"' in text


def test_its_events_are_shown():
    org = authority()
    text = owner(org).get(url(org, "group", contacts.group("Borger", organisation=org).pk)).content.decode()
    assert "Kontaktgruppe oprettet" in text


@pytest.mark.parametrize("size", [1, 30])
def test_queries(size):
    org = authority()
    top = contacts.group(organisation=org)
    here = contacts.group(parent=top)
    for _ in range(size):
        contacts.point(groups=[here], system=org.systems.get())
    assert queries(owner(org), url(org, "group", here.pk)) <= 15

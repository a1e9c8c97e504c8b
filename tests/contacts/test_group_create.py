"""Making a group."""

import pytest

from contacts.models import ContactGroup
from tests.contacts.people import CHANGE, authority, last_event, owner, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import names_below

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "group_create") == CHANGE
    assert reader(org).post(url(org, "group_create"), {"name": "A"}).status_code == 403
    assert not ContactGroup.objects.exists()


def test_at_the_top_level():
    org = authority()
    contacts.group("A", organisation=org)
    response = owner(org).post(
        url(org, "group_create"),
        {"name": "  B  \t og  C", "description": "En\r\nto", "organisational_unit": "on", "postkasse_ids": "12\r\n34"},
        follow=True,
    )
    made = ContactGroup.objects.get(organisation=org, position=2048)
    assert (made.name, made.description, made.organisational_unit) == ("B og C", "En\nto", True)
    assert (made.postkasse_ids, made.parent, made.search_text) == ([12, 34], None, "b og c\n12\n34\n\nen to")
    assert "Gruppen B og C er oprettet." in response.content.decode()
    tag, before, after = last_event(org)
    assert (tag, before, after["name"]) == ("CONTACT_GROUP_CREATED", {}, "B og C")
    assert "search_text" not in after


def test_in_a_group():
    org = authority()
    top = contacts.group(organisation=org)
    response = owner(org).post(url(org, "group_create", gruppe=top.pk, aaben=top.pk), {"name": "Under"})
    made = ContactGroup.objects.get(name="Under")
    assert names_below(org, top) == ["Under"]
    assert response.headers["Location"] == url(org, "group", made.pk, aaben=str(top.pk))


def test_a_group_of_another_organisation_is_no_place():
    org = authority()
    assert owner(org).get(url(org, "group_create", gruppe=contacts.group().pk)).status_code == 404
    assert owner(org).get(url(org, "group_create", gruppe="x")).status_code == 404


@pytest.mark.parametrize(
    ("answers", "field", "text"),
    [
        ({"name": " "}, "name", "Udfyld: Navn"),
        ({"name": "x" * 201}, "name", "200"),
        ({"name": "A", "postkasse_ids": "tolv"}, "postkasse_ids", "“tolv” er ikke et helt tal"),
        ({"name": "A", "postkasse_ids": "12\n12"}, "postkasse_ids", "“12” står der to gange."),
        ({"name": "A", "registry_id": "123"}, "registry_id", "Kopiér ID'et igen"),
        ({"name": "A", "description": "x" * 2001}, "description", "2000"),
    ],
)
def test_faults_are_said_at_their_fields(answers, field, text):
    org = authority()
    response = owner(org).post(url(org, "group_create"), answers)
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert text in str(form.errors[field][0])
    assert response.content.decode().count("<title>Fejl:") == 1
    assert not ContactGroup.objects.exists()


def test_control_characters_are_dropped():
    org = authority()
    owner(org).post(url(org, "group_create"), {"name": "A\x01B"})
    assert ContactGroup.objects.get().name == "A B"


def test_an_id_in_digital_post_belongs_to_one_group():
    org = authority()
    registry_id = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"
    contacts.group(organisation=org, registry_id=registry_id)
    response = owner(org).post(url(org, "group_create"), {"name": "B", "registry_id": registry_id})
    assert response.status_code == 200
    assert "har allerede dette ID i Digital Post" in response.content.decode()

"""Which id a letter carries to be answered at which contact point."""

import uuid

import pytest

from tests.contacts.people import READ, authority, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db

REGISTRY_ID = uuid.UUID("2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20")


def test_who_may():
    assert statuses(authority(), "structure_ids") == READ


def test_the_id_of_digital_post_is_the_one_for_letters():
    org = authority()
    group = contacts.group("Ydelser", organisation=org)
    contacts.point("Kontanthjælp", groups=(group,), registry_id=REGISTRY_ID)
    text = owner(org).get(url(org, "structure_ids")).content.decode()
    assert str(REGISTRY_ID) in text
    assert "Ydelser" in text
    assert "foreløbigt" not in text


def test_an_id_of_ours_alone_is_never_shown_as_one_for_letters():
    org = authority()
    point = contacts.point("Kontanthjælp", organisation=org)
    text = owner(org).get(url(org, "structure_ids")).content.decode()
    assert "foreløbigt – brug det ikke i breve" in text
    assert f">{point.pk}<" not in text


def test_where_the_installation_is_the_registry_the_key_is_the_id(settings):
    settings.ADGANG_IS_REGISTRY = True
    org = authority()
    point = contacts.point("Kontanthjælp", organisation=org)
    client = owner(org)
    assert str(point.pk) in client.get(url(org, "structure_ids")).content.decode()
    assert str(point.pk) not in client.get(url(org, "structure_ids"), {"id": "missing"}).content.decode()


def test_the_filter_tells_final_from_provisional():
    org = authority()
    contacts.point("Endelig", organisation=org, registry_id=REGISTRY_ID)
    contacts.point("Senere", organisation=org)
    client = owner(org)
    final = client.get(url(org, "structure_ids"), {"id": "final"}).content.decode()
    missing = client.get(url(org, "structure_ids"), {"id": "missing"}).content.decode()
    assert ("Endelig" in final, "Senere" in final) == (True, False)
    assert ("Endelig" in missing, "Senere" in missing) == (False, True)


def test_it_leaves_as_a_spreadsheet():
    org = authority()
    contacts.point("Endelig", organisation=org, registry_id=REGISTRY_ID)
    content = b"".join(owner(org).get(url(org, "structure_ids"), {"format": "csv"})).decode("utf-8-sig")
    assert content.splitlines()[0].split(";")[:3] == ["Kontaktpunkt", "Står i", "ID i breve"]
    assert str(REGISTRY_ID) in content.splitlines()[1]


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow(count, django_assert_num_queries):
    org = authority()
    for number in range(count):
        contacts.point(f"Punkt {number}", groups=(contacts.group(f"Gruppe {number}", organisation=org),))
    client = owner(org)
    client.get(url(org, "structure_ids"))
    with django_assert_num_queries(7):
        client.get(url(org, "structure_ids"))

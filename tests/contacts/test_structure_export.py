"""The structure and the template as files."""

import pytest

from contacts.csv_columns import COLUMNS
from organisations.models import Event
from tests.contacts.people import READ, authority, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["structure_export", "structure_template"])
def test_who_may(name):
    assert statuses(authority(), name) == READ


def test_the_structure_in_the_order_of_the_tree():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    below = contacts.group("Ydelser", parent=top)
    contacts.point("Top", organisation=org)
    contacts.point("I borger", groups=[top])
    contacts.point("I ydelser", groups=[below, top])
    response = owner(org).get(url(org, "structure_export"))
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert [line.split(";")[0:4:3] for line in lines[1:]] == [
        ["gruppe", "Borger"],
        ["gruppe", "Ydelser"],
        ["punkt", "I ydelser"],
        ["punkt", "I borger"],
        ["punkt", "Top"],
    ]
    assert "Borger / Ydelser | Borger" in lines[3]
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="kontaktstruktur-{org.cvr_number}')
    assert Event.objects.filter(organisation_id=org.pk, tag="LIST_EXPORTED").count() == 1


def test_the_template_has_every_column():
    org = authority()
    content = b"".join(owner(org).get(url(org, "structure_template"))).decode("utf-8-sig")
    assert content.splitlines()[0].split(";") == [column.name for column in COLUMNS]

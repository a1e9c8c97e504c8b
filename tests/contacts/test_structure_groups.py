"""The structure as a list of groups."""

import pytest

from tests.contacts.people import READ, authority, owner, queries, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def test_who_may_see_it():
    assert statuses(authority(), "structure_groups") == READ


def test_groups_with_their_paths():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    contacts.group("Ydelser", parent=top, description="Penge")
    page = owner(org).get(url(org, "structure_groups", q="penge"))
    assert [one.name for one in page.context["list"].page.object_list] == ["Ydelser"]
    assert "Borger" in page.content.decode()


@pytest.mark.parametrize("size", [1, 12])
def test_queries(size):
    org = authority()
    top = contacts.group(organisation=org)
    for _ in range(size):
        contacts.group(parent=top)
    assert queries(owner(org), url(org, "structure_groups")) == 6

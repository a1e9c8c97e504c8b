"""Deleting a material."""

import pytest

from organisations.models import Event, Material
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def test_it_asks_once_and_is_recorded(client):
    material = Material.objects.create(title_da="Vejledning")
    url = f"/drift/materialer/{material.pk}/slet/"
    assert "Ingen myndighed ser det længere." in text(client.get(url))
    assert toasts(client.post(url, {"version": 1})) == ["»Vejledning« blev slettet."]
    assert (Material.objects.count(), Event.objects.get().object_id) == (0, material.pk)


@pytest.mark.parametrize("version", ["2", "", "x", "9" * 5000], ids=["other", "none", "word", "thousands of digits"])
def test_what_was_changed_meanwhile_is_not_deleted(client, version):
    material = Material.objects.create(title_da="Vejledning")
    response = client.post(f"/drift/materialer/{material.pk}/slet/", {"version": version})
    assert toasts(response) == ["En anden rettede det imens, så det blev ikke slettet."]
    assert Material.objects.count() == 1

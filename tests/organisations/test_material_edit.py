"""Changing a material."""

import json

import pytest

from organisations.models import Event, Material
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def material():
    return Material.objects.create(title_da="Før")


def send(material, **values):
    given = {"kind": "MATERIAL", "step": 0, "title_da": "Efter", "position": 0, "version": 1}
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    return client.post(f"/drift/materialer/{material.pk}/", given | values)


def test_it_is_saved_and_told_with_before_and_after(material):
    assert toasts(send(material)) == ["»Efter« blev gemt."]
    payload = json.loads(Event.objects.get().payload)
    assert (payload["before"], payload["after"]) == ({"title_da": "Før"}, {"title_da": "Efter"})


def test_a_lost_race_is_shown_and_nothing_lost(material):
    send(material)
    assert send(material, title_da="En anden").status_code == 409
    assert Material.objects.get().title_da == "Efter"

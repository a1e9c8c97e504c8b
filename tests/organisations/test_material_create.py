"""Adding a material."""

import pytest

from organisations.event_tags import Tag
from organisations.models import Event, Material
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import faults, toasts

pytestmark = pytest.mark.django_db


def send(**values):
    given = {
        "kind": "MATERIAL",
        "step": 1,
        "title_da": "Vejledning",
        "url": "https://example.org/",
        "position": 0,
        "version": 1,
    }
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    return client.post("/drift/materialer/opret/", given | values)


def test_it_is_saved_and_recorded():
    assert toasts(send()) == ["»Vejledning« blev tilføjet."]
    assert (Material.objects.get().step, Event.objects.get().tag) == (1, Tag.MATERIAL_CHANGED)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title_da": ""}, "Udfyld: Titel på dansk"),
        ({"url": "javascript:alert(1)"}, "Indtast en gyldig URL."),
        ({"kind": "X"}, "Marker en gyldig valgmulighed. X er ikke en af de tilgængelige valgmuligheder."),
    ],
)
def test_what_is_wrong_is_said(values, expected):
    assert faults(send(**values)) == [expected]
    assert Material.objects.count() == 0

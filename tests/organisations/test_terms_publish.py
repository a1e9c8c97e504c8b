"""Publishing terms."""

import pytest

from organisations.models import Event, Terms
from tests.factories import organisations
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import faults, toasts

pytestmark = pytest.mark.django_db

URL = "/drift/vilkaar/udgiv/"


@pytest.fixture
def client():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def test_a_version_counts_at_once_and_is_recorded(client):
    response = client.post(URL, {"label": "2.0", "text_da": "Nye vilkår", "text_en": "New terms"})
    assert toasts(response) == ["Version 2.0 af vilkårene gælder fra nu af."]
    assert Terms.objects.get().text_en == "New terms"
    assert Event.objects.get().organisation_id.int == 0


def test_the_newest_text_is_where_the_next_begins(client):
    organisations.terms(label="1.0")
    assert "Vilkår for tilslutning." in client.get(URL).content.decode()


def test_a_label_is_used_once_and_a_text_is_needed(client):
    organisations.terms(label="1.0")
    assert faults(client.post(URL, {"label": "1.0", "text_da": "x"})) == [
        "Der findes allerede vilkår med den version. Giv den nye version et andet navn."
    ]
    assert faults(client.post(URL, {"label": "2.0", "text_da": ""})) == ["Udfyld: Tekst på dansk"]

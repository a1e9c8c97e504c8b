"""The operator's list of announcements: where each stands, filters, search, export, and the way in."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.organisations import Role, announcement, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
URL = "/drift/meddelelser/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def some() -> None:
    """Make one announcement in each state."""
    at = timezone.now()
    announcement(title_da="Vises", text_da="Fjernprint", level="ERROR")
    announcement(title_da="Kommer", starts=at + HOUR, roles=["READER"])
    announcement(title_da="Var", starts=at - 3 * HOUR, until=at - HOUR)
    announcement(title_da="Borte", withdrawn=at, cvr_numbers=[organisation().cvr_number])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Kommer", "Borte", "Vises", "Var"]),
        ("?tilstand=on", ["Vises"]),
        ("?tilstand=planned", ["Kommer"]),
        ("?tilstand=over", ["Var"]),
        ("?tilstand=withdrawn", ["Borte"]),
        ("?slags=ERROR", ["Vises"]),
        ("?q=fjernprint", ["Vises"]),
        ("?q=findes ikke", []),
    ],
)
def test_each_is_found_where_it_stands(manager, query, shown):
    some()
    response = manager.get(URL + query)
    assert [row.title_da for row in response.context["list"].page.object_list] == shown


def test_states_and_audiences_stand_in_words_and_in_the_file(manager):
    some()
    page = text(manager.get(URL))
    for words in ("Vises nu", "Planlagt", "Forbi", "Trukket tilbage", "1 myndighed", "Læser", "Alle"):
        assert words in page
    exported = b"".join(manager.get(URL + "?format=csv")).decode("utf-8-sig")
    assert "Fjernprint" in exported
    assert "Vises nu" in exported


def test_an_empty_list_says_how_to_begin_and_the_front_page_leads_there(manager):
    page = manager.get(URL)
    assert "Der er ingen meddelelser" in text(page)
    assert reverse("announcement_create") in page.content.decode()
    assert URL in manager.get("/drift/").content.decode()

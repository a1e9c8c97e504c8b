"""The frame of every page in a real browser: menus, focus, languages, with scripts and without."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from organisations.rights import PrivilegeType as Role
from tests.browser.conftest import WIDTHS
from tests.factories.organisations import organisation, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATEMENT = "/tilgaengelighed/"
FONT = "/fonts/"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("language", "heading"), [("da", "Tilgængelighedserklæring"), ("en", "Accessibility statement")]
)
def test_open_page(new_context, axe, no_sideways_scrolling, language, heading, width):
    page = new_context(language=language, width=width).new_page()
    page.goto(STATEMENT)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    axe(page)
    no_sideways_scrolling(page)


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page):
    page.goto(STATEMENT)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til sidens indhold")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_the_language_is_changed_without_leaving_the_page(page):
    page.goto(STATEMENT)
    page.get_by_role("button", name="English").click()
    expect(page).to_have_title("Accessibility statement – Adgang TEST")
    expect(page).to_have_url(re.compile(f"{STATEMENT}$"))


def test_the_person_menu_opens_and_closes_by_keyboard(sign_in, axe):
    page = sign_in(user_with(Role.READER, organisation=organisation(), name="Vera Holm"))
    page.goto(STATEMENT)
    summary = page.locator("details[data-menu] summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log ud")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log ud")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_person_menu_closes_when_one_clicks_elsewhere(sign_in):
    page = sign_in(user_with(Role.READER, organisation=organisation()))
    page.goto(STATEMENT)
    page.locator("details[data-menu] summary").click()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("button", name="Log ud")).to_be_hidden()


def test_the_first_page_is_light(page):
    """Under 150 KB transferred (compressed), fonts apart."""
    bodies: list[bytes] = []
    page.on("response", lambda response: FONT in response.url or bodies.append(response.body()))
    page.goto(STATEMENT)
    page.wait_for_load_state("networkidle")
    assert 20_000 < sum(len(gzip.compress(body)) for body in bodies) < 150_000


def test_a_page_that_is_not_there(page, axe, complaints):
    complaints.allowed.add(404)
    page.goto("/findes-ikke/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Siden blev ikke fundet")
    axe(page)

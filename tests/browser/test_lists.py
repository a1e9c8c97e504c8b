"""The list in a browser: it follows while one types, keeps the focus, says what it shows, and needs no scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from organisations.models import Organisation
from organisations.rights import PrivilegeType as Role
from tests.factories import organisations, systems
from tests.factories.organisations import user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUMMARY = "#list-systems-summary"


@pytest.fixture
def here() -> Organisation:
    made = organisations.organisation(name="Klitby Kommune")
    for number in range(30):
        systems.system(organisation=made, name=f"Fagsystem {number:02}", active=number % 2 == 0)
    return made


@pytest.fixture
def url(here: Organisation) -> str:
    return f"/o/{here.cvr_number}/systemer/"


@pytest.fixture
def page(sign_in, here: Organisation, url: str) -> Page:
    page = sign_in(user_with(Role.READER, organisation=here))
    page.goto(url)
    return page


def names(page: Page) -> list[str]:
    return page.locator("table tbody th").all_inner_texts()


def test_the_results_follow_while_one_types_and_the_field_keeps_the_focus(page):
    search = page.get_by_role("searchbox")
    search.press_sequentially("fagsystem 07")
    expect(page.locator(SUMMARY)).to_have_text("Viser 1–1 af 1")
    assert names(page) == ["Fagsystem 07"]
    expect(search).to_be_focused()
    expect(search).to_have_value("fagsystem 07")
    expect(page).to_have_url(re.compile(r"/systemer/\?q=fagsystem(%20|\+)07$"))


def test_sorting_keeps_the_focus_on_the_head(page):
    head = page.locator("#list-systems-sort-name")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("#list-systems-sort-name")).to_be_focused()
    assert names(page)[0] == "Fagsystem 29"
    expect(page).to_have_url(re.compile(r"sort=-name$"))


def test_the_search_keeps_the_sorting(page):
    page.locator("#list-systems-sort-name").click()
    expect(page).to_have_url(re.compile(r"sort=-name$"))
    page.get_by_role("searchbox").press_sequentially("fagsystem 1")
    expect(page.locator(SUMMARY)).to_have_text("Viser 1–12 af 12")
    assert names(page)[0] == "Fagsystem 21"


def test_another_page_is_announced_and_has_the_focus(page, axe):
    page.get_by_role("link", name="Næste side").click()
    expect(page.locator(SUMMARY)).to_have_text("Viser 26–30 af 30")
    expect(page.locator("#list-systems")).to_be_focused()
    axe(page)


def test_the_way_back_is_the_browsers(page):
    page.get_by_role("link", name="Næste side").click()
    expect(page.locator(SUMMARY)).to_have_text("Viser 26–30 af 30")
    page.go_back()
    expect(page.locator(SUMMARY)).to_have_text("Viser 1–25 af 30")


def test_the_url_can_be_sent_to_a_colleague(page, url):
    page.goto(f"{url}?q=fagsystem+1&sort=-name&size=50")
    assert names(page)[0] == "Fagsystem 21"
    expect(page.get_by_role("searchbox")).to_have_value("fagsystem 1")


def test_what_is_shown_can_be_taken_along(page):
    page.get_by_role("searchbox").press_sequentially("fagsystem 07")
    expect(page.locator(SUMMARY)).to_have_text("Viser 1–1 af 1")
    with page.expect_download() as started:
        page.get_by_role("link", name="Hent som CSV").click()
    lines = started.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["Fagsystem 07"]


def test_everything_works_without_scripts(new_context, here, url):
    page = new_context(user_with(Role.READER, organisation=here), scripts=False, width=320).new_page()
    page.goto(url)
    expect(page.get_by_role("navigation", name="Hovedmenu")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    page.get_by_role("searchbox").fill("fagsystem 07")
    page.get_by_role("button", name="Vis").click()
    expect(page.locator("table tbody th")).to_have_text(["Fagsystem 07"])
    page.get_by_role("link", name="Nulstil søgning og filtre").click()
    page.get_by_role("link", name="Næste side").click()
    expect(page.locator(SUMMARY)).to_have_text("Viser 26–30 af 30")


def test_the_menu_of_a_small_screen_unfolds(new_context, here, url, axe, no_sideways_scrolling):
    page = new_context(user_with(Role.READER, organisation=here), width=320).new_page()
    page.goto(url)
    menu = page.get_by_role("button", name="Menu")
    expect(page.get_by_role("navigation", name="Hovedmenu")).to_be_hidden()
    menu.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Systemer")).to_be_visible()
    axe(page)
    no_sideways_scrolling(page)

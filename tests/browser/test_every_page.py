"""Every page there is, in both languages and at both widths: axe finds nothing, nothing is refused or cut off."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Page

from adgang.lib.urls import ROUTES
from tests.browser.conftest import WIDTHS, Complaints
from tests.factories import world as worlds
from tests.factories.organisations import client_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("da", "en")
# Each language and each width once: axe takes most of the time, and what it finds in one language at one width it
# finds at the other width in that language or in the other language at that width. Colours have no language.
WITH_AXE = {("da", WIDTHS[0]): True, ("en", WIDTHS[1]): False}
# Open pages look different to, or are not for, those who are signed in.
FOR_NOBODY = {name for name, route in ROUTES.items() if route.getter == "public"}


@pytest.fixture
def world(settings, tmp_path, live_server):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.ADGANG_PASSKEY_ORIGINS = [live_server.url]
    return worlds.world()


def is_page(client: Client, url: str) -> bool:
    """Tell whether the address shows a page, rather than taking a POST, sending on, or answering data."""
    answer = client.get(url)
    assert answer.status_code in (200, 204, 302, 401, 405, 503), f"{url}: {answer.status_code}"
    return answer.status_code == 200 and b"<!doctype html>" in b"".join(answer)[:2000]


# Making a world and opening browsers takes longer than looking at a page: each serves some pages.
# One answers XML, and nothing at all where nobody signs in by SAML.
PAGES = sorted(ROUTES.keys() - {"saml_metadata"})
AT_ONCE = 20
GROUPS = [PAGES[start : start + AT_ONCE] for start in range(0, len(PAGES), AT_ONCE)]


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: f"{names[0]} to {names[-1]}")
def test_pages(names, world, new_context, axe, no_sideways_scrolling, complaints, shot):
    clients = {None: client_for(None), world.person: client_for(world.person, proven=True)}
    people = {name: None if name in FOR_NOBODY else world.person for name in names}
    shown = [name for name in names if is_page(clients[people[name]], world.url(name))]
    opened = {
        (person, language): new_context(person, language=language, proven=person is not None).new_page()
        for person in {people[name] for name in shown}
        for language in LANGUAGES
    }
    faults = []
    for name in shown:
        for language in LANGUAGES:
            page = opened[people[name], language]
            page.goto(world.url(name))
            with noted(faults, f"{name} ({language})"):
                look(page, language)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    shot(page, f"{name}-{language}-{width}")
                    if (language, width) in WITH_AXE:
                        axe(page, contrast=WITH_AXE[language, width])
                    no_sideways_scrolling(page)
    # What is sent may change the world, so it comes last.
    for name in shown:
        page = opened[people[name], LANGUAGES[-1]]
        if page.goto(world.url(name)).ok and send_as_it_stands(page, complaints):
            with noted(faults, f"{name} (sent)"):
                axe(page)
                no_sideways_scrolling(page)
                shot(page, f"{name}-sent")
    assert faults == []


@contextmanager
def noted(faults: list[str], where: str) -> Iterator[None]:
    """Note what is wrong with one page, and go on to the next."""
    try:
        yield
    except AssertionError as fault:
        faults.append(f"{where}: {fault}")


def look(page: Page, language: str) -> None:
    """See to it that a page is one: language, heading, title."""
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == page.locator("main").count() == 1
    assert page.title().endswith(" – Adgang TEST")


def send_as_it_stands(page: Page, complaints: Complaints) -> bool:
    """Press the page's first button, if it has a form: errors, refusals and confirmations are pages too."""
    complaints.allowed |= {403, 404, 409, 429}
    button = page.locator("main form[method=post] button[type=submit]:visible")
    if not button.count():
        return False
    button.first.click()
    page.wait_for_load_state()
    return True


def test_every_address_has_something_to_show(world):
    assert worlds.missing(world.arguments, world.of) == set()

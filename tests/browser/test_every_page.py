"""Every page there is, in both languages and at both widths: axe finds nothing, nothing is refused or cut off."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from adgang.lib.urls import ROUTES
from tests.browser.conftest import WIDTHS, Complaints
from tests.factories import world as worlds
from tests.factories.organisations import client_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("da", "en")
# Open pages look different to, or are not for, those who are signed in.
FOR_NOBODY = {name for name, route in ROUTES.items() if route.getter == "public"}


@pytest.fixture
def world(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return worlds.world()


def is_page(client: Client, url: str) -> bool:
    """Tell whether the address shows a page, rather than taking a POST, sending on, or answering data."""
    answer = client.get(url)
    assert answer.status_code in (200, 204, 302, 405, 503), f"{url}: {answer.status_code}"
    return answer.status_code == 200 and b"<!doctype html>" in b"".join(answer)[:2000]


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_page(name, world, new_context, axe, no_sideways_scrolling, complaints, shot):
    person = None if name in FOR_NOBODY else world.person
    url = world.url(name)
    if not is_page(client_for(person), url):
        return
    for language in LANGUAGES:
        page = new_context(person, language=language).new_page()
        page.goto(url)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == page.locator("main").count() == 1
        assert page.title().endswith(" – Adgang TEST")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            shot(page, f"{name}-{language}-{width}")
            axe(page)
            no_sideways_scrolling(page)
    send_as_it_stands(page, complaints)
    axe(page)
    no_sideways_scrolling(page)
    shot(page, f"{name}-sent")


def send_as_it_stands(page: Page, complaints: Complaints) -> None:
    """Press the page's first button, if it has a form: errors, refusals and confirmations are pages too."""
    complaints.allowed |= {403, 409, 429}
    button = page.locator("main form[method=post] button[type=submit]:visible")
    if button.count():
        button.first.click()
        page.wait_for_load_state()


def test_every_address_has_something_to_show(world):
    assert worlds.missing(world.arguments, world.of) == set()

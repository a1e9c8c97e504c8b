"""A real browser against the real server: Chromium, driven by Playwright."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from organisations.models import User
from tests.factories.organisations import client_for

# Playwright keeps an event loop in the test's thread; the test's own use of the database is still synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (1280, 320)
SHOTS = Path(os.environ.get("ADGANG_SHOTS_DIR", "/tmp/adgang-shots"))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return where Chromium is, or skip by name."""
    # The first is the same browser without its windows, which would be drawn although nobody sees them.
    for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser"):
        if Path(path).exists():
            return path
    if os.environ.get("ADGANG_REQUIRE_ALL") == "1":
        pytest.fail("Chromium is not installed on this machine")
    pytest.skip("Chromium is not installed on this machine")


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Return the one browser of the session."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Complaints:
    """What the browser had to say: script errors, refused scripts and styles, failed requests."""

    said: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error on the console; a failed request is judged by its status instead."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.said.append(message.text)

    def response(self, response: Response) -> None:
        """Note a failed request, unless the test expects its status."""
        if response.status >= 400 and response.status not in self.allowed:
            self.said.append(f"{response.status} {response.url}")

    def watch(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("response", self.response)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collect complaints; any that the test did not allow fails it. `complaints.allowed.add(404)` expects a status."""
    collected = Complaints()
    yield collected
    assert collected.said == []


@pytest.fixture
def new_context(browser: Browser, live_server, complaints: Complaints) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser of one's own: `new_context(user, language="da", width=1280)`."""
    opened: list[BrowserContext] = []

    def open_one(
        user: User | None = None,
        *,
        language: str = "da",
        width: int = 1280,
        scripts: bool = True,
        proven: bool = False,
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            cookies[settings.SESSION_COOKIE_NAME] = (
                client_for(user, proven=proven).cookies[settings.SESSION_COOKIE_NAME].value
            )
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        context.on("page", complaints.watch)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """Return a page in which nobody is signed in."""
    return new_context().new_page()


@pytest.fixture
def sign_in(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a function that gives a page in which the person is signed in: `sign_in(user, width=320)`."""
    return lambda user, **how: new_context(user, **how).new_page()


@pytest.fixture
def axe() -> Callable[..., None]:
    """Return a function that asserts that axe finds no violation of WCAG 2.1 A and AA on a page.

    `contrast=False` leaves the contrast of colours out, which takes axe as long as everything else, for a page whose
    colours are looked at in another language or at another width.
    """
    script = Axe().axe_script

    def assert_accessible(page: Page, *, contrast: bool = True) -> None:
        if not page.evaluate("'axe' in window"):  # half a megabyte, once a page
            page.evaluate(script)
        rules = {"color-contrast": {"enabled": contrast}}
        # No rule of these tags reads style sheets, which axe would fetch again for each page.
        options = {"runOnly": WCAG, "resultTypes": ["violations"], "rules": rules, "preload": False}
        found = page.evaluate("options => axe.run(document, options)", options)["violations"]
        assert [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]] == []

    return assert_accessible


@pytest.fixture
def no_sideways_scrolling() -> Callable[[Page], None]:
    """Return a function that asserts that a page is not wider than its window, naming what sticks out."""

    def assert_fits(page: Page) -> None:
        outside = page.evaluate(
            """() => {
                if (document.documentElement.scrollWidth <= innerWidth) return [];
                const wide = [...document.body.querySelectorAll("*")]
                    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
                    .map((element) => element.outerHTML.slice(0, 120)).slice(0, 5);
                // Text may stick out of an element that does not.
                return wide.length ? wide : [`${document.documentElement.scrollWidth} px of text in ${innerWidth}`];
            }"""
        )
        assert outside == []

    return assert_fits


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Return a function that keeps a picture of the whole page, when ADGANG_SHOTS_DIR is set."""

    def keep(page: Page, name: str) -> None:
        if "ADGANG_SHOTS_DIR" in os.environ:
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return keep

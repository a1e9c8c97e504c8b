"""Two ways to use a page: with the mouse, and with the keyboard alone."""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

FURTHEST = 400  # presses of Tab before a thing counts as out of the keyboard's reach


class Hands(Protocol):
    """How a person works a page. `where` narrows the search to a part of the page."""

    page: Page

    def press(self, name: str, *, role: str = "button", where: Locator | None = None) -> None:
        """Press the button, or follow the link, of that name."""

    def fill(self, label: str, text: str) -> None:
        """Write `text` into the field of that label, in place of what stands there."""

    def choose(self, label: str, option: str) -> None:
        """Choose the option of that text in the select of that label."""

    def tick(self, label: str) -> None:
        """Set the checkbox or radio button of that label."""

    def attach(self, label: str, path: Path) -> None:
        """Choose a file."""

    def open(self, name: str) -> None:
        """Open the menu of that name."""

    def sees(self, text: str) -> None:
        """Wait until the page says `text`."""


class _Finding:
    """What both ways share: finding things by the words that people see."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _thing(self, name: str, role: str, where: Locator | None) -> Locator:
        return (where or self.page.locator("body")).get_by_role(role, name=name).first

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(label).first

    def attach(self, label: str, path: Path) -> None:
        """Choose a file: the file dialog itself belongs to the browser, not to the page."""
        self.page.get_by_label(label).first.set_input_files(str(path))

    def open(self, name: str) -> None:
        """Open the menu of that name."""
        self._open(self.page.locator("summary").filter(has_text=name).first)

    def sees(self, text: str) -> None:
        """Wait until the page says `text`."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=20_000)


class Mouse(_Finding):
    """Clicks and types."""

    def press(self, name: str, *, role: str = "button", where: Locator | None = None) -> None:
        self._thing(name, role, where).click()

    def _open(self, summary: Locator) -> None:
        summary.click()

    def fill(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self._field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        field = self._field(label)
        if not field.is_checked():
            self.page.locator(f"label[for='{field.get_attribute('id')}']").first.click()


class Keyboard(_Finding):
    """Tab, arrows, Space and Enter; the mouse is never touched."""

    def press(self, name: str, *, role: str = "button", where: Locator | None = None) -> None:
        self._reach(self._thing(name, role, where))
        self.page.keyboard.press("Enter")

    def _open(self, summary: Locator) -> None:
        self._reach(summary)
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, option: str) -> None:
        field = self._field(label)
        self._reach(field)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_have_text(option)

    def tick(self, label: str) -> None:
        field = self._field(label)
        if field.is_checked():
            return
        if field.get_attribute("type") == "radio":
            self._reach_radio(field)
        else:
            self._reach(field)
        if not field.is_checked():
            self.page.keyboard.press("Space")
        expect(field).to_be_checked()

    def _reach(self, thing: Locator) -> None:
        """Press Tab until the thing has the focus; fail when it never does."""
        expect(thing).to_be_visible()
        for _ in range(FURTHEST):
            if thing.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never reached {thing}")

    def _reach_radio(self, radio: Locator) -> None:
        """Tab to the group of the radio button, then use the arrows: only one of a group takes part in Tab."""
        name = radio.get_attribute("name")
        for _ in range(FURTHEST):
            if self.page.evaluate("name => document.activeElement.name === name", name):
                break
            self.page.keyboard.press("Tab")
        for _ in range(FURTHEST):
            if radio.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never reached {radio}")

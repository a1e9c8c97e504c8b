"""A contact structure built from nothing and reorganised, with the keyboard alone; and a large one, for everybody."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from benchmarks.structure import fill, widest
from contacts.models import ContactGroup, ContactPoint
from tests.browser.hands import Keyboard
from tests.contacts.people import authority
from tests.factories.contacts import names_below
from tests.factories.organisations import Role, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FURTHEST = 80


class Builder(Keyboard):
    """A person who builds a structure."""

    def go(self, *links: str) -> None:
        """Follow links, one after the other."""
        for name in links:
            self.press(gettext(name), role="link", where=self.page.locator("main"))

    def heading(self, name: str) -> None:
        """Wait for the page of that heading."""
        expect(self.page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()

    def group(self, name: str, *, link: str = "Create a group here") -> None:
        """Create a group from the page that is shown, and stay on its page."""
        self.go(link)
        self.heading(gettext("Create a group"))
        self.fill(gettext("Name"), name)
        self.press(gettext("Create the group"))
        self.heading(name)

    def point(self, name: str) -> None:
        """Create a contact point in the group that is shown."""
        self.go("Create a contact point here")
        self.heading(gettext("Create a contact point"))
        self.fill(gettext("Name"), name)
        self.fill(gettext("Description"), f"Her kan du skrive om {name}.")
        self.tick(gettext("Citizens"))
        self.press(gettext("Create the contact point"))
        self.heading(name)

    def enter_tree(self) -> None:
        """Press Tab until the focus is in the tree, and go to its first node."""
        for _ in range(FURTHEST):
            if self.page.evaluate("document.activeElement.closest('#tree') !== null"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError("the keyboard never reached the tree")
        self.page.keyboard.press("Home")
        self.page.keyboard.press("*")

    def focus_node(self, name: str) -> None:
        """Go down from the first node to one that can be seen."""
        expect(self.page.locator("#tree").get_by_role("treeitem", name=name).first).to_be_visible()
        self.page.keyboard.press("Home")
        for _ in range(FURTHEST):
            if self.page.evaluate("document.activeElement.textContent").startswith(name):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never reached {name}")

    def show(self, *way: str) -> None:
        """Open the groups of a way in the tree, and show what stands at its end."""
        self.enter_tree()
        for name in way[:-1]:
            self.focus_node(name)
            self.page.keyboard.press("ArrowRight")
        self.focus_node(way[-1])
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1, name=way[-1], exact=True)).to_be_focused()


def test_built_and_reorganised_by_keyboard_alone(sign_in, complaints):
    org = authority()
    page = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    page.goto(reverse("structure", args=[org.cvr_number]))
    does = Builder(page)

    does.group("Borger", link="Create a group")
    does.group("Ydelser")
    does.point("Kontanthjælp")
    does.show("Borger", "Ydelser")
    does.point("Boligstøtte")
    does.press(gettext("Contact structure"), role="link")
    does.group("Erhverv", link="Create a group")
    assert names_below(org) == ["Borger", "Erhverv"]

    does.press(gettext("Move up"))
    does.sees("Erhverv")
    expect(page.locator("#tree > li").first).to_contain_text("Erhverv")
    assert names_below(org) == ["Erhverv", "Borger"]

    does.show("Borger", "Ydelser")
    does.open(gettext("More"))
    does.go("Move to another place")
    does.fill(gettext("Find a group by its name"), "erhv")
    does.tick("Erhverv")
    does.press(gettext("Move the group"))
    does.heading("Ydelser")
    assert names_below(org, ContactGroup.objects.get(name="Erhverv")) == ["Ydelser"]

    does.show("Erhverv", "Ydelser", "Boligstøtte")
    does.press(gettext("Move up in %(place)s") % {"place": "Erhverv / Ydelser"})
    does.heading("Boligstøtte")
    ydelser = ContactGroup.objects.get(name="Ydelser")
    expect(page.locator("#tree").get_by_role("treeitem", name="Boligstøtte")).to_be_visible()
    assert names_below(org, ydelser) == ["Boligstøtte", "Kontanthjælp"]
    does.open(gettext("More"))
    does.go("Place in one more group")
    does.tick("Borger")
    does.press(gettext("Place it there too"))
    does.heading("Boligstøtte")
    assert names_below(org, ContactGroup.objects.get(name="Borger")) == ["Boligstøtte"]

    does.enter_tree()
    for name in ("Erhverv", "Ydelser"):
        does.focus_node(name)
        page.keyboard.press("ArrowRight")
    for name in ("Boligstøtte", "Kontanthjælp"):
        does.focus_node(name)
        page.keyboard.press("Control+Space")
    does.press(gettext("Change the chosen ones"))
    does.press("Skift tilstand")
    does.tick("Lukket")
    does.press("Se, hvad der vil ske")
    does.press("Gennemfør")
    does.sees("2 kontaktpunkter er ændret.")
    assert not ContactPoint.objects.filter(active=True).exists()
    does.press(gettext("Undo"), role="link")
    does.press(gettext("Undo the change"))
    does.sees("Ændringen er fortrudt.")
    assert not ContactPoint.objects.filter(active=False).exists()

    page.goto(reverse("structure", args=[org.cvr_number]))
    does.fill(gettext("Search the structure"), "kontant")
    does.press("Kontanthjælp", role="link", where=page.locator("#tree-hits"))
    does.heading("Kontanthjælp")


@pytest.fixture
def large():
    """The structure that is measured: 10,000 points in 2,000 groups."""
    made = authority()
    fill(made)
    return made


def test_a_large_structure_is_for_everybody(large, sign_in, axe, no_sideways_scrolling, shot):
    person = user_with(Role.CONTACT_ADMINISTRATOR, organisation=large)
    opened = ",".join(map(str, widest(large)))
    for language, width in (("da", 1280), ("da", 320), ("en", 1280), ("en", 320)):
        page: Page = sign_in(person, language=language, width=width)
        page.goto(f"{reverse('structure', args=[large.cvr_number])}?aaben={opened}")
        expect(page.locator("#tree [aria-expanded=true]").first).to_be_visible()
        axe(page)
        no_sideways_scrolling(page)
        shot(page, f"structure-large-{language}-{width}")
        page.close()

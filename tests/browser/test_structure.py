"""The tree of the contact structure in a browser: walked by keyboard, used by mouse, and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contacts import tree
from contacts.models import ContactPoint
from tests.contacts.people import authority
from tests.factories import contacts
from tests.factories.organisations import Role, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def org():
    """Borger (Ydelser (Kontanthjælp), Dagtilbud, Pas), Erhverv (Moms), Hovedpostkasse."""
    made = authority()
    system = made.systems.get()
    borger, erhverv = contacts.group("Borger", organisation=made), contacts.group("Erhverv", organisation=made)
    ydelser = contacts.group("Ydelser", parent=borger)
    contacts.group("Dagtilbud", parent=borger)
    everybody = {"system": system, "for_companies": True, "for_authorities": True}
    contacts.point("Kontanthjælp", groups=[ydelser], **everybody)
    contacts.point("Pas", groups=[borger], **everybody)
    contacts.point("Moms", groups=[erhverv], **everybody)
    contacts.point("Hovedpostkasse", organisation=made, **everybody)
    return made


@pytest.fixture
def page(org, sign_in) -> Page:
    opened = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    opened.goto(reverse("structure", args=[org.cvr_number]))
    return opened


def shown(page: Page) -> list[str]:
    """The names of the nodes that can be seen, in order."""
    return [name.strip() for name in page.locator("#tree [role=treeitem]:visible").all_inner_texts()]


def focused(page: Page) -> str:
    """The text of what has the focus."""
    return page.evaluate("document.activeElement.textContent.trim()")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def enter_tree(page: Page) -> None:
    """Press Tab until the focus is in the tree, as somebody would."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#tree') !== null"):
            return
    raise AssertionError("the keyboard never reached the tree")


def test_walked_by_keyboard(page, axe, complaints):
    enter_tree(page)
    assert focused(page) == "Borger"
    assert page.locator("#tree [tabindex='0']").count() == 1
    press(page, "ArrowDown")
    assert focused(page) == "Erhverv"
    press(page, "ArrowUp", "ArrowRight")
    expect(page.get_by_role("treeitem", name="Borger")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("treeitem", name="Dagtilbud")).to_be_visible()
    assert shown(page) == ["Borger", "Ydelser", "Dagtilbud tom", "Pas", "Erhverv", "Hovedpostkasse"]
    assert focused(page) == "Borger"
    press(page, "ArrowRight")
    assert focused(page) == "Ydelser"
    press(page, "End")
    assert focused(page) == "Hovedpostkasse"
    press(page, "Home")
    assert focused(page) == "Borger"
    page.keyboard.type("pa")
    assert focused(page) == "Pas"
    press(page, "ArrowLeft")
    assert focused(page) == "Borger"
    axe(page)
    press(page, "ArrowLeft")
    assert shown(page) == ["Borger", "Erhverv", "Hovedpostkasse"]
    press(page, "*")
    expect(page.get_by_role("treeitem", name="Moms")).to_be_visible()
    assert shown(page) == ["Borger", "Ydelser", "Dagtilbud tom", "Pas", "Erhverv", "Moms", "Hovedpostkasse"]


def test_enter_shows_a_node_beside_the_tree_and_takes_the_focus_there(page, axe):
    enter_tree(page)
    press(page, "End", "Enter")
    heading = page.get_by_role("heading", level=1, name="Hovedpostkasse")
    expect(heading).to_be_focused()
    expect(page).to_have_title("Hovedpostkasse – Adgang TEST")
    expect(page.get_by_role("treeitem", name="Hovedpostkasse")).to_have_attribute("aria-current", "true")
    assert "/kontaktstruktur/punkt/" in page.url
    assert page.locator(".breadcrumbs").inner_text().split()[-1] == "Hovedpostkasse"
    axe(page)


def test_open_branches_stand_in_the_url_and_come_back(page):
    page.get_by_role("treeitem", name="Borger").press("ArrowRight")
    expect(page.get_by_role("treeitem", name="Ydelser")).to_be_visible()
    assert "aaben=" in page.url
    page.reload()
    assert "Ydelser" in shown(page)
    page.get_by_role("treeitem", name="Hovedpostkasse").click()
    expect(page.get_by_role("heading", level=1, name="Hovedpostkasse")).to_be_visible()
    page.get_by_role("link", name="Ret", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Ret Hovedpostkasse")).to_be_visible()
    assert "Ydelser" in shown(page)
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Hovedpostkasse er gemt.").first).to_be_visible()
    assert "Ydelser" in shown(page)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Hovedpostkasse")).to_be_visible()


def test_the_sign_opens_and_the_name_shows(page):
    borger = page.get_by_role("treeitem", name="Borger")
    borger.click(position={"x": 12, "y": 12})
    expect(page.get_by_role("treeitem", name="Ydelser")).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() == "Kontaktstruktur"
    borger.click(position={"x": 12, "y": 12})
    assert "Ydelser" not in shown(page)
    borger.click()
    expect(page.get_by_role("heading", level=1, name="Borger")).to_be_visible()


def test_open_and_close_everything(page):
    page.get_by_role("button", name="Åbn alle").click()
    expect(page.get_by_role("treeitem", name="Kontanthjælp")).to_be_visible()
    page.get_by_role("button", name="Luk alle").click()
    assert shown(page) == ["Borger", "Erhverv", "Hovedpostkasse"]


def test_what_is_being_written_is_not_thrown_away(page, org):
    point = ContactPoint.objects.get(name="Moms")
    page.goto(reverse("point_edit", args=[org.cvr_number, point.pk]))
    page.get_by_label("Navn").fill("Halvskrevet")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("treeitem", name="Hovedpostkasse").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    assert page.get_by_label("Navn").input_value() == "Halvskrevet"


def test_a_long_branch_shows_more(org, sign_in):
    for number in range(tree.FIRST_PAINT + 3):
        contacts.group(f"Gruppe {number:03}", organisation=org)
    page = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    page.goto(reverse("structure", args=[org.cvr_number]))
    more = page.get_by_role("treeitem", name="Vis 5 mere")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("treeitem", name="Gruppe 102")).to_be_visible()
    assert focused(page) == "Gruppe 098tom" or focused(page).startswith("Gruppe 098")
    assert more.count() == 0


def test_a_search_hit_opens_its_path(page):
    page.get_by_label("Søg i strukturen").fill("kontant")
    page.locator("#tree-hits").get_by_role("link", name="Kontanthjælp").click()
    expect(page.get_by_role("heading", level=1, name="Kontanthjælp")).to_be_visible()
    assert shown(page)[:3] == ["Borger", "Ydelser", "Kontanthjælp"]


def test_a_small_screen_shows_one_thing_at_a_time(org, sign_in, no_sideways_scrolling):
    page = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org), width=320)
    page.goto(reverse("structure", args=[org.cvr_number]))
    page.get_by_role("treeitem", name="Hovedpostkasse").click()
    expect(page.get_by_role("heading", level=1, name="Hovedpostkasse")).to_be_visible()
    expect(page.locator("#tree")).to_be_hidden()
    no_sideways_scrolling(page)
    page.get_by_role("link", name="Til træet").click()
    expect(page.locator("#tree")).to_be_visible()


def test_without_scripts_the_tree_is_a_list_of_links(org, sign_in):
    page = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org), scripts=False)
    page.goto(reverse("structure", args=[org.cvr_number]))
    page.locator("#tree").get_by_text("Borger").click()
    expect(page.locator("h1")).to_have_text("Borger")
    page.locator("#tree").get_by_text("Ydelser").click()
    page.locator("#tree").get_by_text("Kontanthjælp").click()
    expect(page.locator("h1")).to_have_text("Kontanthjælp")


def test_moved_by_keyboard_alone(page, org):
    page.get_by_role("treeitem", name="Erhverv").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Erhverv")).to_be_focused()
    page.locator("summary", has_text="Mere").press("Enter")
    page.get_by_role("link", name="Flyt til et andet sted").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Flyt Erhverv")).to_be_visible()
    page.get_by_label("Find en gruppe på dens navn").press_sequentially("ydel")
    choice = page.get_by_label("Borger / Ydelser")
    expect(choice).to_be_visible()
    assert page.get_by_label("Find en gruppe på dens navn").evaluate("e => e === document.activeElement")
    choice.press("Space")
    page.get_by_role("button", name="Flyt gruppen").press("Enter")
    expect(page.get_by_text("Erhverv står nu i: Ydelser.").first).to_be_visible()
    assert shown(page)[:3] == ["Borger", "Ydelser", "Erhverv"]


def test_a_node_is_dragged_and_the_move_undone(page, org, complaints):
    page.get_by_role("treeitem", name="Hovedpostkasse").drag_to(page.get_by_role("treeitem", name="Erhverv"))
    expect(page.get_by_text("Hovedpostkasse er flyttet.").first).to_be_visible()
    assert ContactPoint.objects.get(name="Hovedpostkasse").placements.get().group.name == "Erhverv"
    assert shown(page) == ["Borger", "Erhverv", "Moms", "Hovedpostkasse"]
    expect(page.get_by_role("treeitem", name="Hovedpostkasse")).to_be_focused()
    page.get_by_role("link", name="Fortryd").first.click()
    page.get_by_role("button", name="Fortryd ændringen").click()
    expect(page.get_by_text("Ændringen er fortrudt.").first).to_be_visible()
    assert ContactPoint.objects.get(name="Hovedpostkasse").placements.get().group is None


def test_a_group_is_not_dropped_into_itself_nor_a_point_twice_into_a_group(page, org):
    page.get_by_role("treeitem", name="Borger").press("ArrowRight")
    expect(page.get_by_role("treeitem", name="Ydelser")).to_be_visible()
    page.get_by_role("treeitem", name="Borger").drag_to(page.get_by_role("treeitem", name="Ydelser"))
    page.get_by_role("treeitem", name="Pas").drag_to(page.get_by_role("treeitem", name="Borger"))
    assert page.locator("[class*=drop-into], .is-dragging").count() == 0
    expect(page.get_by_role("heading", level=1, name="Kontaktstruktur")).to_be_visible()
    page.get_by_role("treeitem", name="Ydelser").drag_to(page.get_by_role("treeitem", name="Erhverv"))
    expect(page.get_by_text("Ydelser er flyttet.").first).to_be_visible()


def test_several_points_are_chosen_by_keyboard_and_changed(page, axe, complaints):
    enter_tree(page)
    press(page, "*")
    expect(page.get_by_role("treeitem", name="Moms")).to_be_visible()
    press(page, "End", "Control+Space", "ArrowUp", "Shift+Space")
    expect(page.get_by_text("Valgte kontaktpunkter: 2")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Ret de valgte").press("Enter")
    expect(page.get_by_text("Du har valgt 2 kontaktpunkter.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Skift tilstand").press("Enter")
    page.get_by_label("Lukket").check()
    page.get_by_role("button", name="Se, hvad der vil ske").press("Enter")
    expect(page.get_by_text("2 kontaktpunkter bliver ændret.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Gennemfør").press("Enter")
    expect(page.get_by_text("2 kontaktpunkter er ændret.").first).to_be_visible()
    assert set(ContactPoint.objects.filter(active=False).values_list("name", flat=True)) == {"Moms", "Hovedpostkasse"}
    axe(page)


def test_points_are_ticked_in_the_list_and_all_found_are_those_of_the_filters_chosen_last(page, org):
    page.goto(reverse("structure_list", args=[org.cvr_number]))
    box = page.get_by_role("checkbox", name="Vælg Moms")
    expect(box).to_be_visible()
    assert box.evaluate("box => [getComputedStyle(box).opacity, getComputedStyle(box).appearance]") == ["1", "auto"]
    page.get_by_label("Status").select_option(label="Lukket")
    expect(page.get_by_text("Intet fundet").last).to_be_visible()
    page.get_by_role("button", name="Ret alle fundne").click()
    expect(page.get_by_text("Vælg først kontaktpunkterne").first).to_be_visible()
    box.check()
    page.get_by_role("button", name="Ret de afkrydsede").click()
    expect(page.get_by_text("Du har valgt 1 kontaktpunkt.")).to_be_visible()

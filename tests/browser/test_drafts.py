"""A structure is reorganised in a draft, published and restored: by mouse and by keyboard alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contacts import loading
from contacts.models import ContactGroup, ContactPoint, Draft
from tests.browser.hands import Keyboard, Mouse
from tests.contacts.people import authority
from tests.factories import contacts
from tests.factories.organisations import Role, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def org():
    """Borger (Pas), Erhverv (Moms)."""
    made = authority()
    system = made.systems.get()
    borger, erhverv = (contacts.group(name, organisation=made) for name in ("Borger", "Erhverv"))
    contacts.point("Pas", groups=[borger], system=system)
    contacts.point("Moms", groups=[erhverv], system=system)
    return made


@pytest.fixture
def page(org, sign_in) -> Page:
    opened = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    opened.goto(reverse("structure", args=[org.cvr_number]))
    return opened


def outline(org):
    """Every path that writers can follow, with what stands at its end."""
    found = loading.load(org)
    return sorted("/".join([*found.names(group_id), found.points[pk].values.name]) for pk, group_id in found.place)


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_from_a_draft_to_a_publication_and_back(way, org, page, axe):
    hands = way(page)
    before = outline(org)
    hands.press("Kladder", role="link")
    hands.press("Begynd en kladde", role="link")
    hands.fill("Navn", "Ny organisation")
    hands.press("Begynd kladden")
    hands.press("Opret gruppe", role="link")
    hands.fill("Navn", "Afdeling for rejser")
    hands.press("Opret gruppen i kladden")
    hands.sees("Den findes først, når kladden er udgivet")
    hands.press("Ny organisation", role="link")
    hands.fill("Søg i kladden", "pas")
    hands.press("Søg")
    hands.press("Pas", role="link", where=page.get_by_role("region", name="fund i kladden"))
    hands.press("Ret", role="link", where=page.locator(".page-actions"))
    hands.fill("Navn", "Pas og rejser")
    hands.press("Gem i kladden")
    hands.press("Flyt", role="link", where=page.locator(".place-actions"))
    hands.fill("Find en gruppe", "rejser")
    expect(page.get_by_label("Erhverv")).to_have_count(0)
    hands.tick("Afdeling for rejser")
    hands.press("Flyt kontaktpunktet")
    hands.sees("står nu i: Afdeling for rejser")
    axe(page)
    assert outline(org) == before
    hands.press("2 ændringer", role="link")
    hands.sees("Pas og rejser")
    axe(page)
    publish(hands, axe)
    hands.sees("Ny organisation er udgivet.")
    after = ["Afdeling for rejser/Pas og rejser", "Erhverv/Moms"]
    assert outline(org) == after
    assert ContactPoint.objects.count() == len(after)
    hands.press("Som den var før")
    hands.sees("Afdeling for rejser")
    publish(hands, axe)
    hands.sees("er udgivet.")
    assert outline(org) == before


def publish(hands, axe):
    """Look at what will happen, and let it happen."""
    hands.press("Udgiv", role="link", where=hands.page.get_by_role("navigation", name="Kladden"))
    hands.sees("Det vil ske")
    axe(hands.page)
    hands.press("Udgiv nu")


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_a_node_is_followed_in_the_tree_of_a_draft(way, org, page):
    draft = contacts.draft(organisation=org, name="Ny organisation")
    page.goto(reverse("draft", args=[org.cvr_number, draft.pk]))
    node = page.locator("#tree [role=treeitem]", has_text="Ny afdeling")
    if way is Mouse:
        node.click()
    else:
        page.locator("#tree [tabindex='0']").focus()
        page.keyboard.press("n")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Ny afdeling")).to_be_focused()
    expect(page.locator("#tree")).to_contain_text("Borger")
    assert not ContactGroup.objects.filter(name="Ny afdeling").exists()


def test_a_point_is_dragged_in_a_draft_and_stays_outside_it(org, page):
    draft = contacts.draft(organisation=org, name="Ny organisation")
    borger = ContactGroup.objects.get(name="Borger")
    page.goto(f"{reverse('draft', args=[org.cvr_number, draft.pk])}?aaben={borger.pk}")
    page.locator("#tree a.g", has_text="Erhverv").drag_to(page.locator("#tree a.g", has_text="Borger"))
    expect(page.get_by_text("Erhverv er flyttet i kladden.")).to_be_visible()
    assert ContactGroup.objects.get(name="Erhverv").parent_id is None
    assert Draft.objects.get().changes.filter(object_id=ContactGroup.objects.get(name="Erhverv").pk).exists()

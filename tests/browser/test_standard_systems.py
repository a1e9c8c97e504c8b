"""A standard system, from the vendor's description to the authority's answer to a change, by mouse and by keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organisations.models import Organisation
from systems.models import System, SystemTemplate
from tests.browser.hands import Keyboard, Mouse
from tests.factories.organisations import Role, organisation, user_with
from tests.factories.systems import publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("hand", "width"), [(Mouse, 1280), (Keyboard, 320)])
def test_described_used_changed_and_answered(hand, width, sign_in, axe, no_sideways_scrolling, shot):
    vendor = organisation(name="Påfund IT A/S", type=Organisation.Type.COMPANY, authority_type="")
    ours = organisation(name="Klitby Kommune")
    page = sign_in(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=vendor), width=width)
    hands = hand(page)
    page.goto(reverse("system_templates", args=[vendor.cvr_number]))
    hands.press("Beskriv et standardsystem", role="link", where=page.locator("main"))
    hands.press("Gem og gå videre")
    expect(page.locator(".error-summary")).to_be_focused()
    hands.fill("Standardsystemets navn", "Brevflet")
    hands.tick("REST Push")
    hands.tick("Det modtager post fra Digital Post")
    hands.press("Gem og gå videre")
    hands.fill("Meddelelser leveres til", "https://post.paafund.example/memo")
    page.get_by_role("checkbox", name="Forretningskontaktens e-mail").focus()
    page.keyboard.press("Space")
    axe(page)
    no_sideways_scrolling(page)
    hands.press("Gem", where=page.locator("main"))
    hands.press("Udgiv", role="link", where=page.locator("main"))
    hands.press("Udgiv", where=page.locator("main"))
    hands.sees("Udgave 1 af Brevflet er udgivet.")
    shot(page, f"standard-published-{width}")

    page = sign_in(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours), width=width)
    hands = hand(page)
    page.goto(reverse("systems", args=[ours.cvr_number]))
    hands.press("Opret fra et standardsystem", role="link", where=page.locator("main"))
    hands.press("Brevflet", role="link", where=page.locator("main"))
    hands.press("Opret et system fra det")
    hands.sees("Udfyldt fra et standardsystem")
    hands.press("Gem og gå videre")
    hands.sees("Leverandøren beder jer udfylde det.")
    hands.fill("Forretningskontaktens e-mail", "kontor@klitby.example")
    axe(page)
    hands.press("Gem og gå videre")
    hands.press("Opret systemet")
    hands.sees("Brevflet er oprettet")
    made = System.objects.get(organisation=ours)
    assert made.endpoint == "https://post.paafund.example/memo"

    publish(SystemTemplate.objects.get(), note="Nyt center.", endpoint="https://ny.paafund.example/memo")
    page.reload()
    hands.press("Se, hvad der er nyt, og tag stilling", role="link")
    expect(page.get_by_label("Meddelelser leveres til")).to_be_checked()
    axe(page)
    no_sideways_scrolling(page)
    shot(page, f"standard-offer-{width}")
    hands.press("Overtag det afkrydsede")
    hands.sees("1 felt er overtaget.")
    made.refresh_from_db()
    assert made.endpoint == "https://ny.paafund.example/memo"

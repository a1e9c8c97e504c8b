"""A passkey in a real browser: added, used alone and after the password and as a proof, and removed."""

import pytest
from playwright.sync_api import Page, expect

from organisations.models import Passkey
from tests.factories.organisations import user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "korrekt hest batteri"


@pytest.fixture(autouse=True)
def here(settings, live_server) -> None:
    settings.ADGANG_PASSKEY_RP_ID, settings.ADGANG_PASSKEY_ORIGINS = "localhost", [live_server.url]


def with_authenticator(page: Page) -> Page:
    """Give the browser a telephone in software that knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    how = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": how})
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def log_in(page: Page, email: str) -> None:
    page.goto("/log-ind/?next=/mig/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    press(page, "Log ind")


def test_from_adding_to_removing(page, axe, no_sideways_scrolling, shot, complaints):
    complaints.allowed.add(403)
    kim = user(password=PASSWORD)
    with_authenticator(page)
    log_in(page, kim.email)
    page.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    press(page, "Tilføj adgangsnøgle")  # without a name none is made
    expect(page.get_by_role("heading", name="Noget skal rettes")).to_be_visible()
    assert not Passkey.objects.exists()
    page.get_by_label("Adgangsnøglens navn").fill("Min telefon")
    shot(page, "passkey-add")
    press(page, "Tilføj adgangsnøgle")
    expect(page.get_by_role("heading", name="Dine nødkoder")).to_be_visible()
    page.goto("/mig/login/")
    expect(page.get_by_role("rowheader", name="Min telefon")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 900})
    axe(page)
    no_sideways_scrolling(page)
    shot(page, "passkey-list")
    # The same machine is told so, and adds none.
    page.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    page.get_by_label("Adgangsnøglens navn").fill("Igen")
    press(page, "Tilføj adgangsnøgle")
    expect(page.get_by_role("alert").filter(has_text="allerede tilføjet")).to_be_visible()
    axe(page)
    # Alone.
    log_out(page)
    page.goto("/log-ind/?next=/mig/login/")
    shot(page, "passkey-sign-in")
    press(page, "Log ind med en adgangsnøgle")
    expect(page.get_by_role("rowheader", name="Min telefon")).to_be_visible()
    # After the password.
    log_out(page)
    log_in(page, kim.email)
    expect(page.get_by_role("heading", name="Vis, at det er dig")).to_be_visible()
    axe(page)
    shot(page, "passkey-second-step")
    press(page, "Brug adgangsnøgle")
    expect(page.get_by_role("rowheader", name="Min telefon")).to_be_visible()
    # As a proof, and gone.
    page.goto("/mig/login/bekraeft/?next=/mig/login/")
    press(page, "Bekræft med en adgangsnøgle")
    page.get_by_role("link", name="Fjern adgangsnøglen Min telefon").click()
    press(page, "Fjern adgangsnøgle")
    expect(page.get_by_text("Adgangsnøglen Min telefon blev fjernet.")).to_be_visible()
    assert not Passkey.objects.exists()
    assert [row.method for row in kim.sign_ins.order_by("at")] == ["password", "passkey", "password+passkey"]
    # It lies on the machine still, and opens nothing.
    log_out(page)
    page.goto("/log-ind/")
    press(page, "Log ind med en adgangsnøgle")
    expect(page.get_by_text("Adgangsnøglen blev ikke accepteret.").first).to_be_visible()


def log_out(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")

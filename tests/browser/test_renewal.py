"""A certificate is renewed, from the upload to the swap across five systems, by mouse and by keyboard alone."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from systems.models import System
from tests.browser.hands import Keyboard, Mouse
from tests.factories import certificates
from tests.factories.organisations import Role, organisation, user_with
from tests.factories.systems import system

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)
NAMES = ("Brevmotor", "Byggesager", "Journalen", "Sagsbasen", "Vagtplan")


@pytest.fixture
def five():
    """Return an authority whose five systems share a certificate that expires soon."""
    ours, now = organisation(name="Klitby Kommune"), timezone.now()
    shared = certificates.certificate(
        organisation=ours, at=now - 900 * DAY, until=now + 20 * DAY, name="Fælles certifikat"
    )
    for name in NAMES:
        system(organisation=ours, certificate=shared, name=name, active=True)
    return shared


@pytest.mark.parametrize(("hand", "width"), [(Mouse, 1280), (Keyboard, 320)])
def test_a_certificate_is_renewed_in_all_its_systems(hand, width, five, sign_in, axe, shot, tmp_path):
    ours = five.organisation
    file = tmp_path / "fornyelse.pem"
    renewed = certificates.issued(
        cvr=ours.cvr_number, holder_id=certificates.HOLDER_ID, at=timezone.now() - DAY, name="Fælles certifikat"
    )
    file.write_bytes(renewed.pem)
    page = sign_in(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours), width=width)
    hands = hand(page)
    page.goto(f"/o/{ours.cvr_number}/certifikater/")
    shot(page, f"renewal-list-{width}")
    hands.press("Fælles certifikat", role="link", where=page.locator(".list-results"))
    hands.press("Forny", role="link", where=page.locator("main"))
    hands.attach("Certifikatfil", file)
    hands.press("Upload, og se systemerne")
    hands.sees("Det fornyer certifikatet til 5 systemer")
    expect(page.get_by_text("Passer", exact=True)).to_have_count(5)
    axe(page)
    shot(page, f"renewal-preview-{width}")
    # Asked for a date and given none, the page says so and keeps what was ticked.
    hands.tick("På en dato")
    hands.press("Udskift certifikatet")
    hands.sees("Skriv hvornår, eller vælg")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("input[name=system]:checked")).to_have_count(5)
    page.go_back()
    hands.sees("Det fornyer certifikatet til 5 systemer")
    page.reload()
    hands.press("Udskift certifikatet")
    hands.sees("Certifikatet er i kraft i 5 systemer")
    axe(page)
    shot(page, f"renewal-done-{width}")
    used = page.get_by_role("table", name="Hvor det bruges")
    for name in NAMES:
        expect(used.get_by_role("link", name=name)).to_be_visible()
    hashes = set(System.objects.values_list("certificate__sha256", flat=True))
    assert len(hashes) == 1
    assert five.sha256 not in hashes

"""A faulty letter is checked, its faults followed to their places, mended and checked again, by mouse and keyboard."""

import pytest
from playwright.sync_api import expect

from memo.messages import MainDocument
from tests.browser.hands import Keyboard, Mouse
from tests.factories.messages import CVR, PDF, body, file, header, message, written
from tests.factories.organisations import Role, organisation, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def faulty(tmp_path):
    path = tmp_path / "brev.xml"
    made = message(message_header=header(message_id="x" * 300))
    path.write_bytes(written(made))
    return path


@pytest.fixture
def mended(tmp_path):
    path = tmp_path / "rettet.xml"
    path.write_bytes(written())
    return path


@pytest.fixture
def page(sign_in):
    org = organisation(cvr_number=CVR)  # the sender of the messages that the factory writes
    opened = sign_in(user_with(Role.LETTER_ADMINISTRATOR, organisation=org))
    opened.goto(f"/o/{org.cvr_number}/memo/")
    return opened


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_from_fault_to_cure(way, page, faulty, mended, axe):
    hands = way(page)
    hands.attach("MeMo-filer", faulty)
    hands.press("Kontrollér dem")
    hands.sees("0 af 1 meddelelser kan sendes")
    axe(page)
    hands.press("Vis stedet", role="link")
    place = page.locator(":target")
    expect(place).to_contain_text("Meddelelsen")
    expect(place).to_be_in_viewport()
    hands.attach("MeMo-filer", mended)
    hands.press("Kontrollér dem")
    hands.sees("Meddelelsen kan sendes")
    axe(page)


def test_a_large_file_shows_how_much_is_sent(page, tmp_path):
    path = tmp_path / "stor.xml"
    document = MainDocument(file=(file(content=PDF + b"x" * 8_000_000),))
    path.write_bytes(written(message(message_body=body(main_document=document))))
    page.evaluate("document.addEventListener('submit', () => { window.stays = true; })")
    hands = Mouse(page)
    hands.attach("MeMo-filer", path)
    hands.press("Kontrollér dem")
    hands.sees("Meddelelsen kan sendes")
    assert page.evaluate("window.stays") is True  # the page was not loaded anew
    expect(page.locator("#result")).to_be_focused()
    expect(page.locator(".memo-progress")).to_be_hidden()


def test_an_example_is_tried_and_its_faults_are_followed(page, axe):
    hands = Keyboard(page)
    hands.press("Elementer i forkert rækkefølge", role="link")
    hands.sees("Dette er et eksempel.")
    hands.sees("0 af 1 meddelelser kan sendes")
    axe(page)
    hands.press("Vis stedet", role="link")
    expect(page.locator(":target")).to_be_in_viewport()


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_letter_types_come_from_a_file(way, page, tmp_path, axe):
    hands = way(page)
    page.goto(page.url + "brevtyper/")
    faulty, mended = tmp_path / "fejl.csv", tmp_path / "breve.csv"
    faulty.write_text("navn;svarfrist i dage\nAfgørelse;400\n", encoding="cp1252")
    mended.write_text("navn;svarfrist i dage\nAfgørelse;14\n", encoding="cp1252")
    hands.press("Importér fra fil", role="link")
    hands.attach("CSV-fil", faulty)
    hands.press("Vis, hvad den vil gøre")
    hands.sees("Der kan endnu ikke importeres noget")
    axe(page)
    hands.press("Vælg en anden fil", role="link")
    hands.attach("CSV-fil", mended)
    hands.press("Vis, hvad den vil gøre")
    hands.sees("1 bliver oprettet")
    axe(page)
    hands.press("Importér det hele")
    hands.sees("1 brevtype er importeret.")
    hands.press("Afgørelse", role="link")
    hands.sees("Der er ikke valgt et kontaktpunkt for retursvar")

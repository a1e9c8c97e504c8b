"""Whether a certificate is revoked, asked in a real installation: the page says so, and the answer comes by itself.

The authority's responder is the test's own, and answers when the page has been seen to wait.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from adgang.demo import responder
from adgang.demo.pki import Issued
from certificates.kinds import Kind
from tests.browser.conftest import Complaints
from tests.factories import certificates as make
from tests.servers.installation import Installation, installation
from tests.servers.revocation import Publisher, http, publisher

pytestmark = pytest.mark.browser

CVR = "99000021"
# A message that the queue loses is sent again by the sweeper; an answer that comes too late is asked for once more.
PATIENCE = 150_000
PEOPLE = """
import json
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system

ours = organisation(cvr_number="99000021", name="Klitby Kommune")
person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)
session, = client_for(person).cookies.values()
print(json.dumps({"session": session.value, "system": str(system(organisation=ours, name="Brevmotor").pk)}))
"""


@dataclass
class Place:
    """`let` is set when the responder may answer; `revoked` the serial numbers it calls revoked, with when."""

    portal: Installation
    session: str
    system: str
    let: threading.Event = field(default_factory=threading.Event)
    revoked: dict[int, object] = field(default_factory=dict)

    def answer(self, asked: bytes) -> bytes:
        """Answer by OCSP, when the time has come."""
        self.let.wait(2.5)  # who asks gives up after three seconds
        return http(responder.answer(asked, make.the_pki(), self.revoked, at=timezone.now()))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("revocation")
    with publisher() as authority:
        allowed = f"127.0.0.1/32:{authority.port}"
        with installation(folder, ADGANG_CHECK_ALLOWED_NETWORKS=allowed) as portal:
            install(portal, authority)
            said = portal.manage("shell", "-v", "0", "-c", PEOPLE)
            assert said.returncode == 0, said.stderr
            made = Place(portal, **json.loads(said.stdout))
            authority.files["/ocsp"] = made.answer
            with portal.running() as run:
                run.until_said("Adgang is ready at ")
                yield made


def install(portal: Installation, authority: Publisher) -> None:
    """Trust the authority, and say where it answers; it publishes no list."""
    files = []
    for name, issued in (("root", make.the_pki().root), ("issuing", make.the_pki().issuing)):
        files.append(str(portal.folder / f"{name}.pem"))
        Path(files[-1]).write_bytes(issued.pem)
    issuing = make.the_pki().issuing.certificate.fingerprint(make.pki.hashes.SHA256()).hex()
    for command in (
        ["trust", "add", "--unpinned", *files],
        ["revocation", "addresses", issuing, "--ocsp", authority.address("/ocsp")],
    ):
        done = portal.manage(*command)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def page(browser: Browser, place: Place, complaints: Complaints) -> Iterator[Page]:
    """Return a page of the installation in which the administrator is signed in."""
    context = browser.new_context(base_url=place.portal.url, reduced_motion="reduce", locale="da-DK")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": place.session, "url": place.portal.url}
    context.add_cookies([cookie])
    context.on("page", complaints.watch)
    place.let.clear()
    yield context.new_page()
    place.let.set()
    context.close()


def upload(page: Page, path: str, label: str, button: str, issued: Issued, folder: Path) -> Locator:
    """Upload a certificate; return the place of the answer, in which the question stands."""
    file = folder / "certifikat.pem"
    file.write_bytes(issued.pem)
    page.goto(path)
    page.get_by_label(label).set_input_files(str(file))
    page.get_by_role("button", name=button).click()
    shown = page.locator("[id^=revocation-]:not([role=status])")
    expect(shown).to_contain_text("Kontrolleres")
    page.evaluate("window.never_loaded_again = true")
    return shown


def heard(page: Page) -> Locator:
    """Return the place of what is said aloud about revocation; empty so far."""
    place = page.locator("[id^=revocation-said-]")
    expect(place).to_have_attribute("role", "status")
    expect(place).to_be_empty()
    return place


def test_the_answer_about_a_system_s_certificate_comes_by_itself(
    page: Page, place: Place, axe, shot, tmp_path: Path
) -> None:
    path = f"/o/{CVR}/systemer/{place.system}/certifikat/"
    issued = make.issued(cvr=CVR)
    shown = upload(page, path, "Certifikatfil", "Upload certifikatet", issued, tmp_path)
    said = heard(page)
    axe(page)
    shot(page, "revocation-asked")
    link = page.get_by_role("link", name="Alt om certifikatet")
    link.focus()
    place.let.set()
    expect(shown).to_contain_text("Ikke spærret", timeout=PATIENCE)
    expect(shown).to_contain_text("Ifølge udstederens eget svar fra")
    expect(said).to_contain_text("Spærring: Ikke spærret. Ifølge udstederens eget svar fra")
    expect(link).to_be_focused()
    assert page.evaluate("window.never_loaded_again")
    axe(page)
    shot(page, "revocation-answered")
    # Whoever opens the page later reads the answer, and is not told of it aloud as news.
    link.click()
    expect(page.locator("[id^=revocation-]:not([role=status])")).to_contain_text("Ikke spærret")
    heard(page)


def test_nobody_who_only_reads_is_led_to_the_answer(page: Page, place: Place, axe, shot, tmp_path: Path) -> None:
    path = f"/o/{CVR}/mit-certifikat/"
    issued = make.issued(cvr=CVR, kind=Kind.MOCES)
    place.revoked[issued.certificate.serial_number] = timezone.now()
    shown = upload(page, path, "Certifikatfil", "Registrér certifikat", issued, tmp_path)
    said = heard(page)
    axe(page)
    expect(page.locator(":focus")).to_have_count(0)
    place.let.set()
    expect(shown).to_contain_text("Spærret", timeout=PATIENCE)
    expect(said).to_contain_text("Spærring: Spærret. Certifikatet blev spærret")
    expect(page.locator(":focus")).to_have_count(0)
    assert page.evaluate("window.never_loaded_again")
    axe(page)
    shot(page, "revocation-own")

"""An authority from its first request to go-live, through all roles, by mouse in Danish, with everything real.

What the main job walks at length (checks that fail, keys, the tree) is done here by the shortest way.
"""

import re
from email import message_from_string, policy

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, expect

from organisations.access_requests.kinds import TEXTS
from organisations.event_tags import TAGS, Tag
from organisations.models.access_request import DocumentationType, RequestType
from tests.browser.hands import Hands, Mouse
from tests.browser.test_main_job import AUTHORITY, BRANCH, CVR, TERMS, Place, Walk, place
from tests.factories.access_requests import PDF

__all__ = ["place"]  # the fixture: an installation with its servers

pytestmark = pytest.mark.walk

CODE = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\s)"
LINK = r"http://\S+/opret-konto/\S{43}/"
QUESTIONS = {
    "qualification": "How does the body qualify as a public sender?",
    "justification": "Why do you ask?",
    "legal_basis": "What is the legal basis?",
}


def test_an_authority_goes_from_its_first_request_to_go_live(browser: Browser, place: Place) -> None:
    with translation.override("da"):
        Onboarding(browser, place, Mouse, "da").run()


class Onboarding(Walk):
    """The same walk, with the way in through requests and one system for both directions."""

    evidence = ("Berit Brugeradmin", "Postkassen")

    def run(self) -> None:
        self.manager = self.operator_prepares_alone()
        self.requester = self.registers("rosa@vandretur.invalid", "Rosa Rekvirent")
        self.asks_for_the_connection()
        self.manager_asks_for_more()
        self.answers_and_is_approved()
        self.accepts_the_terms_and_appoints()
        self.approves(RequestType.TERMS_APPROVAL_REQUEST)
        self.appointed_person_activates()
        self.invite_colleagues()
        self.one_system_both_ways()
        self.contact_structure_from_a_file()
        self.overview_shows_the_evidence()
        self.log_tells_the_onboarding()

    def mailed(self, to: str, pattern: str) -> str:
        """Return what stands in a mail to somebody; waits for the worker to send it."""
        for _ in range(300):
            for path in sorted((self.place.folder / "mail").glob("*.log"), reverse=True):
                message = message_from_string(path.read_text(encoding="utf-8"), policy=policy.default)
                if to in str(message["To"]) and (found := re.search(pattern, message.get_content())):
                    return found.group()
            self.does.page.wait_for_timeout(100)
        raise AssertionError(f"no mail to {to} with {pattern}")

    def operator_prepares_alone(self) -> Hands:
        """Let the system manager in, who publishes the terms; no authority is registered."""
        self.install_anchors()
        self.create_manager()
        self.publish_terms()
        return self.does

    def registers(self, email: str, name: str) -> Hands:
        """Open an account without an invitation."""
        self.new_person()
        self.does.page.goto("/log-ind/")
        self.go(gettext("Open an account"))
        self.does.fill(gettext("E-mail"), email)
        self.does.press(gettext("Send me a link"))
        self.does.page.goto(self.mailed(email, LINK))
        self.does.fill(gettext("Your name"), name)
        self.choose_password()
        self.does.press(gettext("Open the account"))
        return self.does

    def save(self) -> None:
        self.does.press(gettext("Save and go on"))

    def upload(self, paper: DocumentationType) -> None:
        path = self.files / "aftale.pdf"
        path.write_bytes(PDF)
        self.does.choose(gettext("What is the document?"), str(paper.label))
        self.does.attach(gettext("File (PDF, PNG or JPEG)"), path)
        self.does.press(gettext("Upload the document"))

    def asks_for_the_connection(self) -> None:
        does = self.does
        self.go(gettext("Ask for access"))
        does.tick(str(RequestType.CONNECTION_AGREEMENT_REQUEST.label))
        does.fill(gettext("CVR number of the authority that it concerns"), CVR)
        does.press(gettext("Begin"))
        does.fill(gettext("Name"), AUTHORITY)
        does.tick(gettext("Municipality"))
        self.save()
        does.fill(gettext("Your position"), "Jurist")
        self.save()
        for name in TEXTS:
            does.fill(gettext(QUESTIONS[name]), f"Svar om {name}.")
        self.save()
        self.upload(DocumentationType.LAW_OR_EXECUTIVE_ORDER_EXTRACT)
        self.save()
        does.press(gettext("Send in the request"))
        does.sees(gettext("Your request has been sent in"))

    def opens(self, hands: Hands, url: str, kind: RequestType) -> None:
        """Let somebody open the one request of a kind in their list that is not over."""
        self.does, self.place.portal_page = hands, hands.page
        self.does.page.goto(url)
        self.go(str(kind.label))

    def manager_asks_for_more(self) -> None:
        self.mailed("frida@drift.invalid", r"/drift/anmodninger/")
        self.opens(self.manager, "/drift/anmodninger/?state=waiting", RequestType.CONNECTION_AGREEMENT_REQUEST)
        self.does.fill(gettext("Comments on the legal basis"), "Hvilken paragraf?")
        self.does.press(gettext("Save comments"))
        self.go(gettext("Ask for more"))
        self.does.fill(gettext("What is missing?"), "Hjemlen skal være præcis.")
        self.does.press(gettext("Ask for more"))

    def answers_and_is_approved(self) -> None:
        self.mailed("rosa@vandretur.invalid", r"Hvilken paragraf\?")
        kind = RequestType.CONNECTION_AGREEMENT_REQUEST
        self.opens(self.requester, "/anmodninger/", kind)
        self.does.sees("Hjemlen skal være præcis.")
        self.go(gettext("Go on with the request"), f"{gettext('Change')} {gettext('Reasons')}")
        self.does.fill(gettext(QUESTIONS["legal_basis"]), "Loven, § 3, stk. 2.")
        self.save()
        self.does.press(gettext("Send in again"))
        self.does.sees(gettext("Your request has been sent in"))
        self.approves(kind)

    def approves(self, kind: RequestType) -> None:
        self.opens(self.manager, "/drift/anmodninger/?state=waiting", kind)
        self.go(gettext("Approve"))
        self.does.press(gettext("Approve"))
        self.does.sees(gettext("The request was approved."))

    def accepts_the_terms_and_appoints(self) -> None:
        self.opens(self.requester, "/anmodninger/", RequestType.CONNECTION_AGREEMENT_REQUEST)
        does = self.does
        self.go(gettext("Accept the terms and appoint"))
        does.press(gettext("Begin"))
        does.fill(gettext("Your position"), "Jurist")
        self.save()
        self.upload(DocumentationType.SIGNED_CONNECTION_AGREEMENT)
        self.save()
        does.sees(TERMS)
        does.tick(gettext("I have read the terms and accept them on behalf of the authority"))
        self.save()
        does.fill(gettext("Name"), "Berit Brugeradmin")
        does.fill(gettext("E-mail"), "berit@vandretur.invalid")
        self.save()
        does.press(gettext("Send in the request"))
        does.sees(gettext("Your request has been sent in"))

    def appointed_person_activates(self) -> None:
        code = self.mailed("berit@vandretur.invalid", CODE)
        self.registers("berit@vandretur.invalid", "Berit Brugeradmin")
        self.go(gettext("Use the code"))
        self.does.fill(gettext("Activation code"), code)
        self.does.press(gettext("Use the code"))
        self.does.sees(AUTHORITY)

    def one_system_both_ways(self) -> None:
        self.accept_invitation("sofus@vandretur.invalid", "Sofus System")
        does = self.does
        self.go(gettext("Systems"), gettext("Create a system"))
        does.fill(gettext("Name of the system"), "Postkassen")
        does.tick(gettext("The system sends post to Digital Post (sender system)"))
        does.tick(gettext("The system receives post from Digital Post (recipient system)"))
        self.save()
        does.tick("SMTP")
        self.save()
        does.fill(gettext("Messages are delivered to"), "kvittering@post.example")
        does.fill(gettext("Receipts are delivered to"), "kvittering@post.example")
        does.fill(gettext("Mail server to check, if not the one in the DNS"), "127.0.0.1")
        does.fill(gettext("Port of that mail server"), str(self.place.mail_port))
        self.finish_system()
        self.upload_certificate()
        self.check(passes=True)
        self.take_into_service("Postkassen")

    def contact_structure_from_a_file(self) -> None:
        self.accept_invitation("kaja@vandretur.invalid", "Kaja Kontakt")
        path = self.files / "gren.csv"
        path.write_text(BRANCH, encoding="utf-8-sig")
        self.go(gettext("Contact structure"), gettext("Import from a file"))
        self.does.attach(gettext("File (Excel, CSV or JSON)"), path)
        self.does.press(gettext("Show what it would do"))
        self.does.press(gettext("Import all of it"))
        self.does.sees("Borgerservice")

    def log_tells_the_onboarding(self) -> None:
        self.go(gettext("Event log"))
        story = self.does.page.locator("main")
        for tag in (Tag.ACCESS_REQUEST_SUBMITTED, Tag.ACCESS_REQUEST_APPROVED, Tag.TERMS_ACCEPTED):
            expect(story).to_contain_text(str(TAGS[tag].label))
        expect(story).to_contain_text(str(TAGS[Tag.ACTIVATION_CODE_USED].label))
        verified = self.place.portal.manage("verify_events")
        assert verified.returncode == 0, verified.stdout + verified.stderr

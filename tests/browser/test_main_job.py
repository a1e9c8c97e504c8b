"""The main job, from an empty installation to a connected authority: by mouse in Danish, by keyboard in English.

Everything is real: the portal's own three processes, OpenSSH's sshd, a mail server, Chromium.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect

from adgang.demo.pki import cheap_key, holder, make_pki, profile
from adgang.overview.steps import GUIDES, Step
from certificates.kinds import Kind
from organisations.event_tags import TAGS, Tag
from organisations.rights import PrivilegeType, roles
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.servers.certificates import authority, server_certificate
from tests.servers.installation import Installation, installation
from tests.servers.mail import mail_server
from tests.servers.ssh import SshServer, ssh_server

pytestmark = pytest.mark.walk

CVR = "99000021"
AUTHORITY = "Vandretur Kommune"
PASSWORD = "Otte kloge katte 88"
TERMS = "Myndigheden holder sine nøgler hemmelige."
BRANCH = """\
type;gruppe;navn;beskrivelse;målgrupper;aktiv;synlig;modtagersystem;søgeord;koder
gruppe;;Borgerservice;Pas, flytning og attester;;;;;;
gruppe;Borgerservice;Pas og kørekort;;;;;;;
punkt;Borgerservice / Pas og kørekort;Pas;Her kan du skrive om pas.;borger;ja;ja;Postkassen;pas|rejse;KLE:23.05.12
punkt;Borgerservice / Pas og kørekort;Kørekort;Her kan du skrive om kørekort.;borger;ja;ja;Postkassen;kørekort;
punkt;Borgerservice;Flytning;Her kan du skrive om flytning.;borger|virksomhed;ja;ja;Postkassen;flytte|adresse;
"""


@dataclass
class Place:
    """The installation, and the servers that its systems are connected to."""

    portal: Installation
    folder: Path
    mail_port: int
    ssh: SshServer

    def mail_link(self, to: str) -> str:
        """Return the link in the newest mail to somebody; waits for the worker to send it."""
        for _ in range(200):
            for path in sorted((self.folder / "mail").glob("*.log"), reverse=True):
                message = message_from_string(path.read_text(encoding="utf-8"), policy=policy.default)
                if to in str(message["To"]):
                    return re.search(r"http://\S+", message.get_content()).group()
            self.portal_page.wait_for_timeout(100)
        raise AssertionError(f"no mail to {to}")

    portal_page: Page = field(init=False)


@pytest.fixture
def place(tmp_path: Path, require_service: Callable[..., str]) -> Iterator[Place]:
    ca = authority()
    (tmp_path / "servers-ca.pem").write_bytes(ca.pem)
    server = server_certificate(ca, "127.0.0.1")
    with (
        mail_server(require_service, issued=server) as mail_port,
        ssh_server(require_service) as ssh,
        installation(
            tmp_path,
            ADGANG_CHECK_ALLOWED_NETWORKS=f"127.0.0.1/32:{mail_port},127.0.0.1/32:{ssh.port}",
            ADGANG_EXTRA_CA_FILE=str(tmp_path / "servers-ca.pem"),
        ) as portal,
        portal.running() as run,
    ):
        run.until_said("Adgang is ready at ")
        yield Place(portal, tmp_path, mail_port, ssh)


@pytest.mark.parametrize(
    ("hands", "language"),
    [pytest.param(Mouse, "da", id="mouse"), pytest.param(Keyboard, "en", id="keyboard", marks=pytest.mark.once)],
)
def test_an_authority_connects(browser: Browser, place: Place, hands: type, language: str) -> None:
    with translation.override(language):
        Walk(browser, place, hands, language).run()


class Walk:
    """One authority's way in. `self.does` are the hands of whoever is signed in at the moment."""

    evidence = ("Berit Brugeradmin", "Brevsystemet", "Postkassen")

    def __init__(self, browser: Browser, place: Place, hands: type, language: str) -> None:
        self.browser, self.place, self.hands, self.language = browser, place, hands, language
        self.files = place.folder / "files"
        self.files.mkdir()
        self.pki = make_pki(at=datetime.now(UTC) - timedelta(days=400), root_key=cheap_key(), issuing_key=cheap_key())
        self.does: Hands = None

    def run(self) -> None:
        self.operator_prepares()
        self.user_administrator_opens_the_way()
        self.system_administrator_connects_systems()
        self.contact_administrator_builds_the_structure()
        self.overview_shows_the_evidence()
        self.log_tells_the_story()

    # --- Getting in ------------------------------------------------------------------------------------------

    def new_person(self) -> None:
        """Begin with a browser of one's own, in which nobody is signed in."""
        context = self.browser.new_context(base_url=self.place.portal.url, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        cookie = {"name": "django_language", "value": self.language, "url": self.place.portal.url}
        context.add_cookies([cookie])
        self.does = self.hands(context.new_page())
        self.place.portal_page = self.does.page

    def accept_invitation(self, email: str, name: str) -> None:
        """Open the mailed link, choose a password, and be signed in."""
        self.new_person()
        self.does.page.goto(self.place.mail_link(email))
        self.does.fill(gettext("Your name"), name)
        self.choose_password()
        self.does.press(gettext("Accept invitation"))
        self.does.sees(AUTHORITY)

    def choose_password(self) -> None:
        for label in (gettext("New password"), gettext("New password again")):
            self.does.fill(label, PASSWORD)

    def go(self, *links: str) -> None:
        for link in links:
            self.does.press(link, role="link")

    # --- The people ------------------------------------------------------------------------------------------

    def operator_prepares(self) -> None:
        self.install_anchors()
        (self.files / "organisations.csv").write_text(
            f"cvr_number;name;authority_type\n{CVR};{AUTHORITY};MUNICIPALITY\n", encoding="utf-8"
        )
        imported = self.place.portal.manage("import_organisations", str(self.files / "organisations.csv"))
        assert imported.returncode == 0, imported.stdout + imported.stderr
        self.create_manager()
        self.publish_terms()
        self.go(gettext("Operations"), gettext("Organisations"), AUTHORITY, gettext("Invite a user administrator"))
        self.fill_invitation("berit@vandretur.invalid", "Berit Brugeradmin", reason="Udpeget i brev af i går")

    def install_anchors(self) -> None:
        portal = self.place.portal
        for number, issued in enumerate((self.pki.root, self.pki.issuing)):
            (self.files / f"ca{number}.pem").write_bytes(issued.pem)
        trusted = portal.manage("trust", "add", "--unpinned", *map(str, sorted(self.files.glob("ca*.pem"))))
        assert trusted.returncode == 0, trusted.stderr

    def create_manager(self) -> None:
        made = self.place.portal.manage("create_system_manager", "frida@drift.invalid", "--name", "Frida Forvalter")
        self.new_person()
        self.does.page.goto(re.search(r"http://\S+", made.stdout).group())
        self.choose_password()
        self.does.press(gettext("Save password"))
        self.sign_in("frida@drift.invalid")

    def publish_terms(self) -> None:
        self.go(gettext("Terms of connection"), gettext("Publish a new version"))
        self.does.fill(gettext("Version"), "1")
        self.does.fill(gettext("Text in Danish"), TERMS)
        self.does.press(gettext("Publish"))

    def sign_in(self, email: str) -> None:
        self.does.fill(gettext("E-mail"), email)
        self.does.fill(gettext("Password"), PASSWORD)
        self.does.press(gettext("Log in"))

    def fill_invitation(self, email: str, name: str, *held: str, reason: str = "") -> None:
        self.does.fill(gettext("Name"), name)
        self.does.fill(gettext("E-mail"), email)
        for role in held:
            self.does.tick(role)
        if reason:
            self.does.fill(gettext("Reason"), reason)
        self.does.press(gettext("Send invitation"))
        self.does.sees(email)

    def user_administrator_opens_the_way(self) -> None:
        self.accept_invitation("berit@vandretur.invalid", "Berit Brugeradmin")
        does = self.does
        self.go(gettext("Organisation"), gettext("Read the terms"))
        does.sees(TERMS)
        does.tick(gettext("I have read the terms and accept them on behalf of the authority"))
        does.press(gettext("Accept the terms"))
        self.invite_colleagues()

    def invite_colleagues(self) -> None:
        for email, name, role in (
            ("sofus@vandretur.invalid", "Sofus System", "ORGANISATION_ADMINISTRATOR"),
            ("kaja@vandretur.invalid", "Kaja Kontakt", "CONTACT_ADMINISTRATOR"),
        ):
            self.go(gettext("People and rights"), gettext("Invite a person"))
            self.fill_invitation(email, name, roles()[PrivilegeType(role)].label)
        # The user administrator reads the log at the end.
        self.go(gettext("People and rights"), "Berit Brugeradmin", gettext("Give a role"))
        self.does.tick(roles()[PrivilegeType.ACTION_LOG_ADMINISTRATOR].label)
        self.does.press(gettext("Give role"))

    # --- The systems -----------------------------------------------------------------------------------------

    def system_administrator_connects_systems(self) -> None:
        self.accept_invitation("sofus@vandretur.invalid", "Sofus System")
        self.begin_system("Brevsystemet", "The system sends post to Digital Post (sender system)", "SMTP")
        self.does.fill(gettext("Receipts are delivered to"), "kvittering@post.example")
        self.does.fill(gettext("Mail server to check, if not the one in the DNS"), "127.0.0.1")
        self.does.fill(gettext("Port of that mail server"), str(self.place.mail_port))
        self.finish_system()
        self.upload_certificate()
        self.check(passes=True)
        self.take_into_service("Brevsystemet")

        self.begin_system("Postkassen", "The system receives post from Digital Post (recipient system)", "SFTP")
        self.does.fill(gettext("SSH user name"), self.place.ssh.username)
        self.does.fill(gettext("SFTP server"), "127.0.0.1")
        self.does.fill(gettext("Port"), str(self.place.ssh.port))
        self.finish_system()
        public_key = self.upload_ssh_key()
        self.check(passes=False)
        self.does.sees(gettext("What to do:"))
        # The cure: the server's owner lets the key in.
        self.place.ssh.authorized.write_text(f"{public_key}\n")
        self.check(passes=True, again=True)
        self.take_into_service("Postkassen")
        self.go_more(gettext("Make it the default recipient system"))
        self.does.press(gettext("Make it the default"))
        self.does.sees(gettext("Default recipient system"))

    def begin_system(self, name: str, direction: str, protocol: str) -> None:
        self.go(gettext("Systems"), gettext("Create a system"))
        self.does.fill(gettext("Name of the system"), name)
        self.does.tick(gettext(direction))
        self.does.press(gettext("Save and go on"))
        self.does.tick(protocol)
        self.does.press(gettext("Save and go on"))

    def finish_system(self) -> None:
        self.does.press(gettext("Save and go on"))
        self.does.fill(gettext("Technical contact"), "Teo Tekniker")
        self.does.fill(gettext("E-mail of the technical contact"), "teo@vandretur.invalid")
        self.does.press(gettext("Save and go on"))
        self.does.press(gettext("Save and go on"))
        self.does.press(gettext("Create the system"))

    def upload_certificate(self) -> None:
        who = holder(Kind.FOCES, cvr=CVR, organisation=AUTHORITY, name="Brevsystemet")
        path = self.files / "brevsystemet.pem"
        path.write_bytes(self.pki.issue(who, profile(Kind.FOCES), at=datetime.now(UTC) - timedelta(days=1)).pem)
        self.go(gettext("Upload a certificate"))
        self.does.attach(gettext("Certificate file"), path)
        self.does.press(gettext("Upload the certificate"))

    def upload_ssh_key(self) -> str:
        """Make a key, upload its public half, and return that."""
        path = self.files / "noegle"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        public = path.with_suffix(".pub")
        self.go(gettext("Upload an SSH key"))
        self.does.attach(gettext("Public key file"), public)
        self.does.press(gettext("Upload the key"))
        return public.read_text().strip()

    def check(self, *, passes: bool, again: bool = False) -> None:
        """Test the connection and watch the steps come until it is over."""
        self.does.press(gettext("Test the connection again") if again else gettext("Test the connection"))
        # A message that the queue loses is sent again by the sweeper after a minute.
        statuses = re.compile("PASSED|WARNING" if passes else "FAILED")
        expect(self.does.page.locator("#check")).to_have_attribute("data-status", statuses, timeout=120_000)

    def take_into_service(self, name: str) -> None:
        self.go(name, gettext("Take into service"))
        self.does.press(gettext("Take into service"))
        self.does.sees(gettext("In service"))

    def go_more(self, link: str) -> None:
        self.does.open(gettext("More"))
        self.go(link)

    # --- The contact structure -------------------------------------------------------------------------------

    def contact_administrator_builds_the_structure(self) -> None:
        self.accept_invitation("kaja@vandretur.invalid", "Kaja Kontakt")
        does = self.does
        path = self.files / "gren.csv"
        path.write_text(BRANCH, encoding="utf-8-sig")
        self.go(gettext("Contact structure"), gettext("Import from a file"))
        does.attach(gettext("File (Excel, CSV or JSON)"), path)
        does.press(gettext("Show what it would do"))
        does.press(gettext("Import all of it"))
        does.sees("Borgerservice")
        self.go(gettext("Contact structure"))
        does.press("Borgerservice", role="treeitem")
        self.go(gettext("Create a contact point here"))
        does.fill(gettext("Name"), "Vielse")
        does.fill(gettext("Description"), "Her kan du skrive om vielse.")
        does.tick(gettext("Citizens"))
        does.choose(gettext("Recipient system"), "Postkassen")
        does.fill(gettext("Search terms"), "bryllup")
        does.press(gettext("Create the contact point"))
        does.sees("Vielse")

    # --- What it came to -------------------------------------------------------------------------------------

    def overview_shows_the_evidence(self) -> None:
        """The portal sees most by itself; what it cannot see, the user administrator confirms. Then all is done."""
        self.new_person()
        self.does.page.goto("/")
        self.sign_in("berit@vandretur.invalid")
        outputs = self.does.page.locator("section", has=self.does.page.locator("#outputs-heading"))
        for evidence in self.evidence:
            expect(outputs).to_contain_text(evidence)
        for key in ("identification", "system_requirements", "contact_requirements"):
            self.confirm(key)
        for step in (Step.ACCESS, Step.SYSTEMS, Step.CONTACTS):
            head = self.does.page.locator(f"#{GUIDES[step].anchor} .step-head")
            expect(head).to_have_class(re.compile(r"mark-area--done"))

    def confirm(self, key: str) -> None:
        self.does.press(gettext("Confirm"), role="link", where=self.does.page.locator(f"#line-{key}"))
        self.does.tick(gettext("Done – I confirm it"))
        self.does.fill(gettext("Evidence or reason"), "Set af Berit")
        self.does.press(gettext("Save"))

    def log_tells_the_story(self) -> None:
        self.go(gettext("Event log"))
        story = self.does.page.locator("main")
        for tag in (
            Tag.TERMS_ACCEPTED,
            Tag.INVITATION_ACCEPTED,
            Tag.SYSTEM_CREATED,
            Tag.CERTIFICATE_UPLOADED,
            Tag.SSH_KEY_UPLOADED,
            Tag.CONNECTION_CHECKED,
            Tag.SYSTEM_ACTIVATED,
            Tag.DEFAULT_RECIPIENT_CHANGED,
            Tag.CONTACTS_IMPORTED,
            Tag.CONTACT_POINT_CREATED,
        ):
            expect(story).to_contain_text(str(TAGS[tag].label))
        verified = self.place.portal.manage("verify_events")
        assert verified.returncode == 0, verified.stdout + verified.stderr

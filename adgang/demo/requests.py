"""The demo's requests for access: one in each state, made and decided through the portal's own rules."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from adgang.demo.equipping import DemoFailed
from adgang.demo.people import DOMAIN, by
from adgang.demo.staff import accepted
from adgang.lib.findings import Finding
from organisations import terms
from organisations.access_requests import documents, drafting, lifecycle, papers
from organisations.access_requests.kinds import Step
from organisations.callers import Caller
from organisations.models import AccessRequest, Organisation
from organisations.models.access_request import DocumentationType, RequestType
from organisations.rights import PrivilegeType as Role

Kind, Paper = RequestType, DocumentationType
Organisations = Mapping[str, Organisation]
REASONS = {
    "qualification": "Nævnet er omfattet af § 4 i bekendtgørelsen om offentlige afsendere.",
    "justification": "Vi træffer afgørelser og skal kunne sende dem digitalt.",
    "legal_basis": "Lov om opdigtede nævn, § 2, stk. 1.",
}


def make_requests(organisations: Organisations) -> None:
    """Make a request in every state: for the system manager, for the municipality, and for an authority by a vendor."""
    _connections()
    _appointments(organisations)
    _roles(organisations)


def _connections() -> None:
    """Bodies that are not registered here ask to be connected, each for a CVR number of its own."""
    begun = _begin(Kind.CONNECTION_AGREEMENT_REQUEST, "99000016")
    _answer(begun, Step.AUTHORITY, organisation_name="Nævnet for Påfund", authority_type="OTHER")
    _connection("99000017", "Tilsynet med Luftsyn")
    asked = _connection("99000018", "Rådet for Vigtige Spørgsmål")
    says = {"legal_basis_comments": "Hvilken paragraf giver rådet opgaven? Skriv stykket også."}
    _done(lifecycle.comment(caller=by("frode"), case=asked, version=_version(asked), comments=says))
    note = "Hjemlen er ikke præcis nok, og der mangler et uddrag af loven."
    _done(lifecycle.ask_for_more(caller=by("frode"), case=asked, version=_version(asked), note=note))
    refused = _connection("99000019", "Foreningen Glade Breve")
    reason = "En privat forening kan ikke være offentlig afsender."
    _done(lifecycle.reject(caller=by("frode"), case=refused, version=_version(refused), reason=reason))


def _connection(cvr: str, name: str) -> AccessRequest:
    case = _begin(Kind.CONNECTION_AGREEMENT_REQUEST, cvr)
    _answer(case, Step.AUTHORITY, organisation_name=name, authority_type="OTHER")
    _answer(case, Step.REQUESTER, requester_position="Jurist", requester_phone="00 00 00 00")
    _answer(case, Step.REASONS, **REASONS)
    _attach(case, Paper.LAW_OR_EXECUTIVE_ORDER_EXTRACT, _pdf("Uddrag af lov om opdigtede nævn"), "uddrag-af-lov.pdf")
    _attach(case, Paper.ORGANISATION_DIAGRAM, _picture(), "organisation.png")
    return _send(case)


def _appointments(organisations: Organisations) -> None:
    """The region sends its signed agreement in; the agency gets a new user administrator, who has not used the code."""
    region = _begin(Kind.TERMS_APPROVAL_REQUEST, organisations["region"].cvr_number, caller=by("rikke"))
    _answer(region, Step.REQUESTER, requester_position="Kontorchef")
    _attach(
        region, Paper.SIGNED_CONNECTION_AGREEMENT, _pdf("Underskrevet tilslutningsaftale"), "tilslutningsaftale.pdf"
    )
    _answer(region, Step.TERMS, terms=terms.newest(), terms_accepted=timezone.now())
    _answer(region, Step.TARGET, target_name="Rikke Regionalsen", target_email=f"rikke@{DOMAIN}")
    _send(region, caller=by("rikke"))
    lost = _begin(Kind.USER_ADMIN_LOST_PRIVILEGE_REQUEST, organisations["styrelse"].cvr_number)
    _answer(lost, Step.REQUESTER, requester_position="Chefkonsulent")
    _answer(lost, Step.REASONS, justification="Vores brugeradministrator er fratrådt uden at udpege en ny.")
    _attach(lost, Paper.POWER_OF_ATTORNEY, _pdf("Fuldmagt fra direktøren"), "fuldmagt.pdf")
    _answer(lost, Step.TARGET, target_name="Nanna Nybegynder", target_email=f"nanna@{DOMAIN}")
    _approve(_send(lost), by("frode"))


def _roles(organisations: Organisations) -> None:
    """People ask the municipality for roles, and a vendor asks the agency to let it act."""
    municipality = organisations["kommune"].cvr_number
    _send(_roles_of(by("nanna"), municipality, [Role.CONTACT_ADMINISTRATOR], "Jeg skal vedligeholde borgerservice."))
    given = _roles_of(by("stine"), municipality, [Role.LETTER_ADMINISTRATOR], "Jeg har overtaget brevskabelonerne.")
    _approve(_send(given, caller=by("stine")), by("olga"))
    over = _send(_roles_of(by("tilde"), municipality, [Role.READER], "Til revisionen i foråret."), caller=by("tilde"))
    _approve(over, by("olga"))
    reason = "Revisionen er afsluttet."
    _done(lifecycle.revoke(caller=by("olga"), case=over, version=_version(over), reason=reason))
    vendor = _begin(
        Kind.APPOINTED_DELEGATION_REQUEST,
        organisations["styrelse"].cvr_number,
        caller=by("viola"),
        requester_organisation=organisations["leverandoer"],
    )
    roles = [str(Role.ORGANISATION_ADMINISTRATOR)]
    _answer(vendor, Step.ROLES, privileges=roles, justification="Vi driver styrelsens fagsystem efter kontrakt.")
    _send(vendor, caller=by("viola"))


def _roles_of(caller: Caller, cvr: str, roles: list[Role], why: str) -> AccessRequest:
    case = _begin(Kind.PRIVILEGE_REQUEST, cvr, caller=caller)
    _answer(case, Step.ROLES, privileges=[str(role) for role in roles], justification=why)
    return case


def _begin(kind: RequestType, cvr: str, *, caller: Caller | None = None, **more: Any) -> AccessRequest:
    return accepted(drafting.begin(caller=caller or by("nanna"), kind=kind, cvr=cvr, **more))


def _version(case: AccessRequest) -> int:
    case.refresh_from_db()
    return case.version


def _answer(case: AccessRequest, step: Step, **values: Any) -> None:
    accepted(drafting.keep(case=case, version=_version(case), step=step, values=values))


def _attach(case: AccessRequest, type_: DocumentationType, content: bytes, filename: str) -> None:
    paper = accepted(papers.read(content))
    accepted(documents.attach(case=case, paper=paper, documentation_type=type_, filename=filename))
    _answer(case, Step.DOCUMENTS)


def _send(case: AccessRequest, *, caller: Caller | None = None) -> AccessRequest:
    _done(lifecycle.submit(caller=caller or by("nanna"), case=case, version=_version(case)))
    return case


def _approve(case: AccessRequest, caller: Caller) -> None:
    _done(lifecycle.approve(caller=caller, case=case, version=_version(case)))


def _done(refusal: Finding | None) -> None:
    if refusal is not None:
        raise DemoFailed(refusal.message)


def _pdf(title: str) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=True)
    canvas.setTitle(title)
    canvas.setFont("Helvetica", 18)
    canvas.drawString(72, 750, title)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 720, "Opdigtet dokument til demonstration.")
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _picture() -> bytes:
    sheet = Image.new("RGB", (480, 300), "white")
    draw = ImageDraw.Draw(sheet)
    for left, top in ((180, 40), (40, 180), (180, 180), (320, 180)):
        draw.rectangle((left, top, left + 120, top + 60), outline="navy", width=3)
        draw.line((240, 100, left + 60, top), fill="navy", width=3)
    file = BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()

"""Requests for access in every state, made by the portal's own rules where a state needs them."""

from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from organisations.access_requests import documents, lifecycle, papers
from organisations.access_requests.kinds import Step, journey
from organisations.callers import Caller, Channel
from organisations.keeping import keep
from organisations.models import AccessRequest, Blob, Documentation, Organisation, User
from organisations.models.access_request import DocumentationType, RequestType
from tests.factories import organisations
from tests.factories.organisations import Role

Kind = RequestType
TEXTS = {
    "qualification": "Vi er omfattet af § 4.",
    "justification": "Vi skal sende post.",
    "legal_basis": "Lov om Digital Post § 3.",
}


def caller(user: User | None) -> Caller:
    """Return the caller for what a person does on the pages."""
    return Caller(user=user, channel=Channel.WEB, request_id="test")


def picture(size: tuple[int, int] = (40, 30), format_: str = "PNG") -> bytes:
    """Return a small picture as a file."""
    made = BytesIO()
    Image.new("RGB", size, "navy").save(made, format_)
    return made.getvalue()


PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def document(
    case: AccessRequest,
    *,
    content: bytes = PDF,
    type_: DocumentationType = DocumentationType.SIGNED_CONNECTION_AGREEMENT,
    filename: str = "aftale.pdf",
) -> Documentation:
    """Upload a document to a draft."""
    paper = papers.read(content)
    assert isinstance(paper, papers.Paper), paper
    made = documents.attach(case=case, paper=paper, documentation_type=type_, filename=filename)
    assert isinstance(made, Documentation), made
    return made


def kept(content: bytes) -> Blob:
    """Return a kept file, whatever it is."""
    return keep(content, media_type=papers.PDF, filename="bilag.pdf")


def draft(kind: RequestType = Kind.TERMS_APPROVAL_REQUEST, *, user: User | None = None, **fields: Any) -> AccessRequest:
    """Return a draft in which every step is answered, ready to be sent in."""
    needs_one = kind is not Kind.CONNECTION_AGREEMENT_REQUEST
    if needs_one and "organisation" not in fields:
        fields["organisation"] = organisations.organisation(accepted=kind is not Kind.TERMS_APPROVAL_REQUEST)
    organisation: Organisation | None = fields.get("organisation")
    fields.setdefault("cvr_number", organisation.cvr_number if organisation else organisations.cvr_number())
    fields.setdefault("organisation_name", organisation.name if organisation else "Nyt Nævn")
    done = [step.value for step in journey(kind).steps if step is not Step.ANSWERS]
    made = AccessRequest.objects.create(
        request_type=kind, requester=user or organisations.user(), steps_done=done, **{**_answers(kind), **fields}
    )
    for paper in journey(kind).needs:
        document(made, type_=paper)
    made.refresh_from_db()
    return made


def _answers(kind: RequestType) -> dict[str, Any]:
    asked = {name: TEXTS[name] for name in journey(kind).texts}
    match kind:
        case Kind.CONNECTION_AGREEMENT_REQUEST:
            return asked | {"authority_type": Organisation.AuthorityType.OTHER, "requester_position": "Jurist"}
        case Kind.TERMS_APPROVAL_REQUEST:
            return {"terms": organisations.terms(), "terms_accepted": timezone.now()} | _target()
        case Kind.USER_ADMIN_LOST_PRIVILEGE_REQUEST:
            return asked | _target()
        case _:
            return asked | {"privileges": [str(Role.READER)]}


def _target() -> dict[str, str]:
    return {"target_name": "Udpeget Person", "target_email": "udpeget@example.org", "requester_position": "Jurist"}


def submitted(kind: RequestType = Kind.TERMS_APPROVAL_REQUEST, **fields: Any) -> AccessRequest:
    """Return a request that has been sent in."""
    return submit(draft(kind, **fields))


def submit(made: AccessRequest) -> AccessRequest:
    """Send a draft in and return it."""
    made.refresh_from_db()
    refusal = lifecycle.submit(caller=caller(made.requester), case=made, version=made.version)
    assert refusal is None, refusal
    made.refresh_from_db()
    return made


def approved(
    kind: RequestType = Kind.TERMS_APPROVAL_REQUEST, *, by: User | None = None, **fields: Any
) -> AccessRequest:
    """Return a request that has been approved, by `by` or whoever may."""
    made = submitted(kind, **fields)
    decider = by or processor(made)
    refusal = lifecycle.approve(caller=caller(decider), case=made, version=made.version)
    assert refusal is None, refusal
    made.refresh_from_db()
    return made


def processor(case: AccessRequest) -> User:
    """Return somebody who decides the request: a system manager, or a user administrator of the organisation."""
    if case.goes_to_operator:
        return organisations.user_with(Role.SYSTEM_MANAGER, organisation=None)
    return organisations.user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=case.organisation)

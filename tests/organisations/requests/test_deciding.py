"""The pages of whoever decides: the queue, the case, its documents, and each act."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations import mail
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN
from organisations.models import Event
from organisations.models.access_request import RequestState, RequestType
from tests.factories import access_requests as made
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db
Kind = RequestType


def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None, name="Frida Forvalter"))


def test_operations_requests_narrows_sorts_and_leaves_as_a_file(django_assert_max_num_queries):
    waiting = made.submitted(Kind.CONNECTION_AGREEMENT_REQUEST)
    made.approved()
    made.submitted(Kind.PRIVILEGE_REQUEST)  # the organisation's own
    made.draft()
    client = manager()
    assert client.get("/drift/anmodninger/").context["list"].count == 2
    assert client.get("/drift/anmodninger/?state=code").context["list"].count == 1
    rows = client.get(f"/drift/anmodninger/?state=waiting&kind={Kind.CONNECTION_AGREEMENT_REQUEST}&sort=-about")
    assert [row.pk for row in rows.context["list"].page.object_list] == [waiting.pk]
    csv = b"".join(client.get("/drift/anmodninger/?format=csv")).decode("utf-8-sig")
    assert waiting.cvr_number in csv
    for _ in range(3):
        made.submitted()
    with django_assert_max_num_queries(9):
        client.get("/drift/anmodninger/")


def test_operations_request_keeps_comments_and_shows_the_case():
    case = made.submitted(Kind.CONNECTION_AGREEMENT_REQUEST)
    client, url = manager(), f"/drift/anmodninger/{case.pk}/"
    page = text(client.get(url))
    for said in ("Nyt Nævn", "Lov om Digital Post § 3.", case.requester.email, "Anmodning om adgang indsendt"):
        assert said in page
    sent = client.post(url, {"version": case.version, "legal_basis_comments": "Hvilken?", "processor_note": ""})
    assert sent.status_code == 302
    assert "Hvilken?" in text(client.get(url))
    assert client.post(url, {"version": case.version, "legal_basis_comments": "Anden"}).status_code == 409


def test_support_reads_the_case_but_neither_decides_nor_opens_papers():
    case = made.submitted()
    client = client_for(user_with(Role.SUPPORT, organisation=None))
    page = client.get(f"/drift/anmodninger/{case.pk}/")
    assert page.status_code == 200
    assert (page.context["form"], page.context["acts"]) == (None, [])
    document = case.documents.get()
    assert f"/dokumenter/{document.pk}/" not in page.content.decode()
    assert client.get(f"/drift/anmodninger/{case.pk}/dokumenter/{document.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("act", "said", "state"),
    [
        ("godkend", {}, RequestState.APPROVED),
        ("afvis", {"reason": "Nej tak"}, RequestState.REJECTED),
        ("mere", {"note": "Mangler"}, RequestState.DRAFT),
    ],
)
def test_operations_request_decide(act, said, state):
    case = made.submitted()
    client, url = manager(), f"/drift/anmodninger/{case.pk}/{act}/"
    assert "Anmoderen får en mail." in text(client.get(url))
    if said:
        missing = client.post(url, {"version": case.version})
        assert (missing.status_code, case.state) == (200, RequestState.SUBMITTED)
        assert "Udfyld:" in text(missing)
    assert client.post(url, {"version": case.version, **said}).status_code == 302
    case.refresh_from_db()
    assert case.state == state
    assert "behandlet imens" in toasts(client.get(url))[-1]


def test_operations_request_decide_after_approval():
    case = made.approved()
    client, url = manager(), f"/drift/anmodninger/{case.pk}/"
    mail.send_waiting(at=timezone.now())
    assert "Sendt til udpeget@example.org" in text(client.get(url))
    case.refresh_from_db()
    assert client.post(f"{url}kode/", {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert case.code_hash == ""
    assert client.post(f"{url}tilbagekald/", {"version": case.version, "reason": "Fejl"}).status_code == 302
    case.refresh_from_db()
    assert case.state == RequestState.REVOKED
    assert "Fejl" in text(client.get(url))
    assert client.get(f"{url}ukendt/").status_code == 404


def test_a_stale_decision_changes_nothing():
    case = made.submitted()
    answer = manager().post(f"/drift/anmodninger/{case.pk}/godkend/", {"version": case.version - 1})
    assert "ændret imens" in toasts(answer)[0]
    case.refresh_from_db()
    assert case.state == RequestState.SUBMITTED


def test_operations_request_document_is_logged_once():
    case = made.submitted()
    document = case.documents.get()
    client = manager()
    for _ in range(2):
        assert client.get(f"/drift/anmodninger/{case.pk}/dokumenter/{document.pk}/").content == made.PDF
    for chain in (OPERATOR_CHAIN, case.organisation.pk):
        assert Event.objects.filter(organisation_id=chain, tag=Tag.DOCUMENT_READ).count() == 1


def test_organisation_requests_organisation_request_and_its_decisions():
    case = made.submitted(Kind.PRIVILEGE_REQUEST)
    here, cvr = case.organisation, case.cvr_number
    processor = client_for(user_with(Role.ACCESS_REQUEST_ADMINISTRATOR, organisation=here))
    assert processor.get(f"/o/{cvr}/anmodninger/").context["list"].count == 1
    url = f"/o/{cvr}/anmodninger/{case.pk}/"
    assert "Vi skal sende post." in text(processor.get(url))
    for role, status in ((Role.READER, 403), (Role.ORGANISATION_ADMINISTRATOR, 403)):
        assert client_for(user_with(role, organisation=here)).get(url).status_code == status
    foreign = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation()))
    assert foreign.get(url).status_code == manager().get(url).status_code == 404
    assert manager().get(f"/drift/anmodninger/{case.pk}/").status_code == 404
    assert processor.post(f"{url}godkend/", {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert case.state == RequestState.APPROVED


def test_organisation_request_decide_says_who_must_when_it_is_not_for_a_processor():
    drafted = made.draft(Kind.PRIVILEGE_REQUEST, privileges=[str(Role.ORGANISATION_USER_ADMINISTRATOR)])
    case = made.submit(drafted)
    processor = client_for(user_with(Role.ACCESS_REQUEST_ADMINISTRATOR, organisation=case.organisation))
    url = f"/o/{case.cvr_number}/anmodninger/{case.pk}/"
    page = processor.get(url)
    assert "En brugeradministrator skal afgøre den." in text(page)
    assert page.context["acts"] == []
    answer = processor.post(f"{url}godkend/", {"version": case.version})
    assert "brugeradministrator" in toasts(answer)[0]


def test_organisation_request_document_is_for_processors():
    drafted = made.draft(Kind.PRIVILEGE_REQUEST)
    document = made.document(drafted)
    case = made.submit(drafted)
    url = f"/o/{case.cvr_number}/anmodninger/{case.pk}/dokumenter/{document.pk}/"
    assert client_for(made.processor(case)).get(url).content == made.PDF
    assert client_for(user_with(Role.READER, organisation=case.organisation)).get(url).status_code == 403


OPERATORS = ["operations_requests", "operations_request", "operations_request_decide", "operations_request_document"]
ORGANISATIONS = [
    "organisation_requests",
    "organisation_request",
    "organisation_request_decide",
    "organisation_request_document",
]


@pytest.mark.parametrize("name", [*OPERATORS, *ORGANISATIONS])
def test_the_requester_and_strangers_find_no_page_of_those_who_decide(name):
    is_operators = name in OPERATORS
    drafted = made.draft(Kind.TERMS_APPROVAL_REQUEST if is_operators else Kind.PRIVILEGE_REQUEST)
    document = made.document(drafted)
    case = made.submit(drafted)
    further = {"decide": ["afvis"], "document": [document.pk]}.get(name.rpartition("_")[2], [])
    arguments = [] if is_operators else [case.cvr_number]
    url = reverse(name, args=[*arguments, *([] if name.endswith("requests") else [case.pk]), *further])
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    assert [client_for(person).get(url).status_code for person in (case.requester, stranger)] == [404, 404]

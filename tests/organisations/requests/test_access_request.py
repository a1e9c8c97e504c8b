"""The pages of whoever asks: nothing is lost, nobody else gets in, and each step says what it wants."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from adgang.lib.findings import finding
from organisations.access_requests import documents, lifecycle
from organisations.event_tags import Tag
from organisations.models import AccessRequest, Blob, Documentation, Event
from organisations.models.access_request import RequestState, RequestType
from tests.factories import access_requests as made
from tests.factories.organisations import Role, client_for, cvr_number, organisation, terms, user, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db
Kind = RequestType


def begin(client, kind, cvr, **more):
    return client.post(reverse("access_request_begin"), {"kind": kind.value, "cvr": cvr, **more})


def step(client, case, name, **values):
    """Send a step on top of the newest version and return where it leads."""
    case.refresh_from_db()
    answer = client.post(f"/anmodninger/{case.pk}/trin/{name}/", {"version": case.version, **values})
    return answer.headers.get("Location", "").rstrip("/").rpartition("/")[2] or answer


def upload(client, case, content=made.PDF, name="aftale.pdf", type_="SIGNED_CONNECTION_AGREEMENT"):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    url = f"/anmodninger/{case.pk}/trin/dokumenter/"
    return client.post(url, {"upload": "1", "documentation_type": type_, "file": file})


def test_access_request_begin_and_every_step_of_a_connection():
    person, cvr = user(), cvr_number()
    client = client_for(person)
    assert begin(client, Kind.CONNECTION_AGREEMENT_REQUEST, cvr).headers["Location"].endswith("/trin/myndighed/")
    case = AccessRequest.objects.get(requester=person)
    missing = step(client, case, "myndighed", organisation_name="Nyt Nævn")
    assert "Vælg: Myndighedstype" in text(missing)
    assert 'value="Nyt Nævn"' in missing.content.decode()
    assert step(client, case, "myndighed", organisation_name="Nyt Nævn", authority_type="OTHER") == "om-dig"
    assert step(client, case, "om-dig", requester_position="Jurist") == "begrundelse"
    assert step(client, case, "begrundelse", **made.TEXTS) == "dokumenter"
    assert step(client, case, "dokumenter") == "svar"
    answers = client.get(f"/anmodninger/{case.pk}/trin/svar/")
    assert "Vi er omfattet af § 4." in text(answers)
    assert f"/anmodninger/{case.pk}/trin/begrundelse/" in answers.content.decode()
    # A correction leads back to the answers.
    assert step(client, case, "om-dig", requester_position="Chefjurist") == "svar"
    assert step(client, case, "svar") == "kvittering"
    assert "Din anmodning er sendt" in text(client.get(f"/anmodninger/{case.pk}/kvittering/"))
    case.refresh_from_db()
    assert (case.state, case.requester_position) == (RequestState.SUBMITTED, "Chefjurist")


def test_the_terms_are_shown_in_their_version_and_a_newer_one_is_read_again():
    here, person = organisation(accepted=False), user()
    client, first = client_for(person), terms()
    begin(client, Kind.TERMS_APPROVAL_REQUEST, here.cvr_number)
    case = AccessRequest.objects.get()
    step(client, case, "om-dig", requester_position="Jurist")
    assert "Upload: Underskrevet tilslutningsaftale" in text(step(client, case, "dokumenter"))
    assert upload(client, case).status_code == 302
    assert step(client, case, "dokumenter") == "vilkaar"
    page = client.get(f"/anmodninger/{case.pk}/trin/vilkaar/")
    assert "Version 1.0" in text(page)
    newer = terms(label="2.0")
    newer.text_da = "Nye vilkår."
    newer.published = timezone.now()
    newer.save()
    refused = step(client, case, "vilkaar", accept="on", terms_id=first.pk)
    assert "En nyere version" in text(refused)
    assert "Nye vilkår." in text(refused)
    assert step(client, case, "vilkaar", accept="on", terms_id=newer.pk) == "udpegning"
    assert step(client, case, "udpegning", target_name="Ida Udpeget", target_email="IDA@example.org") == "svar"
    case.refresh_from_db()
    assert (case.target_email, case.terms, case.terms_accepted is None) == ("ida@example.org", newer, False)


def test_access_request_step_keeps_what_two_windows_wrote():
    case = made.draft(Kind.CONNECTION_AGREEMENT_REQUEST)
    client = client_for(case.requester)
    url, old = f"/anmodninger/{case.pk}/trin/om-dig/", case.version
    client.post(url, {"version": old, "requester_position": "Først"})
    stale = client.post(url, {"version": old, "requester_position": "Senere"})
    assert (stale.status_code, 'value="Senere"' in stale.content.decode()) == (409, True)
    assert step(client, case, "om-dig", requester_position="Senere") == "svar"


@pytest.mark.parametrize("kind", [Kind.PRIVILEGE_REQUEST, Kind.APPOINTED_DELEGATION_REQUEST, Kind.DELEGATION_REQUEST])
def test_the_shorter_journeys(kind):
    here, vendor = organisation(), organisation()
    home = here if kind is Kind.DELEGATION_REQUEST else vendor
    is_delegation = kind is not Kind.PRIVILEGE_REQUEST
    person = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=home) if is_delegation else user()
    client = client_for(person)
    begin(client, kind, here.cvr_number, vendor=vendor.cvr_number if home == vendor and is_delegation else "")
    case = AccessRequest.objects.get()
    values = {"roles": ["ORGANISATION_ADMINISTRATOR"], "justification": "Vi driver systemet."}
    if kind is Kind.DELEGATION_REQUEST:
        assert step(client, case, "modtager", delegate_cvr=vendor.cvr_number, **values) == "svar"
    else:
        assert step(client, case, "roller", **values) == "svar"
    assert step(client, case, "svar") == "kvittering"
    case.refresh_from_db()
    assert case.state == (RequestState.APPROVED if kind is Kind.DELEGATION_REQUEST else RequestState.SUBMITTED)


def test_refusals_stand_at_the_number():
    here = organisation()
    page = begin(client_for(user()), Kind.CONNECTION_AGREEMENT_REQUEST, here.cvr_number)
    assert "allerede registreret som myndighed" in text(page)
    assert "8 cifre" in text(begin(client_for(user()), Kind.PRIVILEGE_REQUEST, "12"))


NAMES = [
    "access_request",
    "access_request_receipt",
    "access_request_withdraw",
    "access_request_delete",
    "access_request_step",
    "access_request_document",
    "access_request_document_remove",
]


@pytest.mark.parametrize("name", NAMES)
def test_access_request_is_the_requesters_alone(name):
    case = made.draft()
    here = [role for role in Role if role not in (Role.SYSTEM_MANAGER, Role.SUPPORT)]
    colleague = user_with(*here, organisation=case.organisation)
    further = {"access_request_step": ["om-dig"]}.get(name, [case.documents.get().pk] if "document" in name else [])
    url = reverse(name, args=[case.pk, *further])
    manager = user_with(Role.SYSTEM_MANAGER, organisation=None)
    for somebody in (user(), colleague, manager):
        client = client_for(somebody)
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in (404, 405)
    assert client_for(case.requester).get(url).status_code in (200, 302)


def test_access_request_document_is_handed_out_as_a_file_that_cannot_run():
    case = made.draft()
    made.document(case, content=made.picture(), filename='../../<b>"billede".html')
    pdf, png = case.documents.order_by("created")
    client = client_for(case.requester)
    answer = client.get(f"/anmodninger/{case.pk}/dokumenter/{pdf.pk}/")
    assert (answer.content, answer.headers["Content-Type"]) == (made.PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert png.blob.filename == "bbillede.png"
    shown = client.get(f"/anmodninger/{case.pk}/dokumenter/{png.pk}/?forhaandsvisning")
    assert (shown.headers["Content-Type"], shown.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert client.get(f"/anmodninger/{case.pk}/dokumenter/{pdf.pk}/?forhaandsvisning").status_code == 404
    assert made.PDF[:20] not in bytes(pdf.blob.encrypted)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<svg onload='x'/>", "hverken PDF, PNG eller JPEG"),
        (b"", "Filen er tom"),
        (made.PDF.replace(b"/Catalog", b"/S /JavaScript"), "noget, der kan køre"),
        (made.PDF + bytes(10 * 1024 * 1024), "større end 10 MiB"),
    ],
)
def test_a_refused_file_is_told_at_the_field(content, says):
    case = made.draft()
    page = upload(client_for(case.requester), case, content)
    assert (page.status_code, says in text(page)) == (200, True)
    assert case.documents.count() == 1
    assert finding("document.active").message  # the table knows what the page says


def test_access_request_document_remove_and_access_request_delete_leave_no_file():
    case = made.draft()
    made.document(case, content=made.picture())
    client = client_for(case.requester)
    client.post(f"/anmodninger/{case.pk}/dokumenter/{case.documents.last().pk}/fjern/")
    assert (Documentation.objects.count(), Blob.objects.count()) == (1, 1)
    assert "slettes" in text(client.get(f"/anmodninger/{case.pk}/slet/"))
    assert client.post(f"/anmodninger/{case.pk}/slet/").headers["Location"] == "/anmodninger/"
    assert (AccessRequest.objects.count(), Blob.objects.count()) == (0, 0)


def test_what_was_sent_in_stays_as_it_is():
    case = made.submitted()
    client, document = client_for(case.requester), case.documents.get()
    assert client.post(f"/anmodninger/{case.pk}/slet/").headers["Location"] == f"/anmodninger/{case.pk}/"
    client.post(f"/anmodninger/{case.pk}/dokumenter/{document.pk}/fjern/")
    upload(client, case)
    step(client, case, "om-dig", requester_position="Ny")
    case.refresh_from_db()
    assert (case.documents.get(), case.requester_position) == (document, "Jurist")


def test_access_request_withdraw():
    case = made.submitted()
    client = client_for(case.requester)
    url = f"/anmodninger/{case.pk}/traek-tilbage/"
    assert "kladde igen" in text(client.get(url)) or "igen en kladde" in text(client.get(url))
    assert "trukket tilbage" in toasts(client.post(url, {"version": case.version}))[0]
    case.refresh_from_db()
    assert (case.state, Event.objects.filter(tag=Tag.ACCESS_REQUEST_WITHDRAWN).exists()) == ("DRAFT", True)


def test_access_request_tells_its_story_and_what_is_missing():
    case = made.submitted(Kind.CONNECTION_AGREEMENT_REQUEST)
    boss = user_with(Role.SYSTEM_MANAGER, organisation=None, name="Frida Forvalter")
    client = client_for(case.requester)
    says = {"legal_basis_comments": "Hvilken lov?"}
    lifecycle.comment(caller=made.caller(boss), case=case, version=case.version, comments=says)
    assert "Hvilken lov?" not in text(client.get(f"/anmodninger/{case.pk}/"))
    case.refresh_from_db()
    lifecycle.ask_for_more(caller=made.caller(boss), case=case, version=case.version, note="Skriv loven.")
    page = text(client.get(f"/anmodninger/{case.pk}/"))
    for said in ("Skriv loven.", "Hvilken lov?", "Anmodning om adgang indsendt", "sagsbehandleren", "Gå videre"):
        assert said in page
    assert "Frida Forvalter" not in page
    assert "Hvilken lov?" in text(client.get(f"/anmodninger/{case.pk}/trin/begrundelse/"))


def test_access_requests_lists_ones_own_with_constant_queries(django_assert_max_num_queries):
    case = made.draft()
    made.draft()
    client = client_for(case.requester)
    client.get("/anmodninger/")
    assert "Godkendelse af vilkår" in text(client.get("/anmodninger/"))
    for _ in range(3):
        made.draft(Kind.PRIVILEGE_REQUEST, user=case.requester)
    with django_assert_max_num_queries(9):
        assert client.get(reverse("access_requests")).context["list"].count == 4
    assert client.get("/anmodninger/?format=csv").status_code == 200


def test_a_person_uploads_sixty_documents_a_day(monkeypatch):
    monkeypatch.setattr(documents, "MOST_A_DAY", 2)
    case = made.draft()
    client = client_for(case.requester)
    assert [upload(client, case).status_code for _ in range(2)] == [302, 200]
    assert case.documents.count() == 2

"""Requests for access by API: asked, sent in, documented, decided, activated, as the registry's clients do it."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from organisations.access_requests import activation, lifecycle
from organisations.models import AccessRequest, Blob, Documentation, Event, Mail, Privilege
from organisations.models.access_request import RequestState, RequestType, TargetState
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read, refused, shape
from tests.factories import access_requests as cases
from tests.factories.organisations import Role, cvr_number, employ, grant, organisation, terms, user, user_with

pytestmark = pytest.mark.django_db

MANY, ONE = "access-requests/", "access-requests/{id}"
CONTENT = "access-requests/{accessRequestId}/documentations/{id}/content"
ACTIVATE = "access-requests/target/activate"
WHY = "Jeg skal passe jeres systemer."


@pytest.fixture
def own():
    """The organisation that is asked."""
    return organisation()


@pytest.fixture
def asker(own):
    """Somebody who works there, and has one small role."""
    person = user_with(Role.STATISTICS_ADMINISTRATOR, organisation=own)
    employ(user=person, organisation=own)
    return person


@pytest.fixture
def caller(own, asker):
    return Caller.bearing(token_of(own, Role.STATISTICS_ADMINISTRATOR, user=asker))


@pytest.fixture
def processor(own):
    return Caller.bearing(token_of(own, Role.ORGANISATION_USER_ADMINISTRATOR))


def asking(own, **values):
    """Return a request as a generated client writes it."""
    to = shape("RequestParticipant") | {"externalId": own.cvr_number, "externalIdType": "CVR"}
    asked = {"requestType": "PRIVILEGE_REQUEST", "requestState": "DRAFT", "accessTo": to}
    return shape("AccessRequest") | asked | values


def ready(own, **values):
    return asking(own, privileges=["ORGANISATION_ADMINISTRATOR"], justification=WHY) | values


def sent(caller, own, **values):
    """Return a request that was made and sent in by one call."""
    body = ready(own, requestState="SUBMITTED", **values)
    return read(f"POST {MANY}", caller.send("POST", MANY, body))


def path(told):
    return f"access-requests/{told['id']}"


def put(caller, told, **values):
    return caller.send("PUT", path(told), told | values, version=told["version"])


def fields(response):
    return {one["field"] for one in refused(f"PUT {ONE}", response)["fieldErrors"]}


def test_a_request_goes_from_draft_to_granted(caller, processor, own, asker):
    draft = read(f"POST {MANY}", caller.send("POST", MANY, asking(own)))
    assert (draft["requestState"], draft["accessTo"]["organisationNameResolved"]) == ("DRAFT", own.name)
    assert draft["requester"]["emailAddress"] == asker.email
    day = timezone.localdate() + dt.timedelta(days=40)
    roles = {"privileges": ["ORGANISATION_ADMINISTRATOR"], "privilegeEndDate": str(day)}
    changed = put(caller, draft, justification=WHY, **roles)
    changed = read(f"PUT {ONE}", changed)
    assert (changed["version"], changed["privilegeEndDate"]) == (draft["version"] + 1, str(day))
    again = read(f"PUT {ONE}", put(caller, changed))  # the end that was told back means the same day
    assert again["privilegeEndDate"] == str(day)
    submitted = read(f"PUT {ONE}", put(caller, again, requestState="SUBMITTED"))
    assert submitted["submittedByIdentityId"] == str(asker.pk)
    seen = read(f"GET {ONE}", processor.get(path(submitted)))
    assert seen["justification"] == WHY
    approved = read(f"PUT {ONE}", put(processor, seen, requestState="APPROVED", justificationComments="Godt"))
    assert approved["requestState"] == "APPROVED"
    assert Privilege.objects.get(user=asker, type=Role.ORGANISATION_ADMINISTRATOR).scope == own
    theirs = read(f"GET {ONE}", caller.get(path(approved)))
    assert theirs["justificationComments"] == "Godt"
    assert "approvedByIdentityId" not in theirs
    revoked = read(f"PUT {ONE}", put(processor, approved, requestState="REVOKED", revocationReason="Slut"))
    assert revoked["revocationReason"] == "Slut"
    assert not Privilege.objects.filter(user=asker, type=Role.ORGANISATION_ADMINISTRATOR).exists()
    tags = Event.objects.filter(object_id=approved["id"]).values_list("tag", flat=True)
    assert {"ACCESS_REQUEST_SUBMITTED", "ACCESS_REQUEST_APPROVED", "ACCESS_REQUEST_REVOKED"} <= set(tags)


def test_it_is_taken_back_sent_back_and_rejected(caller, processor, own):
    told = sent(caller, own)
    taken = read(f"PUT {ONE}", put(caller, told, requestState="DRAFT"))
    assert processor.get(path(told)).status_code == 404  # the requester's alone again
    again = read(f"PUT {ONE}", put(caller, taken, requestState="SUBMITTED"))
    assert fields(put(processor, again, requestState="DRAFT")) == {"processorNote"}
    commented = read(f"PUT {ONE}", put(processor, again, justificationComments="Uddyb"))
    hidden = caller.get(path(told)).json()
    assert not {"justificationComments", "processorNote"} & hidden.keys()
    back = put(processor, commented, requestState="DRAFT", processorNote="Skriv mere")
    assert read(f"PUT {ONE}", back)["requestState"] == "DRAFT"
    mine = read(f"GET {ONE}", caller.get(path(told)))
    assert (mine["processorNote"], mine["justificationComments"]) == ("Skriv mere", "Uddyb")
    third = read(f"PUT {ONE}", put(caller, mine, requestState="SUBMITTED"))
    assert fields(put(processor, third, requestState="REJECTED")) == {"rejectionReason"}
    rejected = read(f"PUT {ONE}", put(processor, third, requestState="REJECTED", rejectionReason="Nej"))
    assert (rejected["rejectionReason"], "approvalDateTime" in rejected) == ("Nej", False)
    assert Mail.objects.filter(kind="request_rejected").count() == 1


def test_what_a_state_does_not_allow(caller, processor, own):
    told = sent(caller, own)
    for by, wanted in ((caller, "SUBMITTED"), (caller, "APPROVED"), (processor, "REVOKED")):
        response = put(by, told, requestState=wanted)
        assert (response.status_code, refused(f"PUT {ONE}", response)["code"]) == (409, "state.impossible")
    assert put(processor, told | {"version": 1}, requestState="APPROVED").status_code == 409
    assert processor.send("PUT", path(told), told).status_code == 400  # no If-Match
    assert put(processor, told | {"version": "x"}).status_code == 400
    gone = caller.call("DELETE", path(told), version=told["version"])
    assert (gone.status_code, refused(f"DELETE {ONE}", gone)["code"]) == (409, "request.not_draft")
    assert caller.call("DELETE", path(told), version=1).status_code == 409
    assert processor.call("DELETE", path(told), version=told["version"]).status_code == 403
    assert AccessRequest.objects.get().state == RequestState.SUBMITTED


def test_a_draft_is_deleted_and_an_open_one_is_not_begun_again(caller, own):
    told = read(f"POST {MANY}", caller.send("POST", MANY, ready(own)))
    twice = caller.send("POST", MANY, ready(own))
    assert (twice.status_code, refused(f"POST {MANY}", twice)["fieldErrors"][0]["code"]) == (400, "request.begun")
    assert caller.call("DELETE", path(told)).status_code == 400
    assert read(f"DELETE {ONE}", caller.call("DELETE", path(told), version=told["version"])) is None
    assert refused(f"GET {ONE}", caller.get(path(told)))["code"] == "object.unknown"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"requestType": "UNKNOWN"}, "requestType"),
        ({"requestType": "SPECIAL_PRIVILEGE_REQUEST"}, "requestType"),
        ({"accessTo": None}, "accessTo.externalId"),
        ({"accessTo": {"externalId": "12"}}, "accessTo.externalId"),
        ({"accessTo": {"externalId": "90999999"}}, "accessTo.externalId"),
        ({"requestState": "APPROVED"}, "requestState"),
        ({"privileges": ["SYSTEM_MANAGER"]}, "privileges"),
        ({"justification": None}, "justification"),
        ({"privilegeEndDate": "2020-01-01"}, "privilegeEndDateTime"),
        ({"documentations": [{"documentationType": "ACCOUNTS"}]}, "documentations.0.documentationType"),
    ],
)
def test_what_cannot_be_asked_is_named_and_nothing_is_begun(caller, own, values, field):
    response = caller.send("POST", MANY, ready(own) | values)
    assert response.status_code == 400
    assert field in {one["field"] for one in refused(f"POST {MANY}", response)["fieldErrors"]}
    assert not AccessRequest.objects.exists()


def test_what_is_left_out_of_a_draft_stands_empty_but_for_roles_that_clients_cannot_name(caller, own, asker):
    case = cases.draft(RequestType.PRIVILEGE_REQUEST, user=asker, organisation=own)
    case.privileges = [str(Role.READER), str(Role.STATISTICS_ADMINISTRATOR)]
    case.save()
    told = read(f"GET {ONE}", caller.get(f"access-requests/{case.pk}"))
    assert told["privileges"] == ["STATISTICS_ADMINISTRATOR"]
    assert read(f"PUT {ONE}", put(caller, told, privileges=None))["privileges"] == []
    case.refresh_from_db()
    assert case.privileges == [str(Role.READER)]
    case.privileges = []
    case.save()
    bare = put(caller, told | {"version": case.version}, privileges=None, justification=None)
    assert "justification" not in read(f"PUT {ONE}", bare)
    case.refresh_from_db()
    assert "roller" not in case.steps_done
    incomplete = put(caller, bare.json(), requestState="SUBMITTED")
    assert fields(incomplete) == {"privileges", "justification"}


def accepting(own, **values):
    """Return the acceptance of the terms, with the person who is to be user administrator."""
    person = shape("RequestParticipant") | {"firstNameProvided": "Udpeget", "lastNameProvided": "Person"}
    person["emailAddress"] = "udpeget@example.org"
    target = shape("Target") | {"requestParticipant": person}
    papers = [shape("Documentation") | {"documentationType": "SIGNED_CONNECTION_AGREEMENT"}]
    asked = {"requestType": "TERMS_APPROVAL_REQUEST", "requester": {"position": "Jurist"}, "target": target}
    return asking(own, **asked, documentations=papers, **values)


def test_documents_are_announced_then_sent_and_read_back(caller, own, asker):
    told = read(f"POST {MANY}", caller.send("POST", MANY, accepting(own)))
    (paper,) = told["documentations"]
    assert paper["version"] == told["version"]
    url = f"{path(told)}/documentations/{paper['id']}/content"
    assert caller.get(url).status_code == 404  # announced, not sent
    assert "documentations" in fields(put(caller, told, requestState="SUBMITTED"))
    for content in (b"", b"no paper"):
        assert caller.upload(url, content, method="PUT", version=told["version"]).status_code == 400
    assert caller.upload(url, cases.PDF, method="PUT").status_code == 400
    assert caller.upload(url, cases.PDF, method="PUT", version=told["version"] + 1).status_code == 409
    response = caller.upload(url, cases.PDF, name="aftale å.pdf", method="PUT", version=told["version"])
    filled = read(f"PUT {CONTENT}", response)
    assert filled["documentations"][0]["filename"] == "aftale å.pdf"
    assert filled["documentations"][0]["mediaType"] == "application/pdf"
    assert read(f"GET {CONTENT}", caller.get(url)) == cases.PDF
    part = caller.call("GET", url, headers={"Range": "bytes=0-3"})
    assert (part.status_code, read(f"GET {CONTENT}", part)) == (206, cases.PDF[:4])
    other = caller.upload(url, cases.picture(), name="b.png", method="PUT", version=filled["version"])
    assert read(f"PUT {CONTENT}", other)["documentations"][0]["mediaType"] == "image/png"
    assert Blob.objects.count() == 2  # the picture and its small copy; the first file is gone
    unread = put(caller, other.json(), acceptedTerms="0.1")
    assert fields(unread) == {"acceptedTerms"}
    accepted = read(f"PUT {ONE}", put(caller, other.json(), acceptedTerms=terms().label, requestState="SUBMITTED"))
    assert accepted["target"]["requestParticipant"]["lastNameProvided"] == "Person"
    late = caller.upload(url, cases.PDF, method="PUT", version=accepted["version"])
    assert (late.status_code, refused(f"PUT {CONTENT}", late)["code"]) == (409, "request.not_draft")


def test_documents_that_are_not_named_any_more_go(caller, own):
    told = read(f"POST {MANY}", caller.send("POST", MANY, accepting(own)))
    more = [*told["documentations"], {"documentationType": "OTHER"}]
    both = read(f"PUT {ONE}", put(caller, told, documentations=more))
    assert [one["documentationType"] for one in both["documentations"]] == ["SIGNED_CONNECTION_AGREEMENT", "OTHER"]
    assert len(read(f"PUT {ONE}", put(caller, both, documentations=None))["documentations"]) == 2
    both["version"] += 1
    left = read(f"PUT {ONE}", put(caller, both, documentations=both["documentations"][:1]))
    assert left["documentations"][0]["id"] == told["documentations"][0]["id"]
    assert Documentation.objects.count() == 1


def test_a_processor_reads_documents_and_it_is_logged(own, caller, processor, asker):
    case = cases.submitted(RequestType.PRIVILEGE_REQUEST, user=asker, organisation=own)
    paper = Documentation.objects.create(request=case, documentation_type="OTHER", blob=cases.kept(cases.PDF))
    url = f"access-requests/{case.pk}/documentations/{paper.pk}/content"
    assert read(f"GET {CONTENT}", processor.get(url)) == cases.PDF
    assert Event.objects.filter(tag="DOCUMENT_READ").count() == 1
    assert processor.upload(url, cases.PDF, method="PUT", version=case.version).status_code == 403


def test_a_body_that_is_not_registered_asks_to_be_connected(caller):
    number = cvr_number()
    to = {"externalId": number, "organisationNameResolved": "Nyt Nævn"}
    reasons = {"qualification": "§ 4", "justification": WHY, "legalBasis": "Lov", "authorityType": "OTHER"}
    body = shape("AccessRequest") | {"requestType": "CONNECTION_AGREEMENT_REQUEST", "accessTo": to, **reasons}
    told = read(f"POST {MANY}", caller.send("POST", MANY, body | {"requester": {"position": "Jurist"}}))
    assert (told["accessTo"]["externalId"], told["target"]["requestParticipant"]["externalId"]) == (number, number)
    assert "organisationIdentityId" not in told["accessTo"]
    assert read(f"PUT {ONE}", put(caller, told, requestState="SUBMITTED"))["authorityType"] == "OTHER"


def test_a_delegation_counts_at_once(own, asker):
    grant(user=asker, role=Role.ORGANISATION_USER_ADMINISTRATOR, organisation=own)
    admin = Caller.bearing(token_of(own, Role.ORGANISATION_USER_ADMINISTRATOR, user=asker))
    vendor = organisation()
    target = {"requestParticipant": {"externalId": vendor.cvr_number, "externalIdType": "CVR"}}
    told = sent(admin, own, requestType="DELEGATION_REQUEST", target=target)
    assert (told["requestState"], told["processedAutomatically"]) == ("APPROVED", True)
    assert Privilege.objects.filter(delegate=vendor, scope=own).exists()
    other = organisation()
    asked = sent(admin, other, requestType="APPOINTED_DELEGATION_REQUEST")  # for the one that they administer
    assert asked["requester"]["organisationIdentityId"] == str(own.pk)
    assert asked["target"]["requestParticipant"]["externalId"] == own.cvr_number


def test_the_code_makes_the_appointed_person_user_administrator(own):
    appointed = user_with(Role.READER, organisation=own, email="udpeget@example.org")
    case = cases.approved(organisation=own)
    mail = Mail.objects.get(kind="activation_code")
    code = activation.mail_context(mail)["code"]
    theirs = Caller.bearing(token_of(own, Role.READER, user=appointed))
    wrong = theirs.send("POST", ACTIVATE, {"code": str(uuid.uuid4())}, headers={"Idempotency-Key": "k"})
    assert (wrong.status_code, refused(f"POST {ACTIVATE}", wrong)["code"]) == (404, "code.wrong")
    case.refresh_from_db()
    assert case.code_tries == 1
    assert theirs.send("POST", ACTIVATE, shape("TargetActivation")).status_code == 400
    stranger = Caller.bearing(token_of(own, Role.READER, user=user_with(Role.READER, organisation=own)))
    assert stranger.send("POST", ACTIVATE, {"code": code}).status_code == 404
    told = read(f"POST {ACTIVATE}", theirs.send("POST", ACTIVATE, {"code": code}))
    assert told["target"]["targetState"] == TargetState.GRANTED
    assert not {"justification", "documentations"} & told.keys()
    assert Privilege.objects.filter(user=appointed, type=Role.ORGANISATION_USER_ADMINISTRATOR).exists()
    assert theirs.send("POST", ACTIVATE, {"code": code}).status_code == 404


def test_who_may_what(own, caller, processor, asker):
    told = sent(caller, own)
    elsewhere = organisation()
    stranger = Caller.bearing(token_of(elsewhere, Role.ORGANISATION_USER_ADMINISTRATOR, user=user()))
    for by in (stranger, Caller.bearing(token_of(elsewhere, Role.ORGANISATION_USER_ADMINISTRATOR))):
        assert by.get(path(told)).status_code == 404
        assert put(by, told, requestState="APPROVED").status_code == 404
        assert by.get(MANY).json()["totalElements"] == 0
    assert Caller.bearing(token_of(own, Role.READER)).get(MANY).status_code == 403
    assert processor.send("POST", MANY, ready(own)).status_code == 403  # nobody, whom the role could be for
    reads = Caller.bearing(token_of(own, Role.STATISTICS_ADMINISTRATOR, user=asker, only_reads=True))
    assert reads.get(path(told)).status_code == 200
    assert put(reads, told, requestState="DRAFT").status_code == 403
    assert reads.send("POST", MANY, ready(organisation())).status_code == 403
    grant(user=asker, role=Role.ORGANISATION_USER_ADMINISTRATOR, organisation=own)
    both = Caller.bearing(token_of(own, Role.ORGANISATION_USER_ADMINISTRATOR, user=asker))
    assert put(both, told, requestState="APPROVED").status_code == 409  # nobody decides what they ask for themselves
    mere = Caller.bearing(token_of(own, Role.ACCESS_REQUEST_ADMINISTRATOR))
    raising = AccessRequest.objects.get()
    raising.privileges = [str(Role.ORGANISATION_USER_ADMINISTRATOR)]
    raising.save()
    response = put(mere, told, requestState="APPROVED")
    assert (response.status_code, refused(f"PUT {ONE}", response)["code"]) == (403, "request.needs_administrator")


def test_a_search_finds_what_is_own_and_what_was_sent(own, caller, processor, asker, django_assert_max_num_queries):
    for number in range(3):
        case = cases.submitted(RequestType.PRIVILEGE_REQUEST, organisation=own)
        Documentation.objects.create(request=case, documentation_type="OTHER", blob=cases.kept(b"%d" % number))
    cases.draft(RequestType.PRIVILEGE_REQUEST, organisation=own)
    cases.submitted(RequestType.USER_ADMIN_LOST_PRIVILEGE_REQUEST, organisation=own)
    mine = sent(caller, own)
    with django_assert_max_num_queries(8):
        found = read(f"GET {MANY}", processor.get(MANY))
    assert found["totalElements"] == 4
    assert read(f"GET {MANY}", caller.get(MANY))["accessRequests"] == [read(f"GET {ONE}", caller.get(path(mine)))]
    query = {"requestState": "SUBMITTED", "requester.identityId": str(asker.pk), "sortFields": "lastUpdated:desc"}
    assert processor.get(MANY, **query).json()["totalElements"] == 1
    assert processor.get(MANY, any=asker.name, size=1).json()["elementsOnPage"] == 1
    assert processor.get(MANY, requestState="LOST").status_code == 400


def test_a_request_withdrawn_while_it_is_decided(own, caller, processor):
    told = sent(caller, own)
    case = AccessRequest.objects.get()
    lifecycle.withdraw(caller=cases.caller(case.requester), case=case, version=case.version)
    assert put(processor, told, requestState="APPROVED").status_code == 404

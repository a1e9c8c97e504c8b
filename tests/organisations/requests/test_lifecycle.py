"""The state machine of requests: who may take which way, what it brings about, what the log and the mails tell."""

import datetime as dt
import itertools

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.utils import timezone

from adgang.lib.registered import StaleVersion
from organisations import mail, privileges
from organisations.access_requests import cases, drafting, lifecycle
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN
from organisations.models import AccessRequest, Event, Mail, Organisation, Privilege, TermsAcceptance
from organisations.models.access_request import RequestState, RequestType
from tests.factories import access_requests as made
from tests.factories.organisations import Role, organisation, user, user_with

pytestmark = pytest.mark.django_db

Kind = RequestType
caller = made.caller
SAID = {"ask_for_more": {"note": "Mangler"}, "reject": {"reason": "Nej"}, "revoke": {"reason": "Slut"}}


def act(name, case, person, **said):
    """Do one act and return the code of its refusal, or None."""
    values = said or SAID.get(name, {})
    refusal = getattr(lifecycle, name)(caller=caller(person), case=case, version=case.version, **values)
    case.refresh_from_db()
    return refusal and refusal.code


def tags(case, *, chain=None):
    """Return what the chains tell of a request, oldest first."""
    rows = Event.objects.filter(object_id=case.pk).order_by("time", "seq")
    return [event.tag for event in (rows.filter(organisation_id=chain) if chain else rows)]


def manager():
    return user_with(Role.SYSTEM_MANAGER, organisation=None)


def test_a_connection_makes_the_company_an_authority_and_revoking_takes_it_back():
    company = organisation(accepted=False, type="COMPANY", authority_type="")
    case = made.submitted(Kind.CONNECTION_AGREEMENT_REQUEST, organisation=company)
    boss = manager()
    assert act("approve", case, boss) is None
    company.refresh_from_db()
    assert (company.type, company.authority_type, case.state) == ("AUTHORITY", "OTHER", RequestState.APPROVED)
    assert act("revoke", case, boss) is None
    company.refresh_from_db()
    assert (company.type, company.authority_type) == ("COMPANY", "")
    story = [Tag.ACCESS_REQUEST_SUBMITTED, Tag.ACCESS_REQUEST_APPROVED, Tag.ACCESS_REQUEST_REVOKED]
    assert tags(case, chain=OPERATOR_CHAIN) == tags(case, chain=company.pk) == story


def test_a_connection_of_an_unknown_body_registers_it():
    case = made.approved(Kind.CONNECTION_AGREEMENT_REQUEST)
    registered = Organisation.objects.get(cvr_number=case.cvr_number)
    assert (registered.name, registered.type, case.organisation) == ("Nyt Nævn", "AUTHORITY", registered)


def test_approved_terms_count_in_the_name_of_the_requester():
    case = made.approved(Kind.TERMS_APPROVAL_REQUEST)
    acceptance = TermsAcceptance.objects.get(organisation=case.organisation)
    assert (acceptance.accepted_by, acceptance.terms) == (case.requester, case.terms)
    assert not Privilege.objects.filter(scope=case.organisation).exists()  # only the code gives the role


def test_a_requested_role_is_given_and_ends_with_the_approval():
    case = made.submitted(Kind.PRIVILEGE_REQUEST, privilege_end=timezone.localdate())
    boss = made.processor(case)
    assert act("approve", case, boss) is None
    given = Privilege.objects.get(user=case.requester)
    assert (given.type, given.issuer_id, given.active_to is None) == (Role.READER, boss.pk, False)
    assert act("revoke", case, boss) is None
    assert not Privilege.objects.filter(user=case.requester).exists()
    assert Tag.PRIVILEGES_REVOKED in Event.objects.filter(object_id=case.requester.pk).values_list("tag", flat=True)


def test_of_several_roles_all_are_given_or_none():
    here = organisation(accepted=False)
    asked = [str(Role.READER), str(Role.CONTACT_ADMINISTRATOR)]
    case = made.submitted(Kind.PRIVILEGE_REQUEST, organisation=here)
    AccessRequest.objects.filter(pk=case.pk).update(privileges=asked)
    assert act("approve", case, made.processor(case)) == "terms.missing"
    assert not Privilege.objects.filter(user=case.requester).exists()
    assert case.state == RequestState.SUBMITTED


def test_a_delegation_by_the_own_user_administrator_counts_at_once():
    here, vendor = organisation(), organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=here)
    case = made.draft(Kind.DELEGATION_REQUEST, user=boss, organisation=here, delegate_cvr=vendor.cvr_number)
    AccessRequest.objects.filter(pk=case.pk).update(privileges=[str(Role.ORGANISATION_ADMINISTRATOR)])
    assert act("submit", case, boss) is None
    assert (case.state, case.processed_automatically) == (RequestState.APPROVED, True)
    assert Privilege.objects.get(scope=here, delegate=vendor).source == "APPOINTED"


def test_a_vendor_asks_and_the_authority_approves():
    here, vendor = organisation(), organisation()
    asker = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=vendor)
    case = made.draft(Kind.APPOINTED_DELEGATION_REQUEST, user=asker, organisation=here, requester_organisation=vendor)
    AccessRequest.objects.filter(pk=case.pk).update(privileges=[str(Role.ORGANISATION_ADMINISTRATOR)])
    assert act("submit", case, asker) is None
    assert act("approve", case, asker) == "request.own"
    assert act("approve", case, made.processor(case)) is None
    assert Privilege.objects.filter(scope=here, delegate=vendor).exists()


@pytest.mark.parametrize("kind", [Kind.TERMS_APPROVAL_REQUEST, Kind.PRIVILEGE_REQUEST])
def test_only_those_who_decide_may(kind):
    case = made.submitted(kind)
    here = case.organisation
    strangers = [
        user(),
        user_with(Role.READER, organisation=here),
        user_with(Role.SUPPORT, organisation=None),
        user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation()),
        manager() if kind is Kind.PRIVILEGE_REQUEST else made.processor(made.submitted(Kind.PRIVILEGE_REQUEST)),
    ]
    for person, name in itertools.product(strangers, ("approve", "reject", "ask_for_more")):
        assert act(name, case, person) == "request.not_yours"
    assert act("comment", case, strangers[0], comments={"processor_note": "x"}) == "request.not_yours"


def test_nobody_decides_what_appoints_them():
    boss = user_with(Role.SYSTEM_MANAGER, organisation=None, email="udpeget@example.org")
    assert act("approve", made.submitted(), boss) == "request.own"
    own = made.submitted(Kind.CONNECTION_AGREEMENT_REQUEST, user=boss)
    assert act("approve", own, boss) == "request.own"


@pytest.mark.parametrize("role", [Role.ORGANISATION_USER_ADMINISTRATOR, Role.ACCESS_REQUEST_ADMINISTRATOR])
def test_a_processor_cannot_give_what_gives_more(role):
    case = made.submitted(Kind.PRIVILEGE_REQUEST)
    AccessRequest.objects.filter(pk=case.pk).update(privileges=[str(role)])
    processor = user_with(Role.ACCESS_REQUEST_ADMINISTRATOR, organisation=case.organisation)
    assert act("approve", case, processor) == "request.needs_administrator"
    assert act("approve", case, made.processor(case)) is None


def test_a_processor_gives_ordinary_roles():
    case = made.submitted(Kind.PRIVILEGE_REQUEST)
    processor = user_with(Role.ACCESS_REQUEST_ADMINISTRATOR, organisation=case.organisation)
    assert act("approve", case, processor) is None
    assert Privilege.objects.filter(user=case.requester, type=Role.READER).exists()


ALLOWED = {
    RequestState.DRAFT: {"submit"},
    RequestState.SUBMITTED: {"withdraw", "comment", "ask_for_more", "approve", "reject"},
    RequestState.APPROVED: {"revoke"},
    RequestState.REJECTED: set(),
    RequestState.REVOKED: set(),
}
ACTS = ["submit", "withdraw", "comment", "ask_for_more", "approve", "reject", "revoke"]


@pytest.mark.parametrize("state", RequestState)
def test_what_is_not_allowed_in_a_state_is_refused_and_changes_nothing(state):
    case = made.draft(Kind.PRIVILEGE_REQUEST)
    boss = made.processor(case)
    for name in {"SUBMITTED": ["submit"], "APPROVED": ["submit", "approve"], "REJECTED": ["submit", "reject"]}.get(
        state, ["submit", "approve", "revoke"] if state == RequestState.REVOKED else []
    ):
        assert act(name, case, boss if name != "submit" else case.requester) is None
    assert case.state == state
    version, said = case.version, tags(case)
    for name in set(ACTS) - ALLOWED[state]:
        values = {"comments": {"processor_note": "x"}} if name == "comment" else {}
        assert act(name, case, boss, **values) in ("request.over", "request.not_draft")
    assert (case.state, case.version, tags(case)) == (state, version, said)


def test_the_second_of_two_decisions_is_told_that_somebody_was_first():
    case = made.submitted()
    boss, seen = made.processor(case), AccessRequest.objects.get(pk=case.pk)
    assert act("comment", case, boss, comments={"processor_note": "Set"}) is None
    with pytest.raises(StaleVersion):
        lifecycle.approve(caller=caller(boss), case=seen, version=seen.version)


def test_a_request_goes_back_with_comments_and_comes_again():
    case = made.submitted(Kind.CONNECTION_AGREEMENT_REQUEST)
    boss = manager()
    assert act("comment", case, boss, comments={"legal_basis_comments": "Hvilken lov?"}) is None
    assert act("ask_for_more", case, boss, note="Skriv loven.") is None
    assert case.was_returned
    assert act("submit", case, case.requester) is None
    assert (case.state, case.legal_basis_comments, case.returned) == ("SUBMITTED", "Hvilken lov?", None)


def test_a_withdrawn_request_keeps_what_it_holds():
    case = made.submitted()
    assert act("withdraw", case, case.requester) is None
    assert (case.state, case.documents.count()) == ("DRAFT", 1)


@pytest.mark.parametrize("kind", [Kind.TERMS_APPROVAL_REQUEST, Kind.PRIVILEGE_REQUEST])
def test_a_withdrawn_request_is_the_requesters_alone_and_one_sent_back_is_not(kind):
    case = made.submitted(kind)
    queue = cases.rows().to_operator() if case.goes_to_operator else cases.rows().to_organisation(case.organisation)
    assert queue.filter(pk=case.pk).exists()
    assert act("ask_for_more", case, made.processor(case)) is None
    assert queue.filter(pk=case.pk).exists()
    assert act("submit", case, case.requester) is None
    assert act("withdraw", case, case.requester) is None
    assert not queue.filter(pk=case.pk).exists()


def test_a_vendor_asks_only_for_an_organisation_that_the_person_still_administers():
    here, vendor = organisation(), organisation()
    asker = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    case = made.draft(Kind.APPOINTED_DELEGATION_REQUEST, user=asker, organisation=here, requester_organisation=vendor)
    assert act("submit", case, asker) == "request.not_administrator"


def test_an_incomplete_request_is_not_taken():
    case = made.draft()
    case.documents.all().delete()
    assert act("submit", case, case.requester) == "request.incomplete"


def test_newer_terms_must_be_read_before_it_is_sent_in():
    case = made.draft()
    made.organisations.terms(label="2.0")
    assert act("submit", case, case.requester) == "request.incomplete"


def test_both_sides_get_their_mail():
    boss = manager()
    case = made.submitted()
    act("reject", case, boss, reason="Aftalen er ikke underskrevet.")
    mail.send_waiting(at=timezone.now())
    sent = {(message.to[0], message.subject.partition(" – ")[0]): message.body for message in outbox.outbox}
    assert f"/drift/anmodninger/{case.pk}/" in sent[boss.email, "Ny anmodning: Godkendelse af vilkår og udpegning"]
    assert (case.requester.email, "Vi har modtaget din anmodning") in sent
    assert "Aftalen er ikke underskrevet." in sent[case.requester.email, "Din anmodning er afvist"]


def test_mails_that_nobody_wants_any_more_are_not_sent():
    case = made.submitted()
    act("withdraw", case, case.requester)
    mail.send_waiting(at=timezone.now())
    assert outbox.outbox == []
    assert set(Mail.objects.values_list("error", flat=True)) == {"not wanted any more"}


def test_revoking_does_not_take_the_last_user_administrator():
    case = made.submitted(Kind.PRIVILEGE_REQUEST)
    AccessRequest.objects.filter(pk=case.pk).update(privileges=[str(Role.ORGANISATION_USER_ADMINISTRATOR)])
    boss = made.processor(case)
    act("approve", case, boss)
    privileges.lasting_administrators(case.organisation).exclude(user=case.requester).update(active_to=timezone.now())
    Privilege.objects.filter(user=boss).update(active_to=timezone.now() + dt.timedelta(days=1))
    assert act("revoke", case, boss) == "privilege.last_user_administrator"
    assert case.state == RequestState.APPROVED


def test_the_database_keeps_states_and_times_together():
    case = made.draft()
    for wrong in (
        {"state": "SUBMITTED"},
        {"state": "APPROVED", "submitted": timezone.now(), "decided": timezone.now(), "organisation": None},
        {"state": "REJECTED", "submitted": timezone.now(), "decided": timezone.now()},
        {"target_state": "GRANTED"},
        {"code_hash": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRequest.objects.filter(pk=case.pk).update(**wrong)


def test_one_open_request_of_a_kind_for_a_number_and_person():
    case = made.draft(Kind.PRIVILEGE_REQUEST)
    again = drafting.begin(caller=caller(case.requester), kind=Kind.PRIVILEGE_REQUEST, cvr=case.cvr_number)
    assert again == case
    with pytest.raises(IntegrityError), transaction.atomic():
        made.draft(Kind.PRIVILEGE_REQUEST, user=case.requester, organisation=case.organisation)


def test_begin_says_why_not():
    known, company = organisation(), organisation(type="COMPANY", authority_type="")
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=known)
    person = caller(user())

    def begin(kind, cvr):
        return drafting.begin(caller=person, kind=kind, cvr=cvr).code

    assert begin(Kind.CONNECTION_AGREEMENT_REQUEST, known.cvr_number) == "request.is_authority"
    assert begin(Kind.TERMS_APPROVAL_REQUEST, company.cvr_number) == "request.no_authority"
    assert begin(Kind.TERMS_APPROVAL_REQUEST, known.cvr_number) == "request.connected"
    assert begin(Kind.PRIVILEGE_REQUEST, "99999999") == "request.unknown"
    assert begin(Kind.DELEGATION_REQUEST, known.cvr_number) == "request.not_administrator"
    assert begin(Kind.APPOINTED_DELEGATION_REQUEST, known.cvr_number) == "request.no_vendor"


def test_a_person_begins_twenty_a_day():
    here, person = organisation(), caller(user())
    case = drafting.begin(caller=person, kind=Kind.PRIVILEGE_REQUEST, cvr=here.cvr_number)
    for _ in range(19):
        drafting.delete(case=case)
        case = drafting.begin(caller=person, kind=Kind.PRIVILEGE_REQUEST, cvr=here.cvr_number)
        assert isinstance(case, AccessRequest)
    drafting.delete(case=case)
    refused = drafting.begin(caller=person, kind=Kind.PRIVILEGE_REQUEST, cvr=here.cvr_number)
    assert refused.code == "request.too_many"

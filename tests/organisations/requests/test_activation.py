"""The activation code: made when sent, once, for 14 days, five tries, only for the target."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from adgang.lib.secrets import token_hash
from organisations import mail
from organisations.access_requests import activation, lifecycle
from organisations.event_tags import Tag
from organisations.models import AccessRequest, Employment, Event, Mail, Privilege
from organisations.models.access_request import TargetState
from tests.factories import access_requests as made
from tests.factories.organisations import Role, client_for, grant, user

pytestmark = pytest.mark.django_db

UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.MULTILINE)
ADDRESS = "udpeget@example.org"


def sent_code(case):
    """Send the waiting mails and return the newest code."""
    mail.send_waiting(at=timezone.now())
    case.refresh_from_db()
    return UUID.search([one.body for one in outbox.outbox if one.to == [ADDRESS]][-1])[0]


def redeem(person, code, home=""):
    """Return the outcome: the request, or the code of the refusal."""
    caller = replace(made.caller(person), home=home)
    outcome = activation.redeem(caller=caller, code=code)
    return outcome if isinstance(outcome, AccessRequest) else outcome.code


def test_the_appointed_person_becomes_user_administrator_once():
    case = made.approved()
    assert case.target_state == TargetState.PENDING
    code = sent_code(case)
    assert case.target_state == TargetState.ACTIVATION_CODE_SENT
    assert (case.code_hash, code in str(vars(case))) == (token_hash(code), False)
    person = user(email=ADDRESS)
    assert redeem(person, code.upper()) == case
    held = Privilege.objects.get(user=person, scope=case.organisation)
    assert (held.type, held.source, held.active_to) == (Role.ORGANISATION_USER_ADMINISTRATOR, "APPOINTED", None)
    assert Employment.objects.filter(user=person, organisation=case.organisation, ended=None).exists()
    case.refresh_from_db()
    assert (case.target_state, case.code_hash, case.activated_by_id) == (TargetState.GRANTED, "", person.pk)
    assert redeem(person, code) == "code.wrong"
    told = Event.objects.filter(organisation_id=case.organisation.pk)
    assert {Tag.ACTIVATION_CODE_USED, Tag.PRIVILEGES_GRANTED} <= set(told.values_list("tag", flat=True))
    assert not told.filter(payload__contains=code).exists()


def test_somebody_else_cannot_use_it_but_an_identity_of_the_organisation_can():
    case = made.approved()
    code = sent_code(case)
    person = user()
    assert redeem(person, code) == "code.wrong"
    assert redeem(person, code, home="12345678") == "code.wrong"
    # Who came in for another organisation is not signed in for this one, even with the appointed address.
    assert redeem(user(email=ADDRESS), code, home="12345678") == "code.wrong"
    assert redeem(person, code, home=case.cvr_number) == case
    assert not Mail.objects.filter(object_id=case.pk, kind="activation_code", sent=None).exists()


def test_the_fifth_wrong_try_kills_the_code_and_a_new_one_works():
    case = made.approved()
    code, person = sent_code(case), user(email=ADDRESS)
    wrong = "00000000-0000-4000-8000-000000000000"
    assert [redeem(person, wrong) for _ in range(5)] == [*["code.wrong"] * 4, "code.locked"]
    assert redeem(person, code) == "code.wrong"
    case.refresh_from_db()
    assert case.code_is_dead(timezone.now())
    assert Event.objects.filter(object_id=case.pk, tag=Tag.ACTIVATION_CODE_LOCKED).exists()
    boss = made.processor(case)
    assert lifecycle.send_code_again(caller=made.caller(boss), case=case, version=case.version) is None
    assert redeem(person, sent_code(case)) == case


def test_a_new_code_ends_the_one_before():
    case = made.approved()
    first, boss = sent_code(case), made.processor(case)
    assert lifecycle.send_code_again(caller=made.caller(boss), case=case, version=case.version) is None
    second = sent_code(case)
    person = user(email=ADDRESS)
    assert first != second
    assert redeem(person, first) == "code.wrong"
    assert redeem(person, second) == case


def test_it_works_for_fourteen_days():
    case = made.approved()
    code, person = sent_code(case), user(email=ADDRESS)
    with freeze_time(timezone.now() + dt.timedelta(days=14, minutes=1)):
        assert redeem(person, code) == "code.expired"


def test_a_revoked_approval_gives_nothing():
    case = made.approved()
    code, boss = sent_code(case), made.processor(case)
    assert lifecycle.revoke(caller=made.caller(boss), case=case, version=case.version, reason="Fejl") is None
    assert redeem(user(email=ADDRESS), code) == "code.wrong"
    mail.send_waiting(at=timezone.now())


def test_a_role_that_ends_becomes_lasting():
    case = made.approved()
    person = user(email=ADDRESS)
    later = timezone.now() + dt.timedelta(days=3)
    grant(user=person, role=Role.ORGANISATION_USER_ADMINISTRATOR, organisation=case.organisation, active_to=later)
    assert redeem(person, sent_code(case)) == case
    assert Privilege.objects.get(user=person, scope=case.organisation).active_to is None


def test_guessing_is_throttled():
    person = user()
    outcomes = [redeem(person, "00000000-0000-4000-8000-000000000000") for _ in range(11)]
    assert outcomes[-1] == "code.throttled"


def test_activate(client):
    case = made.approved()
    code, person = sent_code(case), user(email=ADDRESS)
    client = client_for(person)
    assert case.about in client.get(reverse("activate")).content.decode()
    nonsense = client.post("/aktiver/", {"code": "abc"})
    assert "36 tegn" in nonsense.content.decode()
    answer = client.post("/aktiver/", {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/o/{case.cvr_number}/")
    assert "Der venter ingen kode" in client_for(user()).get("/aktiver/").content.decode()

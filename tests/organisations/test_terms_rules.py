"""Terms: versions, accepted once each, never taken away."""

import pytest

from organisations import problems, terms
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.models import Event
from tests.factories import organisations
from tests.factories.organisations import Role, organisation, user_with

pytestmark = pytest.mark.django_db

WHO = Caller.command("test")


def accept(org, which):
    person = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    who = Caller(user=person, channel=Channel.WEB, request_id="r")
    return terms.accept(caller=who, organisation=org, terms_id=which.pk)


def test_the_newest_version_is_accepted_once():
    org, first = organisation(accepted=False), organisations.terms()
    assert terms.accepted(org) is False
    assert accept(org, first).terms == first
    assert terms.accepted(org) is True
    assert accept(org, first).code == "terms.accepted"
    assert Event.objects.get(organisation_id=org.pk).tag == Tag.TERMS_ACCEPTED


def test_what_was_read_must_still_count():
    org, first = organisation(accepted=False), organisations.terms()
    terms.publish(caller=WHO, label="2.0", text_da="Nye vilkår")
    assert accept(org, first).code == "terms.outdated"


def test_nothing_can_be_accepted_before_something_is_published():
    org = organisation(accepted=False)
    person = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    who = Caller(user=person, channel=Channel.WEB, request_id="r")
    assert terms.accept(caller=who, organisation=org, terms_id=org.pk).code == "terms.none"


def test_a_new_version_takes_no_role_away_and_is_an_open_problem():
    org = organisation()
    person = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org)
    published = terms.publish(caller=WHO, label="2.0", text_da="Nye vilkår")
    assert (terms.accepted(org), terms.acceptance(org, published)) == (True, None)
    assert person.privileges.count() == 1
    assert "Version 2.0 af vilkårene er ikke godkendt." in [str(found.text) for found in problems.open_problems(org)]


def test_a_label_is_used_once():
    organisations.terms(label="1.0")
    assert terms.publish(caller=WHO, label="1.0", text_da="x").code == "terms.label_taken"

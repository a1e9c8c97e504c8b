"""Help from those who run the installation: with a reason, for hours, in both chains, shown to the authority."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations import helping
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN
from organisations.models import Event, HelpSession, Mail
from organisations.rights import Right
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune")


@pytest.fixture
def boss(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)


@pytest.fixture
def operator():
    return user_with(Role.SYSTEM_MANAGER, organisation=None, name="Frode")


def caller(person):
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def begin(person, org, hours=1, reason="Hjælp til certifikat"):
    return client_for(person).post(
        reverse("help_begin", args=[org.cvr_number]), {"reason": reason, "hours": str(hours)}
    )


def tags(chain):
    return list(Event.objects.filter(organisation_id=chain).order_by("seq").values_list("tag", flat=True))


def test_help_opens_the_authority_and_is_told_to_it(org, boss, operator):
    overview = reverse("overview", args=[org.cvr_number])
    assert client_for(operator).get(overview).status_code == 404
    assert begin(operator, org).url == overview
    shown = client_for(operator).get(overview).content.decode()
    assert "Hjælp til certifikat" in shown
    assert tags(org.pk) == tags(OPERATOR_CHAIN) == [Tag.HELP_BEGUN]
    assert Mail.objects.get(kind="help_begun").to == boss.email
    theirs = text(client_for(boss).get(reverse("help_log", args=[org.cvr_number])))
    assert "Frode hjælper jer nu" in theirs
    assert "Hjælp til certifikat" in theirs
    assert "hjælper jer lige nu" in client_for(boss).get(overview).content.decode()


def test_what_the_helper_may_and_may_not(org, operator):
    begin(operator, org)
    may = {right for right in Right if caller(operator).may(right, org)}
    assert {Right.SYSTEMS_CHANGE, Right.CONTACTS_CHANGE, Right.PEOPLE_VIEW} <= may
    assert may.isdisjoint({Right.PEOPLE_CHANGE, Right.TERMS_ACCEPT, Right.EVENTS_ACTIONS})


def test_what_the_helper_does_stands_in_both_chains_with_the_reason(org, operator):
    begin(operator, org)
    url = reverse("organisation_edit", args=[org.cvr_number])
    form = client_for(operator).get(url).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    client_for(operator).post(url, {**values, "legal_contact_name": "Ny Kontakt"})
    assert tags(org.pk)[-1] == tags(OPERATOR_CHAIN)[-1] == Tag.ORGANISATION_CHANGED
    copy = Event.objects.filter(organisation_id=OPERATOR_CHAIN).order_by("seq").last()
    assert json.loads(copy.payload)["reason"] == "Hjælp til certifikat"


def test_support_only_reads(org):
    support = user_with(Role.SUPPORT, organisation=None)
    system = systems.system(organisation=org)
    assert begin(support, org).status_code == 302
    assert HelpSession.objects.get().only_reads is True
    client = client_for(support)
    assert client.get(reverse("system", args=[org.cvr_number, system.pk])).status_code == 200
    assert client.get(reverse("system_edit", args=[org.cvr_number, system.pk])).status_code == 403


def test_it_ends_by_itself_and_is_told(org, operator):
    begin(operator, org)
    at = timezone.now() + dt.timedelta(hours=1, minutes=1)
    with freeze_time(at):
        assert caller(operator).organisations == []
        assert helping.expire(caller=Caller.task("x"), at=at) == 1
        assert helping.expire(caller=Caller.task("x"), at=at) == 0
    assert tags(org.pk) == tags(OPERATOR_CHAIN) == [Tag.HELP_BEGUN, Tag.HELP_ENDED]


def test_it_is_ended_by_hand_from_either_side(org, boss, operator):
    for person, name, args in ((operator, "help_stop", []), (boss, "help_end", [org.cvr_number])):
        begin(operator, org)
        session = HelpSession.objects.get(ended=None)
        url = reverse(name, args=[*args, session.pk])
        assert client_for(person).get(url).status_code == 200
        assert toasts(client_for(person).post(url)) == ["Hjælpen er afsluttet."]
        client_for(person).post(url)
        assert caller(operator).organisations == []
    assert tags(org.pk).count(Tag.HELP_ENDED) == tags(OPERATOR_CHAIN).count(Tag.HELP_ENDED) == 2


def test_one_help_at_a_time_and_always_with_a_reason(org, operator):
    assert faults(begin(operator, org, reason=""))
    begin(operator, org)
    assert faults(begin(operator, org))[0].startswith("Du hjælper allerede Skovby Kommune.")
    assert faults(begin(operator, organisation(), hours=99))
    with freeze_time(timezone.now() + dt.timedelta(hours=2)):
        assert begin(operator, org).status_code == 302


def test_a_colleague_ends_nothing(org, operator):
    begin(operator, org)
    session = HelpSession.objects.get()
    reader = user_with(Role.READER, organisation=org)
    assert client_for(reader).get(reverse("help_log", args=[org.cvr_number])).status_code == 200
    assert client_for(reader).post(reverse("help_end", args=[org.cvr_number, session.pk])).status_code == 403
    other = user_with(Role.SYSTEM_MANAGER, organisation=None)
    assert client_for(other).post(reverse("help_stop", args=[session.pk])).status_code == 404
    assert HelpSession.objects.get().ended is None


def test_people_of_an_organisation_pay_nothing_for_it(org, boss, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert caller(boss).helping == []

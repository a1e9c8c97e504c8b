"""The event log as people read it: parts by right, filters, words instead of codes, and its own reading logged."""

import datetime as dt
import json

import pytest
from django.utils import timezone
from freezegun import freeze_time

from organisations import events, privileges, registering
from organisations.callers import Caller, Channel
from organisations.event_tags import Slice, Tag
from organisations.grants import Wish
from organisations.models import Event, EventDetail
from tests.factories.organisations import Role, client_for, employ, organisation, user, user_with
from tests.factories.systems import system
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune")


def reader_of(org, *roles, **fields):
    return user_with(*(roles or (Role.ACTION_LOG_ADMINISTRATOR,)), organisation=org, **fields)


def changed(org, actor=None, **after):
    who = Caller(user=actor, channel=Channel.WEB, request_id="r") if actor else Caller.command("import")
    entry = events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after=after or {"industry_code": "841100"})
    return events.record(who, org, entry)


def url(org, query=""):
    return f"/o/{org.cvr_number}/log/{query}"


def tags(response):
    return [event.tag for event in response.context["list"].page.object_list]


def readings(org):
    return Event.objects.filter(organisation_id=org.pk, slice=Slice.LOOKUPS)


def test_what_happened_is_told_in_words(org):
    anna = user(name="Anna")
    changed(org, anna, industry_code="841100", legal_contact_name="Åse", contactable=False)
    page = text(client_for(reader_of(org)).get(url(org)))
    assert "Organisation ændret Organisation: Skovby Kommune Anna" in page
    assert "Branchekode: 841100, Juridisk kontakts navn, Vil kunne kontaktes: Nej" in page
    assert "ORGANISATION_CHANGED" not in page


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.ACTION_LOG_ADMINISTRATOR, [Tag.ORGANISATION_CHANGED]),
        (Role.SEARCH_LOG_ADMINISTRATOR, [Tag.LIST_EXPORTED]),
        (Role.MESSAGE_LOG_ADMINISTRATOR, []),
    ],
)
def test_each_role_opens_its_part(org, role, seen):
    changed(org)
    events.record(Caller.command("x"), org, events.Entry(tag=Tag.LIST_EXPORTED, obj=org))
    response = client_for(reader_of(org, role)).get(url(org))
    assert [tag for tag in tags(response) if tag != Tag.EVENT_LOG_SEARCHES] == seen


def test_another_organisations_events_are_not_there(org):
    other = organisation(name="Aaby Kommune")
    changed(other)
    assert tags(client_for(reader_of(org)).get(url(org))) == []


def test_the_list_is_narrowed(org):
    anna = user(name="Anna Andersen")
    employ(user=anna, organisation=org)
    with freeze_time("2026-11-20T12:00:00Z"):
        changed(org, anna)
    with freeze_time("2026-11-22T23:30:00Z"):  # half past midnight on the 23rd in Denmark
        events.record(Caller.command("x"), org, events.Entry(tag=Tag.PERSON_DEPARTED, obj=anna, reason="Nyt job"))
    client = client_for(reader_of(org))
    both = [Tag.PERSON_DEPARTED, Tag.ORGANISATION_CHANGED]
    assert {query: tags(client.get(url(org, query))) for query in QUERIES} == {
        "": both,
        "?from=23-11-2026": both[:1],
        "?to=22-11-2026": both[1:],
        "?from=i+morgen": both,
        "?from=01-01-0001&to=31-12-9999": both,
        "?tag=PERSON_DEPARTED": both[:1],
        "?tag=NONSENSE": both,
        "?slice=ACTIONS": both,
        "?kind=user": both[:1],
        "?actor=none": both[:1],
        "?q=andersen": both,
        "?q=841100": both[1:],
        "?q=nyt+job": both[:1],
        "?q=findes+ikke": [],
        "?object=nonsense": [],
    }
    assert tags(client.get(url(org, f"?actor={anna.pk}"))) == both[1:]
    assert tags(client.get(url(org, f"?object={anna.pk}"))) == both[:1]


QUERIES = [
    "",
    "?from=23-11-2026",
    "?to=22-11-2026",
    "?from=i+morgen",
    "?from=01-01-0001&to=31-12-9999",
    "?tag=PERSON_DEPARTED",
    "?tag=NONSENSE",
    "?slice=ACTIONS",
    "?kind=user",
    "?actor=none",
    "?q=andersen",
    "?q=841100",
    "?q=nyt+job",
    "?q=findes+ikke",
    "?object=nonsense",
]


def test_a_role_given_to_oneself_is_highlighted(org):
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Anna")
    who = Caller(user=boss, channel=Channel.WEB, request_id="r")
    privileges.grant(caller=who, organisation=org, grantee=boss, wish=Wish(type=Role.ACTION_LOG_ADMINISTRATOR))
    page = text(client_for(reader_of(org)).get(url(org)))
    assert "Rolle tildelt til sig selv Person: Anna Anna Rolle: Log over handlinger, Givet til sig selv: Ja" in page


def test_of_another_organisations_employee_only_the_cvr_number_is_shown(org):
    vendor = organisation(cvr_number="90000012")
    consultant = user(name="Vera Vendor")
    employ(user=consultant, organisation=vendor)
    changed(org, consultant)
    page = text(client_for(reader_of(org)).get(url(org)))
    assert "CVR 90 00 00 12" in page.replace("\xa0", " ")
    assert "Vera" not in page
    assert tags(client_for(reader_of(org)).get(url(org, "?q=vera"))) == []
    employ(user=consultant, organisation=org)
    assert tags(client_for(reader_of(org)).get(url(org, "?q=vera"))) == [Tag.ORGANISATION_CHANGED]
    assert "Vera Vendor" in text(client_for(reader_of(org)).get(url(org)))


def test_reading_is_logged_once_per_person_filter_and_ten_minutes(org):
    anna, bo = client_for(reader_of(org)), client_for(reader_of(org))
    start = timezone.now()
    with freeze_time(start):
        for _ in range(2):
            anna.get(url(org))
            anna.get(url(org, "?q=010190-1234&page=2"))
        bo.get(url(org))
    assert readings(org).count() == 3
    with freeze_time(start + dt.timedelta(minutes=11)):
        anna.get(url(org))
    assert readings(org).count() == 4


def test_what_was_searched_for_stands_outside_the_chain_and_without_cpr_numbers(org):
    client_for(reader_of(org)).get(url(org, "?q=Hansen+010190-1234"))
    event = readings(org).get()
    assert "Hansen" not in event.payload
    assert json.loads(EventDetail.objects.get(value__contains="Hansen").value) == {"q": "Hansen 010190-xxxx"}


def test_a_copy_is_asked_for_elsewhere(org):
    changed(org)
    page = client_for(reader_of(org)).get(url(org, "?format=csv&tag=ORGANISATION_CHANGED"))
    assert f'href="/o/{org.cvr_number}/log/fil/?tag=ORGANISATION_CHANGED"' in page.content.decode()


def test_an_entry_is_narrowed_to_by_system_party_and_request(org):
    anna, bo = user(name="Anna"), user(name="Bo")
    for person in (anna, bo):
        employ(user=person, organisation=org)
    one = system(organisation=org)
    events.record(Caller.command("x"), org, events.Entry(tag=Tag.SYSTEM_CHANGED, obj=one, system_id=one.pk))
    who = Caller(user=anna, channel=Channel.WEB, request_id="request-1")
    events.record(who, org, events.Entry(tag=Tag.PERSON_DEPARTED, obj=bo))
    events.record(who, org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org))
    client = client_for(reader_of(org))
    both = [Tag.ORGANISATION_CHANGED, Tag.PERSON_DEPARTED]
    assert tags(client.get(url(org, f"?system={one.pk}"))) == [Tag.SYSTEM_CHANGED]
    assert tags(client.get(url(org, f"?party={anna.pk}"))) == both
    assert tags(client.get(url(org, f"?party={bo.pk}"))) == [Tag.PERSON_DEPARTED]
    assert tags(client.get(url(org, "?request=request-1"))) == both
    assert "Viser det, der skete i samme ombæring." in text(client.get(url(org, "?request=request-1")))
    assert tags(client.get(url(org, "?q=%21%21"))) == []


def test_pages_follow_each_other_by_place(org):
    start = timezone.now() - dt.timedelta(hours=1)
    for number in range(60):
        with freeze_time(start + dt.timedelta(minutes=number // 3)):  # several at a time
            changed(org, industry_code=str(number))
    client, seen, asked = client_for(reader_of(org)), [], "?slice=ACTIONS"
    while asked:
        listed = client.get(url(org, asked)).context["list"]
        seen.append([event.seq for event in listed.page.object_list])
        asked = listed.next_url
    assert [one for page in seen for one in page] == list(range(60, 0, -1))
    last = changed(org)  # what comes meanwhile shifts nothing
    back = client.get(url(org, listed.previous_url)).context["list"]
    assert [event.seq for event in back.page.object_list] == seen[1]
    assert client.get(url(org, back.first_url)).context["list"].page.object_list[0] == last
    oldest = client.get(url(org, "?sort=time")).context["list"]
    assert [event.seq for event in oldest.page.object_list][:3] == [1, 2, 3]
    assert client.get(url(org, oldest.next_url)).context["list"].page.object_list[0].seq == 26
    for nonsense in ("a.1", "b.x.y", "a.99999999999999999999999.1", "c.1.1", "a.1.99999999999999999999"):
        assert client.get(url(org, f"?page={nonsense}")).status_code == 200


def test_a_long_log_is_not_counted_to_its_end(org, monkeypatch):
    monkeypatch.setattr("adgang.lib.long_lists.COUNTED", 2)
    for _ in range(4):
        changed(org)
    assert "Viser 4 af flere end 2" in text(client_for(reader_of(org)).get(url(org)))


def test_the_number_of_queries_does_not_grow(org, django_assert_num_queries):
    client = client_for(reader_of(org))
    changed(org)
    client.get(url(org))
    with django_assert_num_queries(8):
        client.get(url(org))
    for number in range(5):
        person = user(name=f"Person {number}")
        employ(user=person, organisation=organisation())
        changed(org, person, legal_contact_name=f"Navn {number}")
    with django_assert_num_queries(8):
        client.get(url(org))


def test_an_object_shows_its_own_history_whoever_may_see_it(org):
    admin = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, name="Søren")
    org.legal_contact_name = "Åse"
    org.industry_code = "841100"
    who = Caller(user=admin, channel=Channel.WEB, request_id="r")
    registering.change(caller=who, organisation=org, version=org.version)
    page = text(client_for(admin).get(f"/o/{org.cvr_number}/myndighed/"))
    assert "Organisation ændret · " in page
    assert "Juridisk kontakts navn – Åse" in page
    assert "Se alle i hændelsesloggen" not in page
    log_reader = client_for(reader_of(org)).get(f"/o/{org.cvr_number}/myndighed/").content.decode()
    assert f"{url(org)}?object={org.pk}" in log_reader

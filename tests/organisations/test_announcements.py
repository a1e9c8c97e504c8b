"""What a person is told: whom an announcement is for, what it costs a page, that it can be hidden, and the history."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations import announcements
from organisations.callers import Caller, Channel
from organisations.models import Announcement, Dismissal
from tests.factories.organisations import Role, announcement, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
ME = "/mig/"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


def told(client, path=ME) -> bool:
    """Say whether the page tells of the announcement that the factory makes."""
    return "Nyt certifikat på vej" in client.get(path).content.decode()


def caller_of(person) -> Caller:
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def test_everybody_with_an_account_is_told_while_it_counts():
    member = client_for(user_with(Role.READER, organisation=organisation()))
    assert not told(member)
    made = announcement(starts=timezone.now() + HOUR)
    assert not told(member)
    Announcement.objects.filter(pk=made.pk).update(starts=timezone.now() - 2 * HOUR)
    announcements.look(at=timezone.now())
    assert told(member)
    assert not told(client_for(None), "/log-ind/")
    Announcement.objects.filter(pk=made.pk).update(until=timezone.now() - HOUR)
    assert told(member)  # this process has not looked yet
    announcements.look(at=timezone.now())
    assert not told(member)


def test_an_end_is_kept_without_looking_again():
    member = client_for(user_with(Role.READER, organisation=organisation()))
    at = timezone.now()
    made = announcement(starts=at, until=at + HOUR)
    caller = caller_of(user())
    assert announcements.shown(caller, None, at=at) == [made]
    assert announcements.shown(caller, None, at=at + HOUR) == []
    assert told(member)


def test_it_stands_before_the_login_only_where_it_is_to():
    announcement(on_open_pages=True)
    page = client_for(None).get("/log-ind/").content.decode()
    assert "Nyt certifikat på vej" in page
    assert "/skjul/" not in page


def test_only_some_authorities():
    ours, theirs = organisation(), organisation()
    announcement(cvr_numbers=[ours.cvr_number])
    assert told(client_for(user_with(Role.READER, organisation=ours)))
    assert not told(client_for(user_with(Role.READER, organisation=theirs)))
    both = user_with(Role.READER, organisation=ours)
    grant(user=both, role=Role.READER, organisation=theirs)
    assert told(client_for(both), reverse("systems", args=[ours.cvr_number]))
    assert not told(client_for(both), reverse("systems", args=[theirs.cvr_number]))


def test_only_some_roles():
    ours, theirs = organisation(), organisation()
    announcement(roles=[Role.ORGANISATION_ADMINISTRATOR], cvr_numbers=[ours.cvr_number])
    assert told(client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)))
    assert not told(client_for(user_with(Role.READER, organisation=ours)))
    elsewhere = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=theirs)
    grant(user=elsewhere, role=Role.READER, organisation=ours)
    assert not told(client_for(elsewhere))


def test_those_who_run_the_portal_can_be_told_alone():
    announcement(roles=[Role.SUPPORT])
    assert told(client_for(user_with(Role.SUPPORT, organisation=None)), "/drift/")
    assert not told(client_for(user_with(Role.SYSTEM_MANAGER, organisation=None)), "/drift/")


def test_the_gravest_stands_first():
    for level in Announcement.Level:
        announcement(level=level)
    caller = caller_of(user())
    shown = announcements.shown(caller, None, at=timezone.now())
    assert [one.level for one in shown] == ["ERROR", "WARNING", "INFO"]


def test_a_person_hides_it_for_themselves_and_goes_back():
    person = user_with(Role.READER, organisation=organisation())
    made, client = announcement(), client_for(person)
    url = reverse("announcement_dismiss", args=[made.pk])
    assert client.get(url).status_code == 405
    assert client.post(url, {"next": "/mig/login/"}).url == "/mig/login/"
    assert not told(client)
    assert told(client_for(user_with(Role.READER, organisation=organisation())))
    assert client.post(url, {"next": "https://example.org/"}).url == "/meddelelser/"
    assert Dismissal.objects.count() == 1
    assert told(client, "/meddelelser/")


def test_hidden_by_htmx_the_page_stays_and_a_line_says_so():
    made = announcement()
    client = client_for(user_with(Role.READER, organisation=organisation()))
    answer = client.post(reverse("announcement_dismiss", args=[made.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "er skjult" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert not told(client)


def test_changed_it_is_shown_again():
    person = user_with(Role.READER, organisation=organisation())
    made, client = announcement(), client_for(person)
    announcements.dismiss(user=person, announcement=made, at=timezone.now())
    assert not told(client)
    made.text_da = "Først i december."
    announcements.change(caller=Caller.command("t"), announcement=made, version=made.version, at=timezone.now())
    announcements.look(at=timezone.now())
    assert told(client)


def test_nothing_announced_costs_no_query_and_something_one():
    client = client_for(user_with(Role.READER, organisation=organisation()))
    client.get(ME)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(ME)
    announcement()
    announcement()
    with CaptureQueriesContext(connection) as after:
        client.get(ME)
    assert len(after) == len(before) + 1


def test_the_text_is_text_and_addresses_are_links():
    announcement(text_da="<script>alert(1)</script> Se https://example.org/nyt\n\nHilsen driften")
    page = client_for(user_with(Role.READER, organisation=organisation())).get(ME).content.decode()
    assert "<script>alert(1)" not in page
    assert '<a href="https://example.org/nyt" rel="nofollow">' in page
    assert "<p>Hilsen driften</p>" in page


def test_the_history_is_the_persons_own_of_a_year():
    ours = organisation()
    at = timezone.now()
    announcement(title_da="Gammel", starts=at - dt.timedelta(days=800), until=at - dt.timedelta(days=400))
    announcement(title_da="Forbi nu", starts=at - 3 * HOUR, until=at - HOUR)
    announcement(title_da="Ikke for jer", cvr_numbers=[organisation().cvr_number])
    announcement(title_da="Trukket", withdrawn=at)
    announcement(title_da="Kommer", starts=at + HOUR)
    client = client_for(user_with(Role.READER, organisation=ours))
    page = text(client.get("/meddelelser/"))
    assert "Forbi nu" in page
    assert "forbi" in page
    for title in ("Gammel", "Ikke for jer", "Trukket", "Kommer"):
        assert title not in page
    for number in range(20):
        announcement(title_da=f"Nr. {number}")
    assert "Forbi nu" not in text(client.get("/meddelelser/"))
    assert "Forbi nu" in text(client.get("/meddelelser/?page=2"))
    assert "Nr. 3" in text(client.get("/meddelelser/?page=nonsens"))


def test_an_empty_history_says_so():
    assert "Der er ingen meddelelser" in text(client_for(user()).get("/meddelelser/"))
    assert client_for(None).get("/meddelelser/").status_code == 302

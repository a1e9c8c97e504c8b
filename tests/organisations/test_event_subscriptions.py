"""Being told of the log: `event_subscriptions`, `event_subscribe`, `event_unsubscribe`, and the mails."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations import event_subscriptions, mail
from organisations.event_tags import Tag
from organisations.models import Event, EventDetail, EventDigest, EventSubscription, Mail, Privilege
from tests.factories.organisations import Role, client_for, employ, organisation, user, user_with
from tests.organisations.pages import text
from tests.organisations.test_events import changed

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 11, 26, 10, tzinfo=dt.UTC)  # a Thursday


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune")


@pytest.fixture
def reader(org):
    return user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org, email="anna@example.org")


@pytest.fixture(autouse=True)
def at_ten():
    with freeze_time(START) as frozen:
        yield frozen


def url(name, org, *args, query=""):
    return reverse(name, args=[org.cvr_number, *args]) + query


def subscribed(reader, org, cadence="AT_ONCE", query="?tag=ORGANISATION_CHANGED"):
    response = client_for(reader).post(
        url("event_subscribe", org, query=query), {"name": "Ændringer", "cadence": cadence}
    )
    assert response.status_code == 302
    return EventSubscription.objects.get()


def told(*, after):
    """Let the ticks of so much time pass at once; return the mails that were sent."""
    at = START + after
    with freeze_time(at):
        event_subscriptions.tell(at=at)
        mail.send_waiting(at=at)
    sent, django_mail.outbox = django_mail.outbox, []
    return sent


MINUTES = dt.timedelta(minutes=1)


def test_what_passes_the_filter_is_told_once(org, reader):
    changed(org)
    subscribed(reader, org)
    assert told(after=6 * MINUTES) == []
    changed(org, name="Ny")
    (sent,) = told(after=12 * MINUTES)
    assert (sent.to, sent.subject.split(" – ")[:2]) == (
        ["anna@example.org"],
        ["Hændelseslog: Ændringer", "Skovby Kommune"],
    )
    assert "Organisation ændret – Skovby Kommune (Portalen selv (import))" in sent.body
    own = Event.objects.filter(organisation_id=org.pk, tag=Tag.ORGANISATION_CHANGED).order_by("seq").last()
    assert url("event", org, own.pk) in sent.body
    assert told(after=18 * MINUTES) == []


def test_what_does_not_pass_is_not_told(org, reader):
    subscribed(reader, org, query="?tag=SYSTEM_DELETED")
    changed(org)
    assert told(after=6 * MINUTES) == []


def test_another_part_of_the_log_is_not_told(org):
    lookups = user_with(Role.SEARCH_LOG_ADMINISTRATOR, organisation=org)
    subscribed(lookups, org)
    changed(org)
    assert told(after=6 * MINUTES) == []


def test_a_foreign_person_is_not_named(org, reader):
    vendor, vera = organisation(), user(name="Vera Vendor")
    employ(user=vera, organisation=vendor)
    subscribed(reader, org)
    changed(org, vera)
    (sent,) = told(after=6 * MINUTES)
    assert "Vera" not in sent.body
    assert vendor.cvr_number in sent.body.replace("\xa0", "").replace(" ", "")


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        ("DAILY", dt.datetime(2026, 11, 27, 6, tzinfo=dt.UTC)),
        ("WEEKLY", dt.datetime(2026, 11, 30, 6, tzinfo=dt.UTC)),
    ],
)
def test_mornings_are_denmarks(org, reader, cadence, due):
    subscription = subscribed(reader, org, cadence=cadence)
    assert subscription.next_due == due
    changed(org)
    assert told(after=due - START - MINUTES) == []
    assert len(told(after=due - START)) == 1


def test_many_are_named_and_the_rest_counted_on(org, reader, monkeypatch):
    monkeypatch.setattr(event_subscriptions, "TOLD", 2)
    subscribed(reader, org)
    for number in range(3):
        changed(org, name=str(number))
    (sent,) = told(after=6 * MINUTES)
    assert sent.body.count("Organisation ændret") == 2
    assert "Der er flere" in sent.body


def test_it_ends_with_the_right(org, reader):
    subscribed(reader, org)
    changed(org)
    Privilege.objects.filter(user=reader).delete()
    assert told(after=6 * MINUTES) == []
    assert not EventSubscription.objects.exists()
    assert Event.objects.filter(tag=Tag.EVENT_SUBSCRIPTION_ENDED, organisation_id=org.pk).exists()


def test_a_right_that_ends_before_the_mail_is_made_stops_it(org, reader):
    subscribed(reader, org)
    changed(org)
    at = START + 6 * MINUTES
    event_subscriptions.tell(at=at)
    Privilege.objects.filter(user=reader).delete()
    mail.send_waiting(at=at)
    assert django_mail.outbox == []
    assert Mail.objects.get().error == "not wanted any more"


def test_two_workers_make_one_mail(org, reader):
    subscription = subscribed(reader, org)
    changed(org)
    at = START + 6 * MINUTES
    assert event_subscriptions._look(subscription, at)
    assert not event_subscriptions._look(subscription, at)
    assert EventDigest.objects.count() == 1


def test_it_is_logged_and_what_is_looked_for_stands_outside_the_chain(org, reader):
    subscribed(reader, org, query="?q=Hansen")
    event = Event.objects.get(tag=Tag.EVENT_SUBSCRIPTION_MADE)
    assert "Hansen" not in event.payload
    assert EventDetail.objects.filter(event_id=event.pk, value__contains="Hansen").exists()


def test_ones_own_are_listed_and_ended(org, reader):
    subscription = subscribed(reader, org)
    client = client_for(reader)
    page = text(client.get(url("event_subscriptions", org)))
    assert "Ændringer Hændelse: Organisation ændret med det samme" in page
    end = url("event_unsubscribe", org, subscription.pk)
    assert "Vil du stoppe beskederne?" in client.get(end).content.decode()
    assert client.post(end).status_code == 302
    assert not EventSubscription.objects.exists()
    assert "Du får ikke besked om noget endnu" in text(client.get(url("event_subscriptions", org)))


def test_nobody_elses(org, reader):
    subscription = subscribed(reader, org)
    colleague = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org))
    without = client_for(user_with(Role.READER, organisation=org))
    stranger = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=organisation()))
    assert "Ændringer" not in colleague.get(url("event_subscriptions", org)).content.decode()
    end = url("event_unsubscribe", org, subscription.pk)
    assert [one.post(end).status_code for one in (colleague, without, stranger)] == [404, 403, 404]
    assert [one.get(url("event_subscribe", org)).status_code for one in (without, stranger)] == [403, 404]


def test_not_more_than_twenty(org, reader, monkeypatch):
    monkeypatch.setattr(event_subscriptions, "MOST", 1)
    subscribed(reader, org)
    client_for(reader).post(url("event_subscribe", org), {"name": "En til", "cadence": "DAILY"})
    assert EventSubscription.objects.count() == 1


def test_a_form_without_a_name_comes_back(org, reader):
    response = client_for(reader).post(url("event_subscribe", org), {"cadence": "HOURLY", "name": ""})
    assert response.status_code == 200
    assert len(response.context["form"].errors) == 2


def test_digests_go_with_the_mails(org, reader):
    from organisations import tidying

    subscribed(reader, org)
    changed(org)
    told(after=6 * MINUTES)
    tidying.tidy(at=timezone.now() + dt.timedelta(days=31))
    assert not EventDigest.objects.exists()

"""Drafts that are published at their time: once, or not and people are told why."""

import datetime as dt
import threading

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time

from contacts import tasks
from contacts.drafts import due, publishing
from contacts.models import ContactPoint, Draft, Publication
from organisations import mail
from organisations.callers import Caller, Channel
from organisations.models import Event, Mail, Privilege
from tests.contacts.drafting import begin, change_live, edit
from tests.contacts.people import authority, last_event, owner, url
from tests.factories import contacts
from tests.factories.organisations import Role, user_with

pytestmark = pytest.mark.django_db
BEFORE = dt.datetime(2026, 12, 31, 22, 59, 59, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC)


def planned(org, person=None, name="Ressortomlægning"):
    """A point named Pas, and a draft planned by somebody that names it Kørekort at midnight."""
    person = person or user_with(Role.CONTACT_ADMINISTRATOR, organisation=org, name="Pia Planlægger")
    point = contacts.point("Pas", organisation=org, system=org.systems.get())
    draft = begin(org, name)
    edit(draft, point.pk, name="Kørekort")
    caller = Caller(user=person, channel=Channel.WEB, request_id="-")
    publishing.plan(caller=caller, draft=draft, at=MIDNIGHT, version=Draft.objects.get(pk=draft.pk).version)
    draft.refresh_from_db()
    return draft, point, person


def sent():
    """Send what waits; (subject, body) of each mail."""
    outbox.outbox.clear()
    mail.send_waiting(at=timezone.now())
    return [(one.subject, one.body) for one in outbox.outbox]


def test_at_its_time_and_not_before():
    org = authority(name="Klitby Kommune")
    draft, point, person = planned(org)
    assert due.publish_due(at=BEFORE) == 0
    assert ContactPoint.objects.get().name == "Pas"
    assert due.publish_due(at=MIDNIGHT) == 1
    point.refresh_from_db()
    draft.refresh_from_db()
    assert (point.name, draft.state) == ("Kørekort", "PUBLISHED")
    event = Event.objects.get(tag="CONTACTS_PUBLISHED")
    assert event.actor_id == person.pk
    assert due.publish_due(at=MIDNIGHT) == 0
    [(subject, body)] = sent()
    assert subject == "Kladden Ressortomlægning er udgivet – Klitby Kommune – TEST"
    assert url(org, "publication", Publication.objects.get().pk) in body


def test_the_task_asks_for_now():
    org = authority()
    planned(org)
    with freeze_time(BEFORE):
        tasks.publish_due()
    assert ContactPoint.objects.get().name == "Pas"
    with freeze_time(MIDNIGHT):
        tasks.publish_due()
    assert ContactPoint.objects.get().name == "Kørekort"


def test_conflicts_refuse_and_people_are_told():
    org = authority()
    person = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org, language="en")
    draft, point, _person = planned(org, person)
    change_live(point, name="Deres")
    assert due.publish_due(at=MIDNIGHT) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.refusal["code"]) == ("OPEN", "draft.conflicts")
    assert last_event(org)[0] == "DRAFT_NOT_PUBLISHED"
    [(subject, body)] = sent()
    assert subject.startswith("The draft Ressortomlægning was not published – ")
    assert "Others have changed the same things meanwhile" in body
    assert url(org, "draft", draft.pk) in body
    text = owner(org).get(url(org, "draft", draft.pk)).content.decode()
    assert "Andre har imens ændret det samme" in text
    assert ContactPoint.objects.get().name == "Deres"


def test_who_may_no_longer_change_the_structure_publishes_nothing_and_is_told_nothing():
    org = authority()
    draft, _point, person = planned(org)
    colleague = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org)
    Privilege.objects.filter(user=person).delete()
    due.publish_due(at=MIDNIGHT)
    draft.refresh_from_db()
    assert (draft.state, draft.refusal["code"]) == ("OPEN", "draft.no_right")
    assert ContactPoint.objects.get().name == "Pas"
    assert list(Mail.objects.values_list("to", flat=True)) == [colleague.email]
    assert "Pia Planlægger" in sent()[0][1]


def test_whose_account_is_closed_publishes_nothing():
    org = authority()
    draft, _point, person = planned(org)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    due.publish_due(at=MIDNIGHT)
    draft.refresh_from_db()
    assert draft.refusal["code"] == "draft.no_right"


def test_a_fault_keeps_no_other_back_and_is_given_up_after_a_while():
    first, second = authority(), authority()
    broken, _point, _person = planned(first)
    planned(second)
    change = broken.changes.get()
    change.after = "ikke JSON"
    change.save()
    assert due.publish_due(at=MIDNIGHT) == 1
    assert Publication.objects.get().organisation == second
    broken.refresh_from_db()
    assert broken.state == "PLANNED"
    due.publish_due(at=MIDNIGHT + due.PATIENCE)
    broken.refresh_from_db()
    assert (broken.state, broken.refusal["code"]) == ("OPEN", "draft.fault")


def test_what_is_planned_anew_is_not_told_of():
    org = authority()
    draft, point, person = planned(org)
    change_live(point, name="Deres")
    due.publish_due(at=MIDNIGHT)
    change_live(point, name="Pas")
    draft.refresh_from_db()
    caller = Caller(user=person, channel=Channel.WEB, request_id="-")
    publishing.plan(caller=caller, draft=draft, at=MIDNIGHT, version=draft.version)
    assert sent() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_publish_once():
    org = authority()
    planned(org)
    done = []

    def work():
        try:
            done.append(due.publish_due(at=MIDNIGHT))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 1
    assert Publication.objects.count() == Event.objects.filter(tag="CONTACTS_PUBLISHED").count() == 1
    assert Mail.objects.count() == 1

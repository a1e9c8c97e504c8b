"""Undoing from the toast and from the page of the event."""

import uuid

import pytest
from django.urls import reverse

from contacts import bulk
from contacts.models import ContactPoint, Undo
from contacts.states import State
from organisations.models import Event
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db


def closed():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    event = bulk.change(caller=CALLER, organisation=org, ids=[point.pk], act=bulk.to_state(State.CLOSED))
    return org, point, event


def test_who_may():
    org, _point, event = closed()
    assert statuses(org, "structure_undo", event.pk) == CHANGE


def test_undoing():
    org, _point, event = closed()
    client, page = owner(org), url(org, "structure_undo", event.pk)
    assert "1 bliver som før: Pas." in client.get(page).content.decode()
    assert "Ændringen er fortrudt." in client.post(page, follow=True).content.decode()
    assert ContactPoint.objects.get().active
    assert last_event(org)[0] == "CONTACTS_CHANGE_UNDONE"
    assert "kan ikke længere fortrydes" in client.post(page, follow=True).content.decode()


def test_what_was_changed_since_is_named():
    org, point, event = closed()
    ContactPoint.objects.filter(pk=point.pk).update(version=9)
    text = owner(org).post(url(org, "structure_undo", event.pk), follow=True).content.decode()
    assert "er ændret igen eller er i vejen: Pas." in text
    assert not ContactPoint.objects.get().active


def test_an_event_of_which_nothing_is_kept():
    org, _point, event = closed()
    Undo.objects.all().delete()
    assert owner(org).get(url(org, "structure_undo", uuid.uuid4())).status_code == 404
    text = owner(org).get(url(org, "structure_undo", event.pk), follow=True).content.decode()
    assert "kun de seneste ændringer" in text


def test_a_deletion_is_undone_from_its_event():
    org, point, _event = closed()
    both = client_for(user_with(Role.CONTACT_ADMINISTRATOR, Role.ACTION_LOG_ADMINISTRATOR, organisation=org))
    done = both.post(url(org, "point_delete", point.pk), {"version": 2}, follow=True).content.decode()
    event = Event.objects.get(tag="CONTACT_POINT_DELETED")
    page = url(org, "structure_undo", event.pk)
    assert page in done
    assert page in both.get(reverse("event", args=[org.cvr_number, event.pk])).content.decode()
    both.post(page)
    assert ContactPoint.objects.get().pk == point.pk

"""Lists taken out as files are told to the log of whom they concern."""

import json

import pytest
from django.urls import reverse

from organisations.events import OPERATOR_CHAIN
from organisations.models import Event
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db


def told():
    return [(event.organisation_id, event.tag, json.loads(event.payload)["after"]) for event in Event.objects.all()]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_list_of_the_organisation(file_format):
    org = organisation()
    person = user_with(Role.READER, organisation=org)
    client_for(person).get(reverse("people", args=[org.cvr_number]), {"format": file_format})
    assert told() == [(org.pk, "LIST_EXPORTED", {"list": "people", "format": file_format})]
    assert Event.objects.get().actor_id == person.pk


def test_a_list_of_the_installation():
    manager = user_with(Role.SYSTEM_MANAGER, organisation=None)
    client_for(manager).get(reverse("operations_organisations"), {"format": "csv"})
    assert told() == [(OPERATOR_CHAIN, "LIST_EXPORTED", {"list": "organisations", "format": "csv"})]


def test_looking_at_a_list_is_no_export():
    org = organisation()
    client = client_for(user_with(Role.READER, organisation=org))
    client.get(reverse("people", args=[org.cvr_number]))
    client.get(reverse("people", args=[org.cvr_number]), {"format": "pdf"})
    assert told() == []


def test_the_log_gives_no_file_of_its_list():
    org = organisation()
    client = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org))
    client.get(reverse("events", args=[org.cvr_number]), {"format": "csv"})
    assert [tag for _, tag, _ in told()] == ["EVENT_LOG_SEARCHES"]

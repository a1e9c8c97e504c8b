"""Whoever fetches file after file waits: one limit for a person, whatever the files are."""

import pytest
from django.urls import reverse

from organisations import exporting
from organisations.models import Event, Job, Organisation
from organisations.rights import PrivilegeType as Role
from tests.factories.organisations import client_for, organisation, user_with

pytestmark = pytest.mark.django_db
FILES = [
    ("systems", "?format=csv"),
    ("systems", "?format=xlsx"),
    ("problems", "?format=csv"),
    ("readiness_report", ""),
    ("process_guide", ""),
    ("process_guide_file", ""),
    ("setup_export", ""),
    ("structure_quality", "?format=csv"),
]


@pytest.fixture
def own() -> Organisation:
    return organisation()


def url(name: str, own: Organisation, query: str = "") -> str:
    return reverse(name, args=[own.cvr_number]) + query


@pytest.mark.parametrize(("name", "query"), FILES)
def test_the_file_too_many_is_a_page_that_says_when(own, monkeypatch, name, query):
    monkeypatch.setattr(exporting, "MOST", 1)
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=own))
    assert client.get(url(name, own, query)).status_code == 200
    told = Event.objects.count()
    refused = client.get(url(name, own, query))
    assert refused.status_code == 429
    assert "<h1>Vent lidt</h1>" in refused.content.decode()
    assert "Prøv igen om 5 minutter." in refused.content.decode()
    assert 290 < int(refused.headers["Retry-After"]) <= 300
    assert Event.objects.count() == told
    assert client.get(url("systems", own)).status_code == 200  # pages are not files


def test_all_files_count_together_and_each_person_for_themselves(own, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", len(FILES))
    one, other = (client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=own)) for _ in range(2))
    assert {one.get(url(name, own, query)).status_code for name, query in FILES} == {200}
    assert one.get(url("systems", own, "?format=csv"), headers={"Accept-Language": "en"}).status_code == 429
    assert other.get(url("systems", own, "?format=csv")).status_code == 200


def test_files_that_are_made_in_the_background_count_too(own, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 1)
    client = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=own), proven=True)
    assert client.post(url("event_export", own), {"file_format": "csv"}).status_code == 302
    assert client.post(url("event_export", own), {"file_format": "csv"}).status_code == 429
    assert client.post(reverse("person_data")).status_code == 429
    assert Job.objects.count() == 1

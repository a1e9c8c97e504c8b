"""The log as a file: `event_export` asks, `event_file` follows and leads to `event_file_take`."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations import event_files, events, jobs, tidying
from organisations.callers import Caller
from organisations.event_tags import Slice, Tag
from organisations.models import Blob, Event, Job, Privilege
from tests.factories.organisations import Role, client_for, employ, organisation, user, user_with
from tests.organisations.pages import text
from tests.organisations.test_events import changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune")


@pytest.fixture
def reader(org):
    return user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org)


def url(org, query=""):
    return reverse("event_export", args=[org.cvr_number]) + query


def asked(client, org, query="", file_format="csv"):
    response = client.post(url(org, query), {"file_format": file_format})
    assert response.status_code == 302
    return response["Location"]


def work():
    jobs.carry_out(jobs.claim(Job.objects.get(status="QUEUED").pk))


def taken(client, address):
    return client.get(f"{address}hent/").content.decode()


def test_a_file_for_a_spreadsheet(org, reader):
    changed(org)
    events.record(Caller.command("x"), org, events.Entry(tag=Tag.TERMS_ACCEPTED, obj=org))
    client = client_for(reader)
    address = asked(client, org, "?tag=ORGANISATION_CHANGED")
    assert "Det begynder om et øjeblik" in text(client.get(address))
    work()
    assert "Filen rummer 1 hændelse." in text(client.get(address))
    lines = taken(client, address).lstrip("\ufeff").splitlines()
    assert lines[0].split(";")[:6] == ["Tidspunkt", "Hændelse", "Genstand", "Hvem", "Ændret", "Begrundelse"]
    assert [line.split(";")[1:5] for line in lines[1:]] == [
        ["Organisation ændret", "Organisation: Skovby Kommune", "Portalen selv (import)", "Branchekode: 841100"]
    ]


def test_a_file_for_a_program_names_no_foreign_person(org, reader):
    vendor, vera = organisation(), user(name="Vera Vendor")
    employ(user=vera, organisation=vendor)
    changed(org, vera, legal_contact_name="Åse", name="Ny")
    client = client_for(reader)
    address = asked(client, org, file_format="jsonl")
    work()
    content = taken(client, address)
    told = json.loads(content.splitlines()[0])
    assert (told["tag"], told["after"]) == ("ORGANISATION_CHANGED", {"legal_contact_name": "Åse", "name": "Ny"})
    assert "".join(told["actor"].split()) == f"CVR{vendor.cvr_number}"
    assert str(vera.pk) not in content


def test_every_part_is_read_once(org, reader, monkeypatch):
    monkeypatch.setattr(event_files, "CHUNK", 2)
    for _ in range(5):
        changed(org)
    client = client_for(reader)
    address = asked(client, org, file_format="jsonl")
    work()
    assert [json.loads(line)["seq"] for line in taken(client, address).splitlines()] == [5, 4, 3, 2, 1]


def test_a_longer_log_is_cut_and_the_page_says_so(org, reader, monkeypatch):
    monkeypatch.setattr(event_files, "MOST", 2)
    for _ in range(3):
        changed(org)
    client = client_for(reader)
    address = asked(client, org, file_format="jsonl")
    work()
    assert len(taken(client, address).splitlines()) == 2
    assert "Loggen er længere end filen" in text(client.get(address))


def test_it_is_logged_when_it_is_asked_for(org, reader):
    asked(client_for(reader), org)
    assert Event.objects.get(organisation_id=org.pk, slice=Slice.LOOKUPS).tag == Tag.EVENT_LOG_EXPORTED


def test_a_right_that_ended_meanwhile_leaves_it_empty(org, reader):
    changed(org)
    client = client_for(reader)
    asked(client, org, file_format="jsonl")
    Privilege.objects.filter(user=reader).delete()
    work()
    assert Job.objects.get().file.size == 0


def test_it_is_for_whoever_asked_alone(org, reader):
    asked(client_for(reader), org)
    work()
    colleague = user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org)
    without = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org)
    stranger = user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=organisation())
    job = Job.objects.get()
    for path in (reverse(name, args=[org.cvr_number, job.pk]) for name in ("event_file", "event_file_take")):
        assert [client_for(one).get(path).status_code for one in (reader, colleague, without, stranger)] == [
            200,
            404,
            403,
            404,
        ]


def test_it_is_kept_for_a_week(org, reader):
    changed(org)
    client = client_for(reader)
    address = asked(client, org)
    work()
    later = timezone.now() + dt.timedelta(days=7, minutes=1)
    with freeze_time(later):
        client.force_login(reader)
        assert client.get(f"{address}hent/").status_code == 404
        assert "Filen er ikke længere gemt" in text(client.get(address))
        tidying.tidy(at=later)
    assert Blob.objects.count() == 0


def test_nothing_is_made_of_nonsense(org, reader):
    response = client_for(reader).post(url(org), {"file_format": "exe"})
    assert response.status_code == 200
    assert not Job.objects.exists()


def test_the_installations_own_log():
    support = client_for(user_with(Role.SUPPORT, organisation=None))
    address = support.post(reverse("operations_event_export"), {"file_format": "jsonl"})["Location"]
    job = Job.objects.get()
    assert address == reverse("operations_event_file", args=[job.pk])
    work()
    content = support.get(reverse("operations_event_file_take", args=[job.pk])).content
    assert json.loads(content)["tag"] == "EVENT_LOG_EXPORTED"

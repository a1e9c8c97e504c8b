"""The page that says whether the log is untouched: `event_chain` and `operations_event_chain`."""

import datetime as dt

import pytest
from django.urls import reverse

from organisations import checkpoints, event_guard, jobs
from organisations.event_tags import Tag
from organisations.models import Event, EventHead, Job
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text
from tests.organisations.test_events import changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    made = organisation(name="Skovby Kommune")
    for _ in range(3):
        changed(made)
    return made


@pytest.fixture
def reader(org):
    return client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org, name="Anna"))


def url(org):
    return reverse("event_chain", args=[org.cvr_number])


def verify(client, org):
    assert client.post(url(org)).status_code == 302
    jobs.carry_out(jobs.claim(Job.objects.get(status="QUEUED").pk))
    return text(client.get(url(org)))


def test_not_verified_yet(org, reader):
    page = text(reader.get(url(org)))
    assert "Loggen er ikke kontrolleret endnu" in page
    assert "Hændelser 3" in page


def test_untouched(org, reader):
    page = verify(reader, org)
    assert "Loggen er urørt" in page
    assert "3 hændelser blev gennemgået" in page
    assert "Anna" in page
    event = Event.objects.filter(organisation_id=org.pk).order_by("seq").last()
    assert event.tag == Tag.EVENT_LOG_VERIFIED


def test_the_first_broken_entry_in_words(org, reader):
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=org.pk, seq=2).update(object_label="Noget andet")
    response = verify(reader, org)
    assert "Loggen er ændret uden om portalen" in response
    assert "Første brudte hændelse: nummer 2: en kolonne i indførslen er ændret" in response
    broken = Event.objects.get(organisation_id=org.pk, seq=2)
    assert reverse("event", args=[org.cvr_number, broken.pk]) in reader.get(url(org)).content.decode()
    mended = verify(reader, org)
    assert "nummer 2" in mended


def test_the_checkpoint_is_compared(org, reader, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    checkpoints.write(checkpoints.daily_path(dt.date(2026, 11, 1)))
    (tmp_path / "checkpoints" / "2026-11-02.json").write_text("nonsense")
    assert "op til hændelse 3" in text(reader.get(url(org)))
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=org.pk, seq=3).delete()
    EventHead.objects.filter(pk=org.pk).update(seq=2, hash=Event.objects.get(organisation_id=org.pk, seq=2).hash)
    assert "loggen afviger fra det underskrevne kontrolpunkt" in verify(reader, org).lower()


def test_one_verification_at_a_time(org, reader):
    reader.post(url(org))
    reader.post(url(org))
    assert Job.objects.count() == 1


def test_who_may(org):
    lookups = client_for(user_with(Role.SEARCH_LOG_ADMINISTRATOR, organisation=org))
    assert lookups.get(url(org)).status_code == 200
    assert lookups.post(url(org)).status_code == 403
    assert client_for(user_with(Role.READER, organisation=org)).get(url(org)).status_code == 403
    stranger = user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=organisation())
    assert client_for(stranger).get(url(org)).status_code == 404


def test_the_installations_own():
    support = client_for(user_with(Role.SUPPORT, organisation=None))
    address = reverse("operations_event_chain")
    support.get("/drift/log/")
    support.post(address)
    jobs.carry_out(jobs.claim(Job.objects.get().pk))
    assert "1 hændelse blev gennemgået" in text(support.get(address))

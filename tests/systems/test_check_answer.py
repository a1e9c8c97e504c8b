"""A person says whether the test message could be opened."""

import uuid
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from systems.check_showing import RunView
from systems.models import CheckRun, Probe, ProbeMessage, RunStatus, System, Trigger
from tests.factories.organisations import client_for
from tests.factories.systems import system
from tests.systems.people import READ, everybody, owner_client

pytestmark = pytest.mark.django_db
FINGERPRINT = "ab" * 32


@pytest.fixture
def run() -> CheckRun:
    return sent(system())


def sent(of: System) -> CheckRun:
    """A check that handed a test message over."""
    handed = {"code": "message.handed_over", "severity": "info", "params": {"mailbox": of.endpoint, "reply": "250 OK"}}
    step = {"code": "DELIVER", "place": of.endpoint, "status": "ok", "ms": 1, "found": {}, "findings": [handed]}
    made: CheckRun = CheckRun.objects.create(
        system=of,
        protocol="SMTP",
        trigger=Trigger.MANUAL,
        status=RunStatus.PASSED,
        target={"deliver_to": of.endpoint, "probes": ["MAIL"]},
        steps=[step],
    )
    now = timezone.now()
    ProbeMessage.objects.create(system=of, run=made, probe=Probe.MAIL, certificate=FINGERPRINT, created=now, sent=now)
    return made


def url(run: CheckRun, name: str = "check_answer") -> str:
    return reverse(name, args=[run.system.organisation.cvr_number, run.system_id, run.pk])


def page(client: Any, run: CheckRun) -> str:
    return client.get(url(run, "check")).content.decode()


def test_who_may(run: CheckRun) -> None:
    people = everybody(run.system)
    statuses = {who: client_for(user).post(url(run), {"answer": "OPENED"}).status_code for who, user in people.items()}
    assert statuses == {who: 302 if status == 200 else status for who, status in READ.items()} | {"reader": 403}


def test_the_page_asks_and_names_the_certificate(run: CheckRun) -> None:
    shown = page(owner_client(run.system), run)
    assert "Kunne I åbne testbeskeden?" in shown
    assert FINGERPRINT in shown
    assert "At jeres system kan dekryptere meddelelser" in shown


def test_yes_proves_the_private_key(run: CheckRun) -> None:
    client = owner_client(run.system)
    client.post(url(run), {"answer": "OPENED"})
    shown = page(client, run)
    assert "I kunne åbne testbeskeden" in shown
    assert "At jeres system kan dekryptere meddelelser" not in shown
    assert "Det kan I se på" not in shown


def test_no_comes_with_what_to_look_at(run: CheckRun) -> None:
    client = owner_client(run.system)
    client.post(url(run), {"answer": "NOT_OPENED"})
    assert "Det kan I se på" in page(client, run)
    assert ProbeMessage.objects.get().answer == "NOT_OPENED"


def test_nonsense_changes_nothing_and_says_so(run: CheckRun) -> None:
    client = owner_client(run.system)
    client.post(url(run), {"answer": "måske"})
    assert "Vælg et af de to svar." in page(client, run)
    assert ProbeMessage.objects.get().answer == ""


def test_a_check_without_a_message_has_nothing_to_answer(run: CheckRun) -> None:
    ProbeMessage.objects.all().delete()
    client = owner_client(run.system)
    client.post(url(run), {"answer": "OPENED"})
    shown = page(client, run)
    assert "Denne kontrol sendte ingen testbesked som mail." in shown
    assert "Kunne I åbne testbeskeden?" not in shown


def test_the_check_of_another_system_is_not_found(run: CheckRun) -> None:
    other = system(organisation=run.system.organisation)
    address = reverse("check_answer", args=[other.organisation.cvr_number, other.pk, run.pk])
    assert owner_client(other).post(address, {"answer": "OPENED"}).status_code == 404
    missing = reverse("check_answer", args=[other.organisation.cvr_number, other.pk, uuid.uuid4()])
    assert owner_client(other).post(missing).status_code == 404


def test_whoever_holds_a_link_to_the_check_is_not_told_who_answered(run: CheckRun) -> None:
    client = owner_client(run.system)
    client.post(url(run), {"answer": "NOT_OPENED"})
    run.refresh_from_db()
    shown = render_to_string("systems/check_result.html", {"system": run.system, "run": run, "shown": RunView(run)})
    assert "svarede" not in shown

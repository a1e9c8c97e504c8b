"""Confirming the key that an SFTP server showed."""

from typing import Any

import pytest

from organisations.models import Event, Organisation
from systems.models import CheckRun, Protocol, RunStatus, System, Trigger
from systems.steps.host_keys import pinned_key
from tests.factories import organisations, systems
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def organisation() -> Organisation:
    return organisations.organisation()


@pytest.fixture
def system(organisation: Organisation) -> System:
    return systems.system(organisation=organisation, protocol=Protocol.SFTP, sftp_host="sftp.example", sftp_port=2222)


@pytest.fixture
def administrator(organisation: Organisation) -> Any:
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation))


def run_of(system: System, *, host: str = "sftp.example", key: str = KEY) -> CheckRun:
    found = {"host_key": key, "fingerprint": "SHA256:x"} if key else {}
    step = {"code": "HOST_KEY", "place": f"{host}:2222", "status": "ok", "ms": 1, "found": found, "findings": []}
    made: CheckRun = CheckRun.objects.create(
        system=system,
        protocol="SFTP",
        trigger=Trigger.MANUAL,
        status=RunStatus.WARNING,
        target={"ssh_host": host, "ssh_port": 2222},
        steps=[step],
    )
    return made


def url(run: CheckRun) -> str:
    cvr = run.system.organisation.cvr_number
    return f"/o/{cvr}/systemer/{run.system_id}/kontroller/{run.pk}/noegle/"


def test_the_page_shows_the_fingerprint_and_asks(administrator: Any, system: System) -> None:
    page = administrator.get(url(run_of(system))).content.decode()
    assert pinned_key(KEY).fingerprint in page
    assert System.objects.get(pk=system.pk).pinned_host_key == ""


def test_confirming_keeps_the_key_and_tells_the_log(administrator: Any, system: System) -> None:
    run = run_of(system)
    response = administrator.post(url(run), {"version": system.version})
    system.refresh_from_db()
    assert (response.status_code, system.pinned_host_key, system.version) == (302, KEY, 2)
    event = Event.objects.get(tag="HOST_KEY_PINNED")
    assert (event.system_id, event.object_id) == (system.pk, system.pk)


def test_the_key_given_up_is_named(administrator: Any, system: System) -> None:
    System.objects.filter(pk=system.pk).update(pinned_host_key="ssh-ed25519 QUJD")
    page = administrator.get(url(run_of(system))).content.decode()
    assert f"Den hidtil bekræftede nøgle, {pinned_key('ssh-ed25519 QUJD').fingerprint}, opgives." in page


def test_somebody_saved_the_system_meanwhile(administrator: Any, system: System) -> None:
    run = run_of(system)
    System.objects.filter(pk=system.pk).update(version=7)
    administrator.post(url(run), {"version": 1})
    assert System.objects.get(pk=system.pk).pinned_host_key == ""


def test_a_key_of_another_server_than_the_present_one_cannot_be_confirmed(administrator: Any, system: System) -> None:
    for run in (run_of(system, host="anden.example"), run_of(system, key="")):
        assert administrator.get(url(run)).status_code == 404
        administrator.post(url(run), {"version": system.version})
        assert System.objects.get(pk=system.pk).pinned_host_key == ""


@pytest.mark.parametrize(("role", "status"), [(Role.READER, 403), (Role.CONTACT_ADMINISTRATOR, 403)])
def test_colleagues_without_the_role(system: System, organisation: Organisation, role: Role, status: int) -> None:
    client = client_for(user_with(role, organisation=organisation))
    assert client.post(url(run_of(system)), {"version": 1}).status_code == status


def test_strangers(system: System) -> None:
    stranger = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisations.organisation()))
    assert stranger.get(url(run_of(system))).status_code == 404

"""Beginning a check by the button."""

import uuid
from typing import Any

import pytest

from organisations.models import Organisation
from systems.check_limits import PER_HOST
from systems.models import CheckRun, System
from tests.factories import organisations, systems
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return organisations.organisation()


@pytest.fixture
def system(organisation: Organisation) -> System:
    return systems.system(organisation=organisation)


def url(system: System, **changed: Any) -> str:
    return f"/o/{system.organisation.cvr_number}/systemer/{changed.get('pk', system.pk)}/kontroller/ny/"


def administrator(organisation: Organisation, **fields: Any) -> Any:
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation, **fields))


def test_the_button_begins_a_check_and_shows_it(
    system: System, organisation: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    client = administrator(organisation)
    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(url(system))
    run = CheckRun.objects.get()
    assert response.status_code == 302
    assert response.url == f"/o/{organisation.cvr_number}/systemer/{system.pk}/kontroller/{run.pk}/"
    assert (run.system_id, run.trigger, run.status, len(callbacks)) == (system.pk, "MANUAL", "QUEUED", 1)


def test_a_second_click_shows_the_same_check(system: System, organisation: Organisation) -> None:
    client = administrator(organisation)
    assert client.post(url(system)).url == client.post(url(system)).url
    assert CheckRun.objects.count() == 1


def test_too_many_checks_are_refused_in_words(system: System, organisation: Organisation) -> None:
    client = administrator(organisation)
    for _ in range(PER_HOST):
        client.post(url(system))
        CheckRun.objects.update(status="FAILED")
    response = client.post(url(system), follow=False)
    assert (response.status_code, response.url) == (302, f"/o/{organisation.cvr_number}/systemer/{system.pk}/")
    assert CheckRun.objects.count() == PER_HOST
    assert [message.level_tag for message in response.wsgi_request._messages] == ["warning"]


def test_looking_is_not_asking(system: System, organisation: Organisation) -> None:
    assert administrator(organisation).get(url(system)).status_code == 405


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ORGANISATION_ADMINISTRATOR, 302),
        (Role.CONTACT_ADMINISTRATOR, 403),
        (Role.READER, 403),
        (Role.ORGANISATION_USER_ADMINISTRATOR, 403),
    ],
)
def test_who_may(system: System, organisation: Organisation, role: Role, status: int) -> None:
    client = client_for(user_with(role, organisation=organisation))
    assert client.post(url(system)).status_code == status


def test_strangers_and_unknown_systems_look_alike(system: System, organisation: Organisation) -> None:
    stranger = administrator(organisations.organisation())
    assert stranger.post(url(system)).status_code == 404
    assert administrator(organisation).post(url(system, pk=uuid.uuid4())).status_code == 404
    assert client_for(None).post(url(system)).status_code == 302
    assert CheckRun.objects.count() == 0


def test_a_grant_for_one_system_reaches_that_one_alone(system: System, organisation: Organisation) -> None:
    other = systems.system(organisation=organisation)
    vendor = administrator(organisation, system_id=system.pk)
    assert (vendor.post(url(system)).status_code, vendor.post(url(other)).status_code) == (302, 404)

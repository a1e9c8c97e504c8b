"""Taking the leave for a test back, by its button."""

import pytest
from django.utils import timezone

from systems.models import AllowedProbe, Protocol, System
from tests.factories.organisations import client_for
from tests.factories.systems import system
from tests.systems.people import CHANGE, everybody, owner_client
from tests.systems.test_system_probe_allow import page, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def sftp() -> System:
    made = system(protocol=Protocol.SFTP, sftp_host="sftp.example")
    for probe in ("LOGIN", "WRITE"):
        AllowedProbe.objects.create(system=made, probe=probe, allowed=timezone.now())
    return made


def test_who_may(sftp: System) -> None:
    address = url(sftp, "write", "system_probe_withdraw")
    statuses = {who: client_for(user).post(address).status_code for who, user in everybody(sftp).items()}
    assert statuses == {who: 302 if status == 200 else status for who, status in CHANGE.items()}


def test_one_or_both_are_taken_back(sftp: System) -> None:
    client = owner_client(sftp)
    client.post(url(sftp, "write", "system_probe_withdraw"))
    assert list(AllowedProbe.objects.values_list("probe", flat=True)) == ["LOGIN"]
    client.post(url(sftp, "login", "system_probe_withdraw"))
    assert AllowedProbe.objects.count() == 0
    assert "Ikke længere tilladt: Log på og se i mappen." in page(client, sftp)

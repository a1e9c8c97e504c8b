"""Allowing a test at the system, by its button."""

from typing import Any

import pytest
from django.urls import reverse

from systems.models import AllowedProbe, Protocol, System
from tests.factories.organisations import client_for
from tests.factories.systems import system
from tests.systems.people import CHANGE, everybody, owner_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def sftp() -> System:
    return system(protocol=Protocol.SFTP, sftp_host="sftp.example")


def url(of: System, probe: str = "login", name: str = "system_probe_allow") -> str:
    return reverse(name, args=[of.organisation.cvr_number, of.pk, probe])


def page(client: Any, of: System) -> str:
    return client.get(reverse("system", args=[of.organisation.cvr_number, of.pk])).content.decode()


def test_who_may(sftp: System) -> None:
    statuses = {who: client_for(user).post(url(sftp)).status_code for who, user in everybody(sftp).items()}
    assert statuses == {who: 302 if status == 200 else status for who, status in CHANGE.items()}


def test_it_is_no_link(sftp: System) -> None:
    assert owner_client(sftp).get(url(sftp)).status_code == 405


def test_the_key_is_shown_once_the_sign_in_is_allowed(sftp: System) -> None:
    client = owner_client(sftp)
    before = page(client, sftp)
    response = client.post(url(sftp))
    after = page(client, sftp)
    assert response.url == f"/o/{sftp.organisation.cvr_number}/systemer/{sftp.pk}/#probes"
    assert ("ssh-ed25519 " in before, "ssh-ed25519 " in after, "PRIVATE" in after) == (False, True, False)
    assert "Giv først lov til at logge på." in before
    assert url(sftp, "write") in after


def test_what_is_refused_is_said(sftp: System) -> None:
    client = owner_client(sftp)
    client.post(url(sftp, "write"))
    assert "Uden login kan der ikke skrives." in page(client, sftp)
    assert AllowedProbe.objects.count() == 0


def test_an_unknown_test_is_not_found(sftp: System) -> None:
    assert owner_client(sftp).post(url(sftp, "slet")).status_code == 404


def test_readers_see_what_is_allowed_and_no_buttons(sftp: System) -> None:
    owner_client(sftp).post(url(sftp))
    shown = page(client_for(everybody(sftp)["reader"]), sftp)
    assert "Prøver med jeres tilladelse" in shown
    assert "/proever/" not in shown

"""Who may see which page of a system."""

import pytest

from tests.factories.organisations import client_for
from tests.factories.systems import system
from tests.systems.people import CHANGE, READ, WHOLE_ORGANISATION, everybody, statuses

pytestmark = pytest.mark.django_db

CHANGING = [
    "system_edit",
    "system_protocol",
    "system_addresses",
    "system_delete",
    "system_activate",
    "system_deactivate",
    "system_default",
    "system_confirm",
    "system_confirm_withdraw",
    "system_certificate",
    "system_certificate_remove",
    "system_certificate_restore",
    "system_next_certificate_remove",
    "system_ssh_key",
    "system_ssh_key_remove",
    "system_token",
]


def test_system() -> None:
    assert statuses(system(), "system") == READ


@pytest.mark.parametrize("name", CHANGING)
def test_pages_that_change(name: str) -> None:
    assert statuses(system(), name) == CHANGE


def test_copy_makes_another_system_which_a_grant_for_one_does_not_allow() -> None:
    assert statuses(system(), "system_copy") == WHOLE_ORGANISATION


@pytest.mark.parametrize("name", ["system", "system_copy", *CHANGING])
def test_nobody_signed_in(name: str) -> None:
    one = system()
    response = client_for(None).get(f"/o/{one.organisation.cvr_number}/systemer/{one.pk}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/log-ind/")


@pytest.mark.parametrize("name", ["system", *CHANGING])
def test_a_system_of_another_organisation_is_not_found_under_ones_own(name: str) -> None:
    ours, theirs = system(), system()
    people = {"owner": everybody(ours)["owner"]}
    assert statuses(ours, name, theirs.pk, people=people) == {"owner": 404}

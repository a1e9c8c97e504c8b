"""Who may see which page of a system."""

import pytest
from django.urls import reverse

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
    "system_confirm",
    "system_confirm_withdraw",
    "system_certificate",
    "system_certificate_remove",
    "system_certificate_restore",
    "system_next_certificate_remove",
    "system_ssh_key",
    "system_ssh_key_remove",
    "system_next_ssh_key_remove",
    "system_token",
]


def test_system() -> None:
    assert statuses(system(), "system") == READ


@pytest.mark.parametrize("name", CHANGING)
def test_pages_that_change(name: str) -> None:
    assert statuses(system(), name) == CHANGE


# A copy is another system, and the mark of the default is taken from another.
OF_OTHERS_TOO = ["system_copy", "system_default"]


@pytest.mark.parametrize("name", OF_OTHERS_TOO)
def test_what_concerns_other_systems_a_grant_for_one_does_not_allow(name: str) -> None:
    assert statuses(system(), name) == WHOLE_ORGANISATION


def test_a_vendor_is_not_offered_to_make_its_system_the_default() -> None:
    one = system()
    people = everybody(one)
    page, link = (reverse(name, args=[one.organisation.cvr_number, one.pk]) for name in ("system", "system_default"))
    offered = {who: link in client_for(people[who]).get(page).content.decode() for who in ("owner", "vendor")}
    assert offered == {"owner": True, "vendor": False}


@pytest.mark.parametrize("name", ["system", *OF_OTHERS_TOO, *CHANGING])
def test_nobody_signed_in(name: str) -> None:
    one = system()
    response = client_for(None).get(reverse(name, args=[one.organisation.cvr_number, one.pk]))
    assert response.status_code == 302
    assert response["Location"].startswith("/log-ind/")


@pytest.mark.parametrize("name", ["system", *OF_OTHERS_TOO, *CHANGING])
def test_a_system_of_another_organisation_is_not_found_under_ones_own(name: str) -> None:
    ours, theirs = system(), system()
    people = {"owner": everybody(ours)["owner"]}
    assert statuses(ours, name, theirs.pk, people=people) == {"owner": 404}

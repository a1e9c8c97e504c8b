"""Deleting a system, and being told why that is impossible."""

import pytest
from django.urls import reverse

from systems.models import System
from tests.factories.organisations import Role, client_for, user_with
from tests.factories.systems import system
from tests.systems.logged import tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System) -> str:
    return reverse("system_delete", args=[one.organisation.cvr_number, one.pk])


def test_it_asks_first_and_says_what_happens():
    one = system(active=True, is_default_recipient=True)
    response = owner_client(one).get(url(one))
    html = response.content.decode()
    assert "Det er standardmodtagersystemet, og myndigheden vil ikke have noget." in html
    assert "Systemet er i drift" in html
    assert System.objects.count() == 1


def test_deleting():
    one = system(name="Post ind")
    response = owner_client(one).post(url(one), {"version": 1}, follow=True)
    assert response.redirect_chain == [(reverse("systems", args=[one.organisation.cvr_number]), 302)]
    assert "Post ind er slettet." in response.content.decode()
    assert (System.objects.count(), tags(one.organisation)) == (0, ["SYSTEM_DELETED"])


def test_a_system_that_contact_points_use_is_not_deleted_and_they_are_listed(depended_on):
    one = system(name="Post ind")
    depended_on(one, "Borgerservice", "Teknik og Miljø")
    client = client_for(
        user_with(Role.ORGANISATION_ADMINISTRATOR, Role.CONTACT_ADMINISTRATOR, organisation=one.organisation)
    )
    for response, status in ((client.get(url(one)), 200), (client.post(url(one), {"version": 1}), 409)):
        html = response.content.decode()
        assert response.status_code == status
        assert "Post ind kan ikke slettes" in html
        assert "Borgerservice" in html
        assert "Teknik og Miljø" in html
        assert 'href="/punkter/flyt/"' in html
    assert System.objects.count() == 1


@pytest.mark.parametrize("version", ["", "0", "99", "nonsense", "9" * 30])
def test_a_stale_or_nonsensical_version_deletes_nothing(version):
    one = system()
    response = owner_client(one).post(url(one), {"version": version}, follow=True)
    assert response.redirect_chain == [(url(one), 302)]
    assert "En anden ændrede systemet, mens I læste" in response.content.decode()
    assert (System.objects.count(), tags(one.organisation)) == (1, [])

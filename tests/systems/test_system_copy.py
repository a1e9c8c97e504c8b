"""Copying a system."""

import pytest
from django.urls import reverse

from systems.models import System
from tests.factories.systems import system
from tests.systems.logged import payload
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System) -> str:
    return reverse("system_copy", args=[one.organisation.cvr_number, one.pk])


def test_a_name_is_proposed():
    one = system(name="Post ind")
    assert owner_client(one).get(url(one)).context["form"]["name"].value() == "Post ind (kopi)"


def test_the_copy():
    one = system(name="Post ind", networks=("192.0.2.1",), active=True)
    response = owner_client(one).post(url(one), {"name": "Post to"})
    made = System.objects.get(name="Post to")
    assert response["Location"] == reverse("system", args=[one.organisation.cvr_number, made.pk])
    assert (made.endpoint, made.active_from) == (one.endpoint, None)
    assert [allowed.network for allowed in made.allowed_ips.all()] == ["192.0.2.1"]
    assert payload(one.organisation, "SYSTEM_CREATED")["reason"] == "Kopi af Post ind"


def test_a_name_in_use():
    one = system(name="Post ind")
    response = owner_client(one).post(url(one), {"name": "post IND"})
    assert response.context["form"].errors == {
        "name": ["Et andet af myndighedens systemer har det navn. Vælg et andet."]
    }
    assert System.objects.count() == 1

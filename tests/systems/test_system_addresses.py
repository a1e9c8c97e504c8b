"""Changing the addresses a system calls from."""

import pytest
from django.urls import reverse

from systems.models import AllowedIp, System
from tests.factories.systems import reread, system
from tests.systems.logged import changed, tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System) -> str:
    return reverse("system_addresses", args=[one.organisation.cvr_number, one.pk])


def networks(one: System) -> list[str]:
    return list(AllowedIp.objects.filter(system=one).values_list("network", flat=True))


def test_they_stand_one_a_line():
    one = system(networks=("192.0.2.1", "192.0.2.16/28"))
    html = owner_client(one).get(url(one)).content.decode()
    assert "192.0.2.1\n192.0.2.16/28</textarea>" in html


def test_saving():
    one = system(networks=("192.0.2.1",))
    response = owner_client(one).post(url(one), {"version": 1, "networks": "192.0.2.1, 198.51.100.0/28"})
    assert response.status_code == 302
    assert (networks(one), reread(one).version) == (["192.0.2.1", "198.51.100.0/28"], 2)
    assert changed(one.organisation, "SYSTEM_CHANGED") == {
        "allowed_ips": (["192.0.2.1"], ["192.0.2.1", "198.51.100.0/28"])
    }


def test_emptying():
    one = system(networks=("192.0.2.1",))
    owner_client(one).post(url(one), {"version": 1, "networks": ""})
    assert networks(one) == []


def test_a_range_of_more_than_32_addresses_is_refused_and_what_was_typed_stays():
    one = system(networks=("192.0.2.1",))
    response = owner_client(one).post(url(one), {"version": 1, "networks": "192.0.2.0/26\nnoget"})
    assert response.context["form"].errors["networks"] == [
        "192.0.2.0/26 dækker 64 adresser; et område må højst dække 32 (/27 i IPv4, /123 i IPv6).",
        "»noget« er hverken en adresse eller et område som 192.0.2.0/28.",
    ]
    assert "192.0.2.0/26\nnoget</textarea>" in response.content.decode()
    assert (networks(one), tags(one.organisation)) == (["192.0.2.1"], [])


def test_two_who_save():
    one = system(networks=("192.0.2.1",))
    System.objects.filter(pk=one.pk).update(version=2)
    response = owner_client(one).post(url(one), {"version": 1, "networks": "9.9.9.9"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "192.0.2.1" in html
    assert "9.9.9.9" in html
    assert networks(one) == ["192.0.2.1"]

"""Making a system the default recipient, and confirming a connection by hand, on the pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from systems.models import System
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.logged import payload, tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System, name: str = "system_default") -> str:
    return reverse(name, args=[one.organisation.cvr_number, one.pk])


def test_it_asks_first_and_names_the_present_one():
    org = organisation()
    system(organisation=org, name="Det gamle", is_default_recipient=True)
    new = system(organisation=org)
    html = owner_client(new).get(url(new)).content.decode()
    assert "Det gamle er ikke længere standard." in html
    assert "Systemet er ikke i drift endnu" in html
    assert tags(org) == []


def test_making_it_the_default():
    org = organisation()
    old, new = system(organisation=org, is_default_recipient=True), system(organisation=org, name="Det nye")
    response = owner_client(new).post(url(new), {"version": 1}, follow=True)
    assert "Det nye er standardmodtagersystem." in response.content.decode()
    assert [reread(one).is_default_recipient for one in (old, new)] == [False, True]


def test_a_sender_is_refused():
    one = system(is_sender=True, name="Brevmotor")
    response = owner_client(one).post(url(one), {"version": 1}, follow=True)
    assert "Brevmotor modtager ikke meddelelser" in response.content.decode()
    assert not reread(one).is_default_recipient


def test_somebody_changed_it_meanwhile():
    one = system()
    System.objects.filter(pk=one.pk).update(version=2)
    response = owner_client(one).post(url(one), {"version": 1}, follow=True)
    assert response.redirect_chain == [(url(one), 302)]
    assert not reread(one).is_default_recipient


def test_a_system_deleted_meanwhile_sends_to_the_list(monkeypatch):
    one = system()
    client = owner_client(one)
    System.objects.filter(pk=one.pk).delete()
    assert client.post(url(one), {"version": 1}).status_code == 404


def test_confirming_needs_a_reason():
    org = organisation()
    one = system(organisation=org, active=True, certificate=certificates.certificate(organisation=org))
    client = owner_client(one)
    response = client.post(url(one, "system_confirm"), {"reason": " "})
    assert response.context["form"].errors == {"reason": ["Udfyld: Begrundelse"]}
    assert reread(one).health.confirmed is None
    client.post(url(one, "system_confirm"), {"reason": "Post er modtaget i dag."})
    health = reread(one).health
    assert (health.confirmed_by.name, health.confirmed_reason) == ("Kim Prøvesen", "Post er modtaget i dag.")
    assert payload(org, "SYSTEM_CONFIRMED")["reason"] == "Post er modtaget i dag."


def test_taking_it_back():
    one = system(health={"confirmed": timezone.now(), "confirmed_reason": "Fordi"})
    client = owner_client(one)
    client.get(url(one, "system_confirm_withdraw"))
    assert reread(one).health.confirmed is not None
    client.post(url(one, "system_confirm_withdraw"))
    assert reread(one).health.confirmed is None
    response = client.post(url(one, "system_confirm_withdraw"), follow=True)
    assert "Ingen har bekræftet forbindelsen." in response.content.decode()

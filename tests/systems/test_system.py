"""A system's page."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.callers import Caller
from systems import api_tokens
from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user, user_with
from tests.factories.systems import reread, system
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db
ID = uuid.UUID("6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11")


def page(one: System, role: Role = Role.ORGANISATION_ADMINISTRATOR):
    client = client_for(user_with(role, organisation=one.organisation))
    return client.get(reverse("system", args=[one.organisation.cvr_number, one.pk]))


def html(one: System, role: Role = Role.ORGANISATION_ADMINISTRATOR) -> str:
    return " ".join(page(one, role).content.decode().split())


def test_what_is_missing_is_named_with_the_way_to_mend_it():
    one = system(protocol=Protocol.REST_PULL)
    lines = page(one).context["page"].lacking
    cvr = one.organisation.cvr_number
    assert [(line.found.code, line.url) for line in lines] == [
        ("system.token_missing", f"/o/{cvr}/systemer/{one.pk}/token/"),
        ("system.certificate_missing", f"/o/{cvr}/systemer/{one.pk}/certifikat/"),
    ]


def test_a_reader_is_told_the_same_but_offered_nothing():
    one = system(protocol=Protocol.REST_PULL)
    assert [line.url for line in page(one, Role.READER).context["page"].lacking] == ["", ""]
    read, change = html(one, Role.READER), html(one)
    for name in ("system_edit", "system_token", "system_delete", "system_activate", "system_addresses"):
        url = reverse(name, args=[one.organisation.cvr_number, one.pk])
        assert (url in read, url in change) == (False, True)


def test_a_vendor_may_change_its_system_but_not_copy_it():
    one = system()
    vendor = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=one.organisation, system_id=one.pk)
    cvr = one.organisation.cvr_number
    content = client_for(vendor).get(reverse("system", args=[cvr, one.pk])).content.decode()
    assert reverse("system_edit", args=[cvr, one.pk]) in content
    assert reverse("system_copy", args=[cvr, one.pk]) not in content
    assert reverse("system_copy", args=[cvr, one.pk]) in html(one)


def test_the_id_in_digital_post_is_named_after_its_environment(settings):
    one = system(registry_id=ID)
    assert "ID i Digital Post – TEST" in html(one)
    settings.ADGANG_ENVIRONMENT = "production"
    assert "ID i Digital Post – PRODUKTION" in html(one)
    assert str(ID) in html(one)


def test_without_it_ours_is_provisional():
    one = system()
    assert "Foreløbigt ID – brug det ikke i breve" in html(one)
    assert f'data-copy="{one.pk}"' in html(one)


def test_where_this_installation_is_the_registry_its_own_id_counts(settings):
    settings.ADGANG_IS_REGISTRY = True
    one = system(registry_id=ID)
    assert page(one).context["page"].registry_id == one.pk


def test_connected_and_how():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    at = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)
    one = system(organisation=org, active=True, certificate=certificate, health={"confirmed": at})
    one.health.confirmed_by, one.health.confirmed_reason = user(name="Anne Systemsen"), "Firewallen er lukket"
    one.health.save()
    text = html(one)
    assert "En person bekræftede det 23. november 2026 kl. 14.05." in text
    assert "Anne Systemsen bekræftede forbindelsen 23. november 2026 kl. 14.05: »Firewallen er lukket«" in text
    assert reverse("system_confirm_withdraw", args=[org.cvr_number, one.pk]) in text


def test_not_connected_and_why():
    assert "Ikke tilsluttet: det er ikke i drift." in html(system())


def test_dependants_with_the_way_to_move_them(depended_on):
    one = system()
    depended_on(one, *(f"Punkt {number:02}" for number in range(25)))
    client = client_for(
        user_with(Role.ORGANISATION_ADMINISTRATOR, Role.CONTACT_ADMINISTRATOR, organisation=one.organisation)
    )
    shown = client.get(reverse("system", args=[one.organisation.cvr_number, one.pk]))
    assert [one.name for one in shown.context["page"].shown_dependants] == [
        f"Punkt {number:02}" for number in range(20)
    ]
    assert shown.context["page"].further_dependants == 5
    assert 'href="/punkter/flyt/"' in shown.content.decode()
    assert 'href="/punkter/flyt/"' not in html(one)


def test_the_token_is_never_shown_again():
    one = system(protocol=Protocol.REST_PULL)
    token = api_tokens.renew(caller=Caller.command("test"), system=reread(one), version=1, at=timezone.now())
    assert token not in html(one)
    assert token[:6] in html(one)


def test_its_events_stand_on_it():
    one = system(protocol=Protocol.REST_PULL)
    api_tokens.renew(caller=Caller.command("test"), system=reread(one), version=1, at=timezone.now())
    assert "API-token fornyet" in html(one)


def test_what_is_typed_is_escaped():
    one = system(name="<script>alert(1)</script>", supplier="<b>x</b>")
    assert "<script>alert" not in html(one)
    assert "<b>x</b>" not in html(one)


def test_the_number_of_queries_does_not_grow_with_addresses_and_checks(django_assert_max_num_queries):
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    one = system(
        organisation=org,
        certificate=certificate,
        active=True,
        networks=tuple(f"198.51.100.{number}" for number in range(20)),
    )
    client = owner_client(one)
    with django_assert_max_num_queries(23):
        assert client.get(reverse("system", args=[org.cvr_number, one.pk])).status_code == 200

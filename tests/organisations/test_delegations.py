"""The pages on which an authority and its vendor give, pass on and take back roles."""

import re
import uuid

import pytest
from django.urls import reverse

from adgang.lib import slots
from organisations.models import Privilege, UserGroup
from tests.factories import systems
from tests.factories.organisations import Role, client_for, employ, grant, organisation, user, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db
SYSTEMS = Role.ORGANISATION_ADMINISTRATOR


class World:
    def __init__(self):
        self.authority, self.vendor = organisation(name="Skovby Kommune"), organisation(name="Påfund IT A/S")
        self.boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=self.authority)
        self.theirs = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=self.vendor, name="Viola")
        self.person = user(name="Levi")
        employ(user=self.person, organisation=self.vendor)

    def url(self, name, org, privilege=None):
        return reverse(name, args=[org.cvr_number, *([privilege.pk] if privilege else [])])

    def page(self, person, org):
        return text(client_for(person).get(self.url("delegations", org)))


@pytest.fixture
def world():
    return World()


def test_a_vendor_is_given_a_role_and_passes_it_on(world):
    client = client_for(world.boss)
    response = client.post(
        world.url("delegation_create", world.authority), {"cvr": world.vendor.cvr_number, "role": SYSTEMS}
    )
    assert toasts(response) == ["Påfund IT A/S er nu Systemadministrator og giver rollen videre til sine egne."]
    parent = Privilege.objects.get(delegate=world.vendor)
    assert "Givet videre til ingen endnu" in world.page(world.theirs, world.vendor)
    theirs = client_for(world.theirs)
    response = theirs.post(
        world.url("delegation_pass_on", world.vendor, parent), {"to": f"user-{world.person.pk}", "ends": "01-02-2099"}
    )
    assert toasts(response) == ["Levi er nu Systemadministrator for Skovby Kommune."]
    assert "Levi" in world.page(world.theirs, world.vendor)
    assert "1 person eller gruppe" in world.page(world.boss, world.authority)
    assert "Levi" not in world.page(world.boss, world.authority)
    assert "Levi" not in text(client.get(reverse("people", args=[world.authority.cvr_number])))


def test_passing_on_to_a_group_for_one_system(world):
    system = systems.system(organisation=world.authority)
    parent = grant(delegate=world.vendor, role=SYSTEMS, organisation=world.authority)
    group = UserGroup.objects.create(organisation=world.vendor, name="Vagt")
    client_for(world.theirs).post(
        world.url("delegation_pass_on", world.vendor, parent), {"to": f"group-{group.pk}", "system": str(system.pk)}
    )
    child = Privilege.objects.get(group=group)
    assert (child.parent, child.system_id) == (parent, system.pk)


def test_a_system_that_names_its_vendor_offers_the_role(world):
    system = systems.system(organisation=world.authority, name="Lønsystem", delegated_cvr=world.vendor.cvr_number)
    shown = client_for(world.boss).get(world.url("delegations", world.authority))
    assert "Påfund IT A/S driver Lønsystem, men har ingen rolle til det" in text(shown)
    offered = f"?cvr={world.vendor.cvr_number}&amp;system={system.pk}"
    assert offered in shown.content.decode()
    form = client_for(world.boss).get(world.url("delegation_create", world.authority) + offered.replace("amp;", ""))
    assert form.context["form"]["cvr"].value() == world.vendor.cvr_number
    grant(delegate=world.vendor, role=SYSTEMS, organisation=world.authority, system_id=system.pk)
    assert "driver Lønsystem" not in world.page(world.boss, world.authority)


def test_what_cannot_be_given_is_not_offered_and_not_taken(world):
    client, url = client_for(world.boss), world.url("delegation_create", world.authority)
    offered = dict(client.get(url).context["form"].fields["role"].choices)
    assert "ORGANISATION_USER_ADMINISTRATOR" not in offered
    wrong = {"cvr": world.vendor.cvr_number, "role": "ORGANISATION_USER_ADMINISTRATOR"}
    assert len(faults(client.post(url, wrong))) == 1
    assert faults(client.post(url, {"cvr": "12345678", "role": SYSTEMS})) == [
        "Ingen organisation med dette CVR-nummer er registreret her. Spørg driften."
    ]
    own = faults(client.post(url, {"cvr": world.authority.cvr_number, "role": SYSTEMS}))
    assert own[0].startswith("En rolle fra en anden organisation kan kun gives videre")


def test_the_chain_ends_from_either_side(world):
    for side, name in ((world.boss, "role_revoke"), (world.theirs, "delegation_return")):
        parent = grant(delegate=world.vendor, role=SYSTEMS, organisation=world.authority)
        grant(user=world.person, role=SYSTEMS, organisation=world.authority, parent=parent)
        org = world.authority if name == "role_revoke" else world.vendor
        client = client_for(side)
        assert client.get(world.url(name, org, parent)).status_code == 200
        assert Privilege.objects.filter(pk=parent.pk).exists()
        assert client.post(world.url(name, org, parent)).url == world.url("delegations", org)
        assert not Privilege.objects.filter(type=SYSTEMS).exists()


def test_one_person_is_taken_out_by_the_vendor(world):
    parent = grant(delegate=world.vendor, role=SYSTEMS, organisation=world.authority)
    child = grant(user=world.person, role=SYSTEMS, organisation=world.authority, parent=parent)
    client_for(world.theirs).post(world.url("delegation_withdraw", world.vendor, child))
    assert list(Privilege.objects.filter(type=SYSTEMS)) == [parent]


def test_nobody_reaches_the_others_side(world):
    parent = grant(delegate=world.vendor, role=SYSTEMS, organisation=world.authority)
    boss, theirs = client_for(world.boss), client_for(world.theirs)
    assert boss.get(world.url("delegation_pass_on", world.vendor, parent)).status_code == 404
    assert boss.get(world.url("delegation_return", world.authority, parent)).status_code == 404
    assert theirs.get(world.url("role_revoke", world.vendor, parent)).status_code == 404
    reader = user_with(Role.READER, organisation=world.vendor)
    assert client_for(reader).get(world.url("delegations", world.vendor)).status_code == 200
    assert client_for(reader).get(world.url("delegation_pass_on", world.vendor, parent)).status_code == 403


def test_the_page_costs_the_same_for_many(world, django_assert_num_queries):
    client, url = client_for(world.theirs), world.url("delegations", world.vendor)

    def delegated():
        parent = grant(delegate=world.vendor, role=SYSTEMS, organisation=organisation(), system_id=uuid.uuid4())
        grant(user=world.person, role=SYSTEMS, organisation=parent.scope, parent=parent, system_id=parent.system_id)

    delegated()
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)
    for _ in range(5):
        delegated()
    with django_assert_num_queries(9):
        client.get(url)


def test_the_slots_for_it_are_filled():
    assert slots.fillings("vendor_systems")
    assert slots.fillings("system_names")


def test_a_vendor_asks_from_the_page(world):
    client = client_for(world.theirs)
    page = client.get(world.url("delegations", world.vendor)).content.decode()
    link = f"/anmodninger/ny/?kind=APPOINTED_DELEGATION_REQUEST&amp;vendor={world.vendor.cvr_number}"
    assert link in page
    begun = client.get(link.replace("&amp;", "&")).content.decode()
    assert f'<option value="{world.vendor.cvr_number}" selected>' in begun
    assert re.search(r'value="APPOINTED_DELEGATION_REQUEST"[^>]* checked', begun)

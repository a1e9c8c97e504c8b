"""Roles and groups of people by API, as the registry's generated clients call it."""

import datetime as dt

import pytest
from django.utils import timezone

from organisations.models import Event, GroupMember, Privilege, UserGroup
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read, refused, shape
from tests.factories.organisations import Role, employ, grant, organisation, user, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db

DIRECT, ONE = "POST privileges/direct/", "DELETE privileges/direct/{id}"
GROUP, GROUPS = "identity-groups/{id}", "identity-groups/"
MEMBER, MEMBERS = "identity-groups/{identityGroupId}/grantees/{id}", "identity-groups/{identityGroupId}/grantees/"
ROLE, ROLES = "identity-groups/{identityGroupId}/privileges/{id}", "identity-groups/{identityGroupId}/privileges/"


@pytest.fixture
def own():
    made = organisation()
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=made)
    return made


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.ORGANISATION_USER_ADMINISTRATOR))


@pytest.fixture
def colleague(own):
    made = user()
    employ(user=made, organisation=own)
    return made


def wish(own, who, **values):
    """Return a role as a client asks for it."""
    said = {"granteeId": str(who.pk), "issuerId": str(own.pk), "scopeId": str(own.pk), "source": "SELF_SERVICE"}
    return shape("DirectPrivilege") | said | {"type": "ORGANISATION_ADMINISTRATOR"} | values


def test_a_role_is_given_and_taken(caller, own, colleague):
    end = (timezone.now() + dt.timedelta(days=9)).replace(microsecond=0)
    made = read(
        DIRECT, caller.send("POST", "privileges/direct/", wish(own, colleague, activeToDateTime=end.isoformat()))
    )
    held = Privilege.objects.get(user=colleague)
    assert (made["id"], made["granteeId"], made["scopeId"]) == (str(held.pk), str(colleague.pk), str(own.pk))
    assert held.active_to == end
    again = caller.send("POST", "privileges/direct/", wish(own, colleague))
    assert (again.status_code, refused(DIRECT, again)["code"]) == (409, "privilege.held")
    path = f"privileges/direct/{held.pk}"
    body = {"issuerId": str(own.pk)}
    for version, status in ((None, 400), (2, 409), (1, 204), (1, 404)):
        assert caller.send("DELETE", path, body, version=version).status_code == status
    assert not Privilege.objects.filter(user=colleague).exists()


def test_a_role_for_one_system(caller, own, colleague):
    only = system(organisation=own)
    made = read(DIRECT, caller.send("POST", "privileges/direct/", wish(own, colleague, scopeId=str(only.pk))))
    assert made["scopeId"] == str(only.pk)
    assert Privilege.objects.get(user=colleague).system_id == only.pk


def test_another_organisation_gets_a_role_and_passes_it_on(caller, own):
    vendor = organisation()
    person = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=vendor)
    employ(user=person, organisation=vendor)
    parent = read(DIRECT, caller.send("POST", "privileges/direct/", wish(own, vendor)))
    assert parent["source"] == "APPOINTED"
    theirs = Caller.bearing(token_of(vendor, Role.ORGANISATION_USER_ADMINISTRATOR))
    onward = wish(own, person, parentPrivilegeId=parent["id"])
    child = read(DIRECT, theirs.send("POST", "privileges/direct/", onward))
    assert child["parentPrivilegeId"] == parent["id"]
    assert caller.send("DELETE", f"privileges/direct/{parent['id']}", {}, version=1).status_code == 204
    assert not Privilege.objects.filter(pk=child["id"]).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"type": "UNKNOWN"}, "type"),
        ({"type": "CITIZEN"}, "type"),
        ({"type": "SYSTEM_MANAGER"}, "type"),
        ({"type": "READER"}, "type"),
        ({"scopeId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "scopeId"),
        ({"granteeId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "granteeId"),
        ({"parentPrivilegeId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "parentPrivilegeId"),
        ({"activeToDateTime": "2020-01-01T00:00:00+01:00"}, "type"),
    ],
)
def test_what_cannot_be_given_is_named(caller, own, colleague, values, field):
    response = caller.send("POST", "privileges/direct/", wish(own, colleague, **values))
    assert response.status_code == 400
    assert refused(DIRECT, response)["fieldErrors"][0]["field"] == field


def test_many_at_once_or_none(caller, own, colleague):
    other = user_with(Role.CONTACT_ADMINISTRATOR, organisation=own)
    old = Privilege.objects.get(user=other)
    add = wish(own, colleague) | {"transactionId": None}
    bad = wish(own, colleague, type="SYSTEM_MANAGER")
    remove = {"id": str(old.pk), "version": 1, "issuerId": str(own.pk)}
    operation = "POST privileges/direct/bulk"
    wrong = caller.send(
        "POST", "privileges/direct/bulk", {"privilegesToAdd": [add, bad], "privilegesToRemove": [remove]}
    )
    assert wrong.status_code == 400
    assert Privilege.objects.filter(pk=old.pk).exists()
    assert not Privilege.objects.filter(user=colleague).exists()
    response = caller.send("POST", "privileges/direct/bulk", {"privilegesToAdd": [add], "privilegesToRemove": [remove]})
    (made,) = read(operation, response)
    assert made["granteeId"] == str(colleague.pk)
    assert not Privilege.objects.filter(pk=old.pk).exists()
    many = {"privilegesToAdd": [add] * 101, "privilegesToRemove": None}
    assert caller.send("POST", "privileges/direct/bulk", many).status_code in (400, 409)


def test_the_last_user_administrator_stays(caller, own):
    last = Privilege.objects.get(scope=own, user__isnull=False)
    response = caller.send("DELETE", f"privileges/direct/{last.pk}", {}, version=1)
    assert (response.status_code, refused(ONE, response)["code"]) == (409, "privilege.last_user_administrator")


def test_roles_of_a_person_without_those_that_the_registry_does_not_know(caller, own, colleague):
    for role in (Role.READER, Role.CONTACT_ADMINISTRATOR):
        grant(user=colleague, role=role, organisation=own)
    grant(user=colleague, role=Role.RECALL_ADMINISTRATOR, organisation=organisation())
    operation = "GET privileges/direct/grantee/{identityId}"
    path = f"privileges/direct/grantee/{colleague.pk}"
    found = read(operation, caller.get(path))["directPrivileges"]
    assert [one["type"] for one in found] == ["CONTACT_ADMINISTRATOR"]
    assert caller.get(path, type="SUPPORT,CONTACT_ADMINISTRATOR").json()["totalElements"] == 1
    assert caller.get(path, issuer=str(own.pk)).json()["totalElements"] == 1
    assert caller.get(path, scope="x").status_code == 400


def test_types_that_one_may_give(caller, own):
    types = read("GET privilege-types/", caller.get("privilege-types/", scopeIdentityId=str(own.pk)))
    assert "ORGANISATION_ADMINISTRATOR" in types
    assert not {"READER", "LETTER_ADMINISTRATOR", "SYSTEM_MANAGER"} & set(types)
    assert caller.get("privilege-types/", scopeIdentityId=str(organisation().pk)).status_code == 404
    assert caller.get("privilege-types/", scopeIdentityId="x").status_code == 400
    assert Caller.bearing(token_of(own, Role.READER)).get("privilege-types/").json() == []


def test_a_group_with_members_and_roles(caller, own, colleague):
    body = shape("IdentityGroup") | {"name": "Driften", "ownerId": str(own.pk)}
    made = read(f"POST {GROUPS}", caller.send("POST", "identity-groups/", body))
    assert made["type"] == "MANUAL"
    assert caller.send("POST", "identity-groups/", body).status_code == 409
    path = f"identity-groups/{made['id']}"
    member = shape("Grantee") | {"identityId": str(colleague.pk), "issuerId": str(own.pk)}
    joined = read(f"POST {MEMBERS}", caller.send("POST", f"{path}/grantees/", member))
    assert caller.send("POST", f"{path}/grantees/", member).status_code == 409
    assert caller.send("POST", f"{path}/grantees/", member | {"identityId": made["id"]}).status_code == 400
    stays = caller.send("PUT", f"{path}/grantees/{joined['id']}", joined, version=1)
    assert read(f"PUT {MEMBER}", stays) == joined
    role = shape("IdentityPrivilege") | {
        "type": "CONTACT_ADMINISTRATOR",
        "scopeId": str(own.pk),
        "source": "SELF_SERVICE",
    }
    held = read(f"POST {ROLES}", caller.send("POST", f"{path}/privileges/", role))
    assert caller.send("POST", f"{path}/privileges/", role).status_code == 409
    end = (timezone.now() + dt.timedelta(days=9)).replace(microsecond=0).isoformat()
    changed = caller.send("PUT", f"{path}/privileges/{held['id']}", held | {"activeToDateTime": end}, version=1)
    assert read(f"PUT {ROLE}", changed)["version"] == 2
    fixed = caller.send("PUT", f"{path}/privileges/{held['id']}", role | {"type": "RECALL_ADMINISTRATOR"}, version=2)
    assert fixed.status_code == 400
    whole = read(f"GET {GROUP}", caller.get(path))
    assert [one["identityId"] for one in whole["grantees"]] == [str(colleague.pk)]
    assert [one["type"] for one in whole["privileges"]] == ["CONTACT_ADMINISTRATOR"]
    found = read(f"GET {GROUPS}", caller.get("identity-groups/", name="Drift*"))
    assert found["identityGroups"] == [whole]
    renamed = caller.send("PUT", path, whole | {"name": "Drift"}, version=whole["version"])
    assert read(f"PUT {GROUP}", renamed)["name"] == "Drift"
    assert len(read(f"GET {GROUP}", caller.get(path))["grantees"]) == 1
    assert caller.call("DELETE", f"{path}/privileges/{held['id']}", version=1).status_code == 409
    assert read(f"DELETE {ROLE}", caller.call("DELETE", f"{path}/privileges/{held['id']}", version=2)) is None
    assert read(f"DELETE {MEMBER}", caller.call("DELETE", f"{path}/grantees/{joined['id']}", version=1)) is None
    assert not GroupMember.objects.exists()
    version = caller.get(path).json()["version"]
    assert read(f"DELETE {GROUP}", caller.call("DELETE", path, version=version)) is None
    assert not UserGroup.objects.exists()


def test_strangers_and_readers(caller, own, colleague):
    group = UserGroup.objects.create(organisation=own, name="Driften")
    stranger = Caller.bearing(token_of(organisation(), Role.ORGANISATION_USER_ADMINISTRATOR))
    assert stranger.get(f"identity-groups/{group.pk}").status_code == 404
    assert stranger.get("identity-groups/").json()["totalElements"] == 0
    assert stranger.call("DELETE", f"identity-groups/{group.pk}", version=1).status_code == 404
    assert stranger.send("POST", "privileges/direct/", wish(own, colleague)).status_code == 400
    reader = Caller.bearing(token_of(own, Role.READER))
    assert reader.get(f"identity-groups/{group.pk}").status_code == 200
    assert reader.call("DELETE", f"identity-groups/{group.pk}", version=1).status_code == 403
    assert reader.send("POST", "privileges/direct/", wish(own, colleague)).status_code == 403
    assert Caller.bearing(token_of(own, Role.STATISTICS_ADMINISTRATOR)).get("identity-groups/").status_code == 403
    assert not Event.objects.filter(tag="PRIVILEGES_GRANTED").exists()

"""Every operation × every role × own, delegated and another organisation: equal to the role table, as with pages.

The getter and the rights of an operation are read from its first statement (`adgang.lib.api.operations.OPERATIONS`).
What is another's and what is not there at all cannot be told apart, neither by the answer nor by its cost.
"""

import uuid
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from adgang.lib.api.operations import OPERATIONS
from contacts.models import Draft
from organisations.models import Documentation, GroupMember, UserGroup
from organisations.models.access_request import RequestType
from organisations.rights import Right, roles
from systems.models import CheckRun, SenderSubscription
from tests.api.calling import Caller, token_of
from tests.factories import access_requests as cases
from tests.factories.certificates import certificate, ssh_key
from tests.factories.contacts import group, point
from tests.factories.letters import letter_type
from tests.factories.organisations import Role, employ, grant, organisation, user, user_with
from tests.factories.systems import batch, system

pytestmark = pytest.mark.django_db

get_resolver().url_patterns  # noqa: B018 – importing the URL configuration fills OPERATIONS

# What every caller may look up; its answers are held against each other in the tests of the resources.
OPEN = {"reader", "seen", "points_seen", "groups_seen"}
OF_ORGANISATIONS = [role for role in Role if not roles()[role].installation]
IDS = {
    "organisation": ("organisation_read", "organisation_change", "logo_read", "logo_change", "logo_delete"),
    "group": ("group_read", "group_change", "group_delete"),
    "point": ("point_read", "point_change", "point_delete"),
    "user_group": ("identity_group_read", "identity_group_change", "identity_group_delete"),
    "member": ("grantee_change", "grantee_remove"),
    "held": ("group_privilege_change", "group_privilege_take"),
    "privilege": ("privilege_take",),
    "subscription": ("subscription_change",),
    "request": ("access_request_read", "access_request_change", "access_request_delete"),
    "paper": ("documentation_read", "documentation_change"),
    "run": ("check_read",),
    "batch": ("check_batch_read",),
    "certificate": ("certificate_findings",),
    "key": ("ssh_key_findings",),
    "draft": ("draft_read", "draft_rename", "draft_discard", "draft_changes_read", "draft_change_make"),
    "decided": ("draft_conflicts_read", "draft_conflict_decide", "draft_publish_now"),
    "letter": ("letter_type_read", "letter_type_change", "letter_type_remove"),
}
KIND = {name: kind for kind, names in IDS.items() for name in names}


def things() -> dict[str, object]:
    """Return an organisation with one of everything, by the kinds that paths name."""
    made = organisation()
    top, registered = group(organisation=made), system(organisation=made)
    people = UserGroup.objects.create(organisation=made, name="Driften")
    person = user()
    employ(user=person, organisation=made)
    case = cases.submitted(RequestType.PRIVILEGE_REQUEST, organisation=made)
    return {
        "organisation": made,
        "system": registered,
        "subscription": SenderSubscription.objects.create(system=registered),
        "group": top,
        "point": point(organisation=made, groups=[top]),  # so that others see the group, too
        "user_group": people,
        "member": GroupMember.objects.create(group=people, user=person),
        "held": grant(group=people, role=Role.CONTACT_ADMINISTRATOR, organisation=made),
        "privilege": grant(user=person, role=Role.CONTACT_ADMINISTRATOR, organisation=made),
        "person": person,
        "run": CheckRun.objects.create(system=registered, protocol="SMTP", trigger="API", status="ABORTED"),
        "batch": batch(organisation=made),
        "certificate": certificate(organisation=made),
        "key": ssh_key(organisation=made),
        "draft": Draft.objects.create(organisation=made, name="Ny organisation"),
        "decided": Draft.objects.create(organisation=made, name="Anden organisation"),
        "letter": letter_type(organisation=made),
        "request": case,
        "paper": Documentation.objects.create(request=case, documentation_type="OTHER", blob=cases.kept(b"%PDF")),
    }


def nothing() -> dict[str, object]:
    """Return what is nowhere, by the kinds that paths name."""
    kinds = ("organisation", "system", "request", "user_group", "person", *IDS)
    return {kind: SimpleNamespace(pk=uuid.uuid4()) for kind in kinds}


def path_of(name: str, made: dict) -> str:
    """Return the path of an operation about the things of an organisation."""
    values = {
        "{uuid:org}": made["organisation"].pk,
        "{uuid:systemId}": made["system"].pk,
        "{uuid:accessRequestId}": made["request"].pk,
        "{uuid:identityGroupId}": made["user_group"].pk,
        "{uuid:identityId}": made["person"].pk,
        "{int:postkasseId}": 7,
        "{protocolType}": "SMTP",
        "{uuid:id}": made[KIND.get(name, "system")].pk,
    }
    path = OPERATIONS[name].path
    for parameter, value in values.items():
        path = path.replace(parameter, str(value))
    assert "{" not in path
    return f"/apis/{OPERATIONS[name].base}{path}"


def outcome(caller: Caller, name: str, made: dict) -> str:
    """Call an operation, undo what it did, and return what became of it as far as access is concerned."""
    operation = OPERATIONS[name]
    with transaction.atomic():
        response = caller.send(operation.method, path_of(name, made), {}, version=1 if operation.versioned else None)
        transaction.set_rollback(True)
    assert response.status_code < 500, name
    if response.status_code == 404 and response.json()["code"] == "object.unknown":
        return "not found"
    return {401: "nobody", 403: "forbidden"}.get(response.status_code, "open")


def expected(name: str, role: Role, *, is_own: bool, is_person: bool = False) -> str:
    """Return what the role table says; a person may also ask for access, and reads what they asked for."""
    operation = OPERATIONS[name]
    if operation.getter in OPEN:
        return "open"
    if operation.getter == "requester":
        return "open" if is_person else "forbidden"
    may = Right[operation.rights[-1]] in roles()[role].rights
    if operation.getter == "requests" and is_person and not (may and is_own):
        return "not found" if "{uuid:" in operation.path else "open"
    if operation.getter in ("where", "requests"):
        about_an_object = "{uuid:id}" in operation.path or "identityGroupId" in operation.path
        if may and about_an_object and not is_own:
            return "not found"
        return "open" if may and name not in OF_THE_REQUESTER else "forbidden"
    return "not found" if not is_own else "open" if may else "forbidden"


# A request is its requester's to change until it is decided.
OF_THE_REQUESTER = {"access_request_delete", "documentation_change"}


# What there is none of in the world of this test is not there for anybody.
EMPTY = {"logo_read", "logo_delete", "postkasse_emne_ids"}


def wrong(caller: Caller, role: Role, made: dict, *, is_own: bool, is_person: bool = False) -> list[tuple]:
    """Return what is otherwise than the role table says about the things of an organisation."""
    found = []
    for name in sorted(OPERATIONS):
        wanted = expected(name, role, is_own=is_own, is_person=is_person)
        was = outcome(caller, name, made)
        if was != wanted and not (name in EMPTY and was == "not found"):
            found.append((name, was, wanted))
    return found


@pytest.mark.parametrize("role", OF_ORGANISATIONS)
def test_role_table(role):
    own = things()
    caller = Caller.bearing(token_of(own["organisation"], role))
    assert wrong(caller, role, own, is_own=True) == []
    assert wrong(caller, role, things(), is_own=False) == []


@pytest.mark.parametrize("role", [role for role in OF_ORGANISATIONS if roles()[role].delegable])
def test_a_delegated_organisation(role):
    """A vendor's person does for the authority what the delegated role says."""
    own, vendor, person = things(), organisation(), user()
    parent = grant(delegate=vendor, role=role, organisation=own["organisation"])
    grant(user=person, role=role, organisation=own["organisation"], parent=parent)
    caller = Caller.bearing(token_of(own["organisation"], role, user=person))
    assert wrong(caller, role, own, is_own=True, is_person=True) == []


def test_a_delegation_is_none_of_the_vendor_s_own_tokens():
    own, vendor, role = things(), organisation(), Role.ORGANISATION_ADMINISTRATOR
    grant(delegate=vendor, role=role, organisation=own["organisation"])
    assert wrong(Caller.bearing(token_of(vendor, role)), role, own, is_own=False) == []


@pytest.mark.parametrize("role", [role for role in Role if roles()[role].installation])
def test_roles_of_the_installation_open_nothing(role):
    """A token is for one organisation, so it carries no role of the whole installation."""
    made, person = things(), user_with(role, organisation=None)
    caller = Caller.bearing(token_of(made["organisation"], role, user=person))
    for name in sorted(OPERATIONS):
        is_open = OPERATIONS[name].getter in OPEN
        wanted = {"where": "forbidden", "requester": "open"}.get(OPERATIONS[name].getter, "not found")
        if OPERATIONS[name].getter == "requests" and "{uuid:" not in OPERATIONS[name].path:
            wanted = "open"  # what the person has asked for
        assert outcome(caller, name, made) in (("open", "not found") if is_open else (wanted,)), name


def answered(caller: Caller, name: str, made: dict) -> tuple[int, bytes, int]:
    """Call an operation, undo what it did, and return status, body and what it asked of the database."""
    operation = OPERATIONS[name]
    version = 1 if operation.versioned else None
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = caller.send(operation.method, path_of(name, made), {}, version=version)
        transaction.set_rollback(True)
    return response.status_code, response.content, len(queries)


@pytest.mark.parametrize("is_person", [False, True])
def test_what_is_another_s_is_answered_like_what_is_not_there(is_person):
    own, foreign, unknown = things(), things(), nothing()
    person = user_with(*OF_ORGANISATIONS, organisation=own["organisation"]) if is_person else None
    caller = Caller.bearing(token_of(own["organisation"], *OF_ORGANISATIONS, user=person))
    caller.get("organisations/")  # notes the use of the token
    differing = []
    for name, operation in OPERATIONS.items():
        if "{uuid:" not in operation.path or operation.getter in OPEN:
            continue
        pairs = [(foreign, unknown)]
        if "{uuid:org}" in operation.path and operation.path.count("{uuid:") > 1:
            here = {"organisation": own["organisation"]}
            pairs.append((foreign | here, unknown | here))
        for theirs, none in pairs:
            one, two = answered(caller, name, theirs), answered(caller, name, none)
            if one != two or one[0] not in (404, 200, 403):
                differing.append((name, one, two))
    assert differing == []


def test_nobody_calls_anything():
    made = things()
    assert {outcome(Caller(), name, made) for name in OPERATIONS} == {"nobody"}


def test_every_identifier_is_named():
    ids = {name for name, one in OPERATIONS.items() if "{uuid:id}" in one.path}
    assert ids - KIND.keys() - {name for name in ids if "system" in OPERATIONS[name].path} == set()

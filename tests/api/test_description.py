"""The description of the API: complete, readable, and true, as generated calls find out."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from adgang.api import authentication
from adgang.api.description import description, operations
from adgang.lib.api.operations import OPERATIONS, OWN, REGISTRY
from adgang.wsgi import application
from tests.api.calling import token_of
from tests.api.registry_client import facts
from tests.factories.contacts import group, point
from tests.factories.organisations import Role, organisation

pytestmark = pytest.mark.django_db


def test_every_operation_is_described_with_its_errors():
    described = {said["operationId"]: said for _method, said in operations(description())}
    assert described.keys() == OPERATIONS.keys() | PLAIN
    for name, said in described.items():
        assert said["summary"], name
        assert len(said["description"]) > 10, name
        assert {"401", "429"} <= said["responses"].keys(), name
        assert said["security"], name


def test_every_body_of_our_own_begins_with_an_example():
    bare = [
        name
        for name, one in OPERATIONS.items()
        if one.base == OWN and "body" in one.view.__annotations__ and not _example(name)
    ]
    assert bare == []


def _example(name: str) -> object:
    said = next(said for _method, said in operations(description()) if said["operationId"] == name)
    return said["requestBody"]["content"]["application/json"].get("example")


def test_the_paths_and_successes_are_those_of_the_registry():
    listed = facts()["operations"]
    ours = {f"{one.method} {_bare(one.path)}": one.status for one in OPERATIONS.values() if one.base == REGISTRY}
    missing = {name for name in listed if name not in ours}
    assert missing == NOT_YET
    wrong = {
        name: status for name, status in ours.items() if name in listed and not listed[name].startswith(str(status))
    }
    assert wrong == {}
    assert ours.keys() - listed.keys() == set()


# What needs an exchange of messages.
NOT_YET = {
    name for name in facts()["operations"] if name.split()[1].startswith(("memos/", "receipts/", "receipts-bulk/"))
}


def _bare(path: str) -> str:
    return path.replace("{uuid:", "{").replace("{int:", "{")


def test_properties_bear_the_names_of_the_wire():
    schemas = description()["components"]["schemas"]
    for name, properties in facts()["schemas"].items():
        if name in schemas:
            known = {part.split(": ")[0].removesuffix("!") for part in " ".join(properties.split()).split("; ")}
            assert known - schemas[name]["properties"].keys() == set(), name


def test_it_is_served_as_json():
    response = Client().get("/apis/openapi.json")
    assert response.json()["openapi"].startswith("3.1")


def test_the_pages_show_every_operation():
    client = Client()
    page = client.get(reverse("api")).content.decode()
    for name in (*OPERATIONS, *PLAIN):
        assert reverse("operation", args=[name]) in page
        assert client.get(reverse("operation", args=[name])).status_code == 200
    assert client.get(reverse("operation", args=["nothing"])).status_code == 404


@pytest.fixture
def described(settings, monkeypatch):
    settings.ADGANG_API_PER_MINUTE = 1_000_000
    monkeypatch.setattr(authentication, "TRIES", 1_000_000)
    own = organisation()
    point(organisation=own, groups=[group(organisation=own)])
    roles = [role for role in Role if role not in (Role.SYSTEM_MANAGER, Role.SUPPORT)]
    token = token_of(own, *roles)
    # Calls come as from a server, which would close the test's own connection after each.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/apis/openapi.json", application)
    yield schema, {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# Views that no framework describes.
PLAIN = {"whoami", "memos_check"}
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


# Whether values that fit their types are taken is for the rules of the registry to say (an address that exists, a name
# that is free), which a description cannot.
@pytest.mark.parametrize("name", sorted({*OPERATIONS, *PLAIN}))
def test_generated_calls_find_nothing(name, described):
    schema, headers = described
    operation = schema.find_operation_by_id(name)
    for mode in MODES:
        try:
            calls = operation.as_strategy(generation_mode=mode)
        except Unsatisfiable:
            continue

        @given(case=calls)
        @settings(
            max_examples=5,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case):
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        try:
            call()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # nothing in the operation can be wrong

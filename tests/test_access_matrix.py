"""Every URL × every role × own, delegated, foreign and unknown organisation, one system, nobody: as the role table.

Generated from `adgang.lib.urls.ROUTES`, whose getter and right are read from each view's first statement, and from
`organisations/roles.toml`. A URL whose parameters have no maker in `tests/factories/parameters.py` fails here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver

from adgang.lib.api.operations import OPERATIONS
from adgang.lib.urls import ROUTES
from tests import matrix
from tests.factories import parameters

pytestmark = pytest.mark.django_db


def name_of(value: Any) -> Any:
    """Return the id of a parametrised test."""
    return getattr(value, "name", value)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[matrix.World]:
    """Return the world that every test here asks; it is undone after the last."""
    with django_db_blocker.unblock(), matrix.quietly(), transaction.atomic():
        made = matrix.World()
        made.complete()
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", matrix.GUARDED, ids=name_of)
def test_role_table(world, route):
    assert [answer for answer in matrix.answers(world, route, one_by_one=False) if not answer.is_right] == []


@pytest.mark.parametrize("route", matrix.GUARDED, ids=name_of)
def test_role_limited_to_one_system(world, route):
    assert [answer for answer in matrix.limited_answers(world, route) if not answer.is_right] == []


@pytest.mark.parametrize("route", matrix.GUARDED, ids=name_of)
def test_nobody_is_sent_to_sign_in(world, route):
    url = world.url(route, world.own, world.stranger)
    outcomes = {matrix.verdict(world.nobody, method, url) for method in matrix.METHODS}
    assert outcomes == {"sign in"}


@pytest.mark.parametrize("route", matrix.OPEN, ids=name_of)
def test_open_pages_are_the_same_for_every_role(world, route):
    url = world.url(route, world.own, world.stranger)
    for method in matrix.METHODS:
        outcomes = {matrix.outcome(matrix.ask(who, method, url)) for who in [world.nobody, *world.people]}
        assert outcomes.isdisjoint({"forbidden", "sign in", "fault"})


@pytest.mark.parametrize("route", matrix.OF_ORGANISATIONS, ids=name_of)
def test_foreign_and_unknown_organisations_look_the_same(world, route):
    for foreign, unknown in matrix.foreign_and_unknown_organisation(world, route):
        assert foreign == unknown


@pytest.mark.parametrize(("route", "name"), matrix.WITH_OBJECTS, ids=name_of)
def test_foreign_and_unknown_objects_look_the_same(world, route, name):
    for foreign, unknown in matrix.foreign_and_unknown_object(world, route, name):
        assert foreign == unknown
        assert foreign[0] in (404, 405)


def test_every_url_is_a_route():
    names = {pattern.name for pattern in _patterns(get_resolver())}
    # Django's own language switch takes POST only; what the API does not have is told to everybody alike, and its
    # operations have a matrix of their own (`tests/api/test_access.py`).
    operations = {name for name in names if name.startswith("api_")}
    assert names - operations - {"set_language"} == set(ROUTES)
    assert operations - {"api_unknown"} == {f"api_{name}" for name in OPERATIONS}


def _patterns(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


@pytest.mark.parametrize("route", matrix.routes(), ids=name_of)
def test_every_parameter_has_a_maker(route):
    for name in matrix.parameter_names(route):
        parameters.maker(route.name, name)

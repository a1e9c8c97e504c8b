"""Every URL × every role × own, other and unknown organisation, one system, nobody: equal to the role table.

Generated from `adgang.lib.urls.ROUTES`, whose getter and right are read from each view's first statement, and from
`organisations/roles.toml`. A URL whose parameters have no maker in `tests/factories/parameters.py` fails here.
"""

import re
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from adgang.lib.urls import ROUTES, Route
from organisations.models import User
from organisations.rights import PrivilegeType, Right, roles
from tests.factories import parameters
from tests.factories.organisations import client_for, cvr_number, organisation, user, user_with
from tests.factories.parameters import Made, furnish

pytestmark = pytest.mark.django_db

get_resolver().url_patterns  # noqa: B018 – importing the URL configuration fills ROUTES

# Getters that look at one object which belongs to a system, so that a grant limited to the system is enough.
OF_ONE_SYSTEM = {
    "system": "system_id",
    "point": "point_id",
    "certificate": "certificate_id",
    "ssh_key": "key_id",
}
# Getters that give what the person may see of a list, which is one system's part for a limited grant.
OF_SYSTEMS = {"systems", "credentials"}
METHODS = ("GET", "POST")
# Pages whose object lies in a part that needs one more right; without it the object is not there for the person.
NARROWER = {"event": Right.EVENTS_ACTIONS}


def routes() -> list[Route]:
    """Return every page of the portal."""
    return sorted(ROUTES.values(), key=lambda route: route.name)


def parameter_names(route: Route) -> list[str]:
    """Return the names of the parameters in a route's pattern."""
    return re.findall(r"<\w+:(\w+)>", route.pattern)


def right_of(route: Route, method: str) -> Right | None:
    """Return the right a method needs; where a view asks for two, the first is for POST and the last for GET."""
    if not route.rights:
        return None
    return Right[route.rights[0] if method == "POST" else route.rights[-1]]


def url_of(route: Route, made: Made, **instead: Any) -> str:
    """Return the route's URL for the objects of an organisation, some of them replaced."""
    values = {name: instead[name] if name in instead else made[name] for name in parameter_names(route)}
    return reverse(route.name, kwargs=values)


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """Send a request and undo what it did."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        response = client.generic(method, url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def outcome(response: HttpResponse) -> str:
    """Return what became of a request, as far as access is concerned."""
    if response.status_code == 302 and response.headers["Location"].startswith(f"{reverse('sign_in')}?next="):
        return "sign in"
    return {403: "forbidden", 404: "not found"}.get(response.status_code, "open")


def expected(route: Route, method: str, role: PrivilegeType | None, *, is_own: bool) -> str:
    """Return what the role table says becomes of somebody with that role."""
    right = right_of(route, method)
    rights = roles()[role].rights if role else frozenset()
    if route.getter == "person":
        return "open"
    if route.getter == "operator":
        if Right.OPERATIONS_VIEW not in rights:
            return "not found"
        return "open" if right in rights else "forbidden"
    if not is_own or role is None or roles()[role].installation:
        return "not found"
    if right in rights and NARROWER.get(route.name, right) not in rights:
        return "not found"
    return "open" if right in rights else "forbidden"


def answers_method(response: HttpResponse) -> bool:
    """Say whether the page takes this method at all; what it does not take, nobody may do."""
    return response.status_code != 405


def people_of(own: Any) -> Iterator[tuple[PrivilegeType | None, User]]:
    """Yield a person for every role, and one without any."""
    for role in PrivilegeType:
        yield role, user_with(role, organisation=None if roles()[role].installation else own)
    yield None, user()


@pytest.mark.parametrize("route", [one for one in routes() if one.getter != "public"], ids=lambda route: route.name)
def test_role_table(route):
    own, other = organisation(), organisation()
    furnish(own)
    furnish(other)
    wrong = []
    for role, person in people_of(own):
        client = client_for(person)
        for where in (own, other):
            url = url_of(route, Made(where, person, route.name))
            for method in METHODS:
                response = ask(client, method, url)
                wanted = expected(route, method, role, is_own=where == own)
                if answers_method(response) and outcome(response) != wanted:
                    wrong.append((method, str(role), "own" if where == own else "other", outcome(response), wanted))
    assert wrong == []


@pytest.mark.parametrize("route", [one for one in routes() if one.getter != "public"], ids=lambda route: route.name)
def test_nobody_is_sent_to_sign_in(route):
    own = organisation()
    url = url_of(route, Made(own, user(), route.name))
    outcomes = {outcome(ask(Client(), method, url)) for method in METHODS}
    assert outcomes == {"sign in"}


@pytest.mark.parametrize("route", [one for one in routes() if one.getter == "public"], ids=lambda route: route.name)
def test_open_pages_are_the_same_for_every_role(route):
    own = organisation()
    clients = [Client(), *(client_for(person) for _role, person in people_of(own))]
    url = url_of(route, Made(own, user(), route.name))
    for method in METHODS:
        outcomes = {outcome(ask(client, method, url)) for client in clients}
        assert "forbidden" not in outcomes
        assert "sign in" not in outcomes


PER_SYSTEM = [type_ for type_, role in roles().items() if role.per_system]


def expected_when_limited(route: Route, method: str, role: PrivilegeType, *, reaches: bool) -> str:
    """Return what becomes of somebody whose role is limited to one system, which is the URL's own or not."""
    may = right_of(route, method) in roles()[role].rights
    if route.getter == "person":
        return "open"
    if route.getter == "operator":
        return "not found"
    if route.getter in OF_SYSTEMS:
        return "open" if may else "forbidden"
    if route.getter in OF_ONE_SYSTEM:
        return ("open" if may else "forbidden") if reaches else "not found"
    return "forbidden"


@pytest.mark.parametrize("role", PER_SYSTEM)
@pytest.mark.parametrize("route", [one for one in routes() if one.getter != "public"], ids=lambda route: route.name)
def test_role_limited_to_one_system(route, role):
    own = organisation()
    furnish(own)
    system_id = parameters.MAKERS["system_id"](Made(own, user(), "system"))
    person = user_with(role, organisation=own, system_id=system_id)
    client = client_for(person)
    wrong = []
    for reaches in (True, False):
        made = Made(own, person, route.name, {"system_id": system_id} if reaches else {})
        url = url_of(route, made)
        for method in METHODS:
            response = ask(client, method, url)
            wanted = expected_when_limited(route, method, role, reaches=reaches)
            if answers_method(response) and outcome(response) != wanted:
                wrong.append((method, "reaches" if reaches else "another", outcome(response), wanted))
    assert wrong == []


# What differs between any two answers: tokens, the page's own address, the seconds that the session still stands.
OWN = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value="|data-seconds=")[^"]*')


def seen(client: Client, method: str, url: str) -> tuple[int, bytes, int]:
    """Return what a stranger could tell answers apart by: status, body without its own address, number of queries."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = ask(client, method, url)
    body = OWN.sub(rb"\1", getattr(response, "content", b""))
    return response.status_code, body, len(queries)


ORGANISATIONS = [one for one in routes() if one.getter not in ("public", "person", "operator")]


@pytest.mark.parametrize("route", ORGANISATIONS, ids=lambda route: route.name)
def test_foreign_and_unknown_organisations_look_the_same(route):
    own, other = organisation(), organisation()
    furnish(other)
    person = user_with(*ORGANISATION_ROLES, organisation=own)
    client = client_for(person)
    client.get(reverse("me"))
    foreign = Made(other, person, route.name)
    for method in METHODS:
        unknown_url = url_of(route, foreign, cvr=cvr_number())
        assert seen(client, method, url_of(route, foreign)) == seen(client, method, unknown_url)


ORGANISATION_ROLES = [type_ for type_, role in roles().items() if not role.installation]
WITH_OBJECTS = [
    (route, name)
    for route in ORGANISATIONS
    for name in parameter_names(route)
    if name.endswith("_id") or name == "line"
]


@pytest.mark.parametrize(("route", "name"), WITH_OBJECTS, ids=lambda value: getattr(value, "name", value))
def test_foreign_and_unknown_objects_look_the_same(route, name):
    own, other = organisation(), organisation()
    person = user_with(*ORGANISATION_ROLES, organisation=own)
    client = client_for(person)
    client.get(reverse("me"))
    made, foreign = Made(own, person, route.name), Made(other, user(), route.name)
    unknown = str(foreign[name])[:-12] + uuid.uuid4().hex[-12:]
    for method in METHODS:
        theirs = seen(client, method, url_of(route, made, **{name: foreign[name]}))
        nobodys = seen(client, method, url_of(route, made, **{name: unknown}))
        assert theirs == nobodys
        assert theirs[0] in (404, 405)


def test_every_url_is_a_route():
    names = {pattern.name for pattern in _patterns(get_resolver())}
    # Django's own language switch takes POST only; what the API does not have is told to everybody alike.
    assert names - {"api_unknown", "set_language"} == set(ROUTES)


def _patterns(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_every_parameter_has_a_maker(route):
    for name in parameter_names(route):
        parameters.maker(route.name, name)

"""The access matrix: what the role table says becomes of everybody at every page, and how to ask the pages.

One world is made and shared; every question is undone, so that the next one finds the world as it was. The tests ask
page by page (`tests/test_access_matrix.py`), the benchmark R4 all at once.
"""

import datetime as dt
import inspect
import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from adgang.lib.urls import ROUTES, Route
from organisations import idle
from organisations.models import Organisation, Privilege, User
from organisations.rights import PrivilegeType, Right, rights_of, roles
from tests.factories import parameters
from tests.factories.organisations import client_for, cvr_number, grant, organisation, user, user_with
from tests.factories.parameters import Made, Store, furnish

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
# What differs between any two answers: tokens, the page's own address, the seconds that the session still stands.
OWN = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value="|data-seconds=")[^"]*')

ORGANISATION_ROLES = [type_ for type_, role in roles().items() if not role.installation]
PER_SYSTEM = [type_ for type_, role in roles().items() if role.per_system]
DELEGABLE = [type_ for type_, role in roles().items() if role.delegable]


def routes() -> list[Route]:
    """Return every page of the portal."""
    return sorted(ROUTES.values(), key=lambda route: route.name)


GUARDED = [route for route in routes() if route.getter != "public"]
OPEN = [route for route in routes() if route.getter == "public"]
OF_ORGANISATIONS = [route for route in GUARDED if route.getter not in ("person", "operator")]


def parameter_names(route: Route) -> list[str]:
    """Return the names of the parameters in a route's pattern."""
    return re.findall(r"<\w+:(\w+)>", route.pattern)


WITH_OBJECTS = [
    (route, name)
    for route in OF_ORGANISATIONS
    for name in parameter_names(route)
    if name.endswith("_id") or name == "line"
]


@dataclass(frozen=True)
class Somebody:
    """A person who asks: with roles in the world's own organisation (or the installation), and a session's cookie."""

    roles: tuple[PrivilegeType, ...]
    person: User | None
    cookie: str

    @classmethod
    def signed_in(cls, person: User | None, *held: PrivilegeType) -> "Somebody":
        """Return the person with a session that need not be prolonged any more."""
        if person is None:
            return cls(held, None, "")
        client = client_for(person)
        client.get(reverse("me"))
        return cls(held, person, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")

    @property
    def rights(self) -> frozenset[Right]:
        """What the role table gives the roles."""
        return rights_of(set(self.roles))

    @property
    def is_member(self) -> bool:
        """Whether one of the roles is held in the organisation."""
        return any(not roles()[role].installation for role in self.roles)

    def __str__(self) -> str:
        return ", ".join(self.roles) or "no role"


@dataclass
class World:
    """The organisation that everybody belongs to, a foreign one, and people for every way of holding a role."""

    own: Organisation = field(default_factory=organisation)
    other: Organisation = field(default_factory=organisation)
    vendor: Organisation = field(default_factory=organisation)
    # What stands in the URLs; and the same around the system of limited roles.
    store: Store = field(default_factory=dict)
    around_the_system: Store = field(default_factory=dict)

    def __post_init__(self) -> None:
        furnish(self.own)
        furnish(self.other)

    @cached_property
    def people(self) -> list[Somebody]:
        """Somebody for every role, and somebody without any."""
        held = ((role, None if roles()[role].installation else self.own) for role in PrivilegeType)
        people = [Somebody.signed_in(user_with(role, organisation=where), role) for role, where in held]
        return [*people, self.stranger]

    @cached_property
    def stranger(self) -> Somebody:
        """Somebody who is signed in and has no role."""
        return Somebody.signed_in(user())

    @cached_property
    def nobody(self) -> Somebody:
        """Whoever is not signed in."""
        return Somebody.signed_in(None)

    @cached_property
    def everything(self) -> Somebody:
        """Somebody with every role of the organisation."""
        return Somebody.signed_in(user_with(*ORGANISATION_ROLES, organisation=self.own), *ORGANISATION_ROLES)

    @cached_property
    def system_id(self) -> uuid.UUID:
        """The system to which limited roles are limited."""
        made: uuid.UUID = parameters.MAKERS["system_id"](Made(self.own, user(), "system"))
        return made

    @cached_property
    def limited(self) -> list[Somebody]:
        """Somebody for every role that can be limited to a system: by the organisation itself, and through a vendor."""
        own = [
            Somebody.signed_in(user_with(role, organisation=self.own, system_id=self.system_id), role)
            for role in PER_SYSTEM
        ]
        return [*own, *(self._delegated(role, system_id=self.system_id) for role in PER_SYSTEM)]

    @cached_property
    def delegated(self) -> list[Somebody]:
        """One of the vendor's people for every role that can be delegated."""
        return [self._delegated(role) for role in DELEGABLE]

    @cached_property
    def delegated_everything(self) -> Somebody:
        """One of the vendor's people with every role that can be delegated."""
        return self._delegated(*DELEGABLE)

    def _delegated(self, *held: PrivilegeType, system_id: uuid.UUID | None = None) -> Somebody:
        person = user()
        for role in held:
            key = {"delegate": self.vendor, "type": role, "scope": self.own, "system_id": system_id}
            parent, _is_new = Privilege.objects.get_or_create(**key)
            grant(user=person, role=role, organisation=self.own, system_id=system_id, parent=parent)
        return Somebody.signed_in(person, *held)

    def asker(self, who: Somebody) -> User:
        """Return for whom a page's objects are made; whoever is nobody gets somebody else's."""
        if who.person is not None:
            return who.person
        return self.asker(self.stranger)

    def complete(self) -> None:
        """Make everybody and everything, so that no question makes what its undoing would take away again."""
        everybody = [*self.people, *self.delegated, *self.limited, self.everything, self.delegated_everything]
        for route in routes():
            for who in everybody:
                self.url(route, self.own, who)
                self.url(route, self.other, who)
            if route in GUARDED:
                for who in self.limited:
                    self.url_around_the_system(route, who)

    def url(self, route: Route, where: Organisation, who: Somebody, **instead: Any) -> str:
        """Return the route's URL for the objects of an organisation, some of them replaced."""
        return url_of(route, Made(where, self.asker(who), route.name, store=self.store), **instead)

    def url_around_the_system(self, route: Route, who: Somebody) -> str:
        """Return the route's URL for an object that belongs to the system of limited roles."""
        values = {"system_id": self.system_id}
        return url_of(route, Made(self.own, self.asker(who), route.name, values, store=self.around_the_system))


def url_of(route: Route, made: Made, **instead: Any) -> str:
    """Return the route's URL for some objects."""
    values = {name: instead[name] if name in instead else made[name] for name in parameter_names(route)}
    return reverse(route.name, kwargs=values)


HANDLER, REQUESTS = ClientHandler(enforce_csrf_checks=False), RequestFactory()


def ask(who: Somebody, method: str, url: str) -> HttpResponse:
    """Send a request and undo what it did."""
    environ = REQUESTS._base_environ(PATH_INFO=url, REQUEST_METHOD=method, HTTP_COOKIE=who.cookie)
    with transaction.atomic():
        response = HANDLER(environ)
        transaction.set_rollback(True)
    return response


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the log free of thousands of lines about refused requests."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def verdict(who: Somebody, method: str, url: str) -> str:
    """Return what becomes of a request; its page is not written, for that is decided before."""
    with mock.patch.object(Template, "render", return_value=""):
        return outcome(ask(who, method, url))


def outcome(response: HttpResponse) -> str:
    """Return what became of a request, as far as access is concerned."""
    if response.status_code == 302 and response.headers["Location"].startswith(f"{reverse('sign_in')}?next="):
        return "sign in"
    return {403: "forbidden", 404: "not found", 405: "no such method", 500: "fault"}.get(response.status_code, "open")


def right_of(route: Route, method: str) -> Right | None:
    """Return the right a method needs; where a view asks for two, the first is for POST and the last for GET."""
    if not route.rights:
        return None
    return Right[route.rights[0] if method == "POST" else route.rights[-1]]


@cache
def methods(route: Route) -> tuple[str, ...]:
    """Return the methods a page takes, as far as its decorators say; what they refuse is refused to everybody alike."""
    taken = re.search(r"@require_(GET|POST)\b", inspect.getsource(inspect.unwrap(route.view)))
    return (taken[1],) if taken else METHODS


def expected(route: Route, method: str, who: Somebody, *, is_own: bool) -> str:
    """Return what the role table says becomes of somebody with those roles."""
    right, rights = right_of(route, method), who.rights
    if route.getter == "person":
        return "open"
    if route.getter == "operator":
        if Right.OPERATIONS_VIEW not in rights:
            return "not found"
        return "open" if right in rights else "forbidden"
    if not is_own or not who.is_member:
        return "not found"
    if right in rights and NARROWER.get(route.name, right) not in rights:
        return "not found"
    return "open" if right in rights else "forbidden"


def expected_when_limited(route: Route, method: str, who: Somebody, *, reaches: bool) -> str:
    """Return what becomes of somebody whose role is limited to one system, which is the URL's own or not."""
    may = right_of(route, method) in who.rights
    if route.getter == "person":
        return "open"
    if route.getter == "operator":
        return "not found"
    if route.getter in OF_SYSTEMS:
        return "open" if may else "forbidden"
    if route.getter in OF_ONE_SYSTEM:
        return ("open" if may else "forbidden") if reaches else "not found"
    return "forbidden"


@dataclass(frozen=True)
class Answer:
    """What became of one question, and what the role table says."""

    method: str
    who: str
    got: str
    wanted: str

    @property
    def is_right(self) -> bool:
        """Whether the two agree; what a page does not take at all, nobody may do."""
        return self.got in (self.wanted, "no such method")


def answers(world: World, route: Route, *, one_by_one: bool = True) -> Iterator[Answer]:
    """Ask a page as everybody: about their own organisation, a foreign one, and one that their own acts for.

    Unless `one_by_one`, the roles of an organisation are put together where they ask about another one.
    """
    together = [who for who in world.people if not who.is_member]
    foreigners = world.people if one_by_one else [*together, world.everything]
    delegated = world.delegated if one_by_one else [world.delegated_everything]
    for who in world.people:
        yield from _answers(world, route, who, "own", world.own)
    for who in foreigners:
        yield from _answers(world, route, who, "foreign", world.other)
    for who in delegated:
        yield from _answers(world, route, who, "delegated", world.own)


def _answers(world: World, route: Route, who: Somebody, name: str, where: Organisation) -> Iterator[Answer]:
    url = world.url(route, where, who)
    for method in methods(route):
        wanted = expected(route, method, who, is_own=where == world.own)
        yield Answer(method, f"{who} {name}", verdict(who, method, url), wanted)


def limited_answers(world: World, route: Route) -> Iterator[Answer]:
    """Ask a page as everybody whose role is limited to one system, about that system and another one."""
    for who in world.limited:
        for reaches in (True, False):
            url = world.url_around_the_system(route, who) if reaches else world.url(route, world.own, who)
            for method in methods(route):
                wanted = expected_when_limited(route, method, who, reaches=reaches)
                what = "its system" if reaches else "another"
                yield Answer(method, f"{who} {what}", verdict(who, method, url), wanted)


Seen = tuple[int, bytes, int]


def seen(who: Somebody, method: str, url: str) -> Seen:
    """Return what a stranger could tell answers apart by: status, body without its own address, number of queries."""
    # The session writes down every so often that it is at work, whatever the page.
    at_work = mock.patch.object(idle, "EVERY", dt.timedelta(days=1))
    with at_work, CaptureQueriesContext(connection) as queries:
        response = ask(who, method, url)
    return response.status_code, OWN.sub(rb"\1", getattr(response, "content", b"")), len(queries)


def foreign_and_unknown_organisation(world: World, route: Route) -> Iterator[tuple[Seen, Seen]]:
    """Yield, for each method, how the pages of a foreign and of an unknown organisation look."""
    who = world.everything
    for method in METHODS:
        unknown = world.url(route, world.other, who, cvr=cvr_number())
        yield seen(who, method, world.url(route, world.other, who)), seen(who, method, unknown)


def foreign_and_unknown_object(world: World, route: Route, name: str) -> Iterator[tuple[Seen, Seen]]:
    """Yield, for each method, how a foreign and an unknown object look in one's own organisation."""
    who = world.everything
    foreign = Made(world.other, world.asker(world.stranger), route.name, store=world.store)[name]
    unknown = str(foreign)[:-12] + uuid.uuid4().hex[-12:]
    for method in METHODS:
        theirs = seen(who, method, world.url(route, world.own, who, **{name: foreign}))
        yield theirs, seen(who, method, world.url(route, world.own, who, **{name: unknown}))

"""Who acts: a person in a request, a command or a task. Every getter, concept and event asks the caller."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import cast

import structlog
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from organisations.models import Organisation, Privilege, User
from organisations.rights import PrivilegeType, Right, rights_of


class Channel(StrEnum):
    """Through what the caller acts."""

    WEB = "WEB"
    API = "API"
    COMMAND = "COMMAND"
    TASK = "TASK"


@dataclass(frozen=True)
class Grants:
    """What a person may do for one organisation: for all of it, and for single systems by id."""

    everywhere: frozenset[Right] = frozenset()
    per_system: dict[uuid.UUID, frozenset[Right]] = field(default_factory=dict)

    def allow(self, right: Right, system_id: uuid.UUID | None = None) -> bool:
        """Say whether the right is given, for the whole organisation or else for the one system."""
        return right in self.everywhere or (
            system_id is not None and right in self.per_system.get(system_id, frozenset())
        )

    def systems(self, right: Right) -> set[uuid.UUID] | None:
        """Return the systems to which the right is limited; None when it is not limited."""
        if right in self.everywhere:
            return None
        return {system_id for system_id, rights in self.per_system.items() if right in rights}

    def opens(self, right: Right) -> bool:
        """Say whether the right opens the page of all such things; only the list of systems knows limited grants."""
        return self.allow(right) or (right is Right.SYSTEMS_VIEW and bool(self.systems(right)))

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.per_system)


@dataclass(frozen=True)
class Caller:
    """Who acts, through what, in which request. `label` names a command or task, for nobody is signed in there."""

    user: User | None
    channel: Channel
    request_id: str
    label: str = ""

    @classmethod
    def command(cls, name: str) -> "Caller":
        """The caller of a management command."""
        return cls(user=None, channel=Channel.COMMAND, request_id=str(uuid.uuid4()), label=name)

    @classmethod
    def task(cls, name: str) -> "Caller":
        """The caller of background work that nobody asked for."""
        return cls(user=None, channel=Channel.TASK, request_id=str(uuid.uuid4()), label=name)

    def become(self, user: User) -> "Caller":
        """The caller of the rest of the request, once it is known who the person is and what they may do now."""
        return replace(self, user=user)

    @cached_property
    def privileges(self) -> list[Privilege]:
        """The person's privileges that count now, for all organisations, in one query."""
        if self.user is None:
            return []
        active = Privilege.objects.active(timezone.now())
        return list(active.filter(user=self.user).select_related("scope"))

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The organisations in which the person has a role, by name; what the switcher offers."""
        scopes = {privilege.scope_id: privilege.scope for privilege in self.privileges if privilege.scope}
        return sorted(scopes.values(), key=lambda organisation: organisation.name.casefold())

    def grants(self, organisation: Organisation) -> Grants:
        """Return what the person may do for the organisation."""
        own = [privilege for privilege in self.privileges if privilege.scope_id == organisation.pk]
        everywhere = {PrivilegeType(privilege.type) for privilege in own if privilege.system_id is None}
        limited: dict[uuid.UUID, set[PrivilegeType]] = {}
        for privilege in own:
            if privilege.system_id is not None:
                limited.setdefault(privilege.system_id, set()).add(PrivilegeType(privilege.type))
        return Grants(rights_of(everywhere), {system_id: rights_of(types) for system_id, types in limited.items()})

    def may(self, right: Right, organisation: Organisation, *, system_id: uuid.UUID | None = None) -> bool:
        """Say whether the person has the right, for the whole organisation or for one of its systems."""
        return self.grants(organisation).allow(right, system_id)

    def may_operate(self, right: Right = Right.OPERATIONS_VIEW) -> bool:
        """Say whether the person has a right over the installation."""
        types = {PrivilegeType(privilege.type) for privilege in self.privileges if privilege.scope_id is None}
        return right in rights_of(types)


class CallerRequest(HttpRequest):
    """A request as the views see it: with its caller and, behind a getter, the organisation it concerns."""

    caller: Caller
    organisation: Organisation | None


class CallerMiddleware:
    """Puts the caller on the request. Nothing is asked of the database until somebody needs a right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        web = cast(CallerRequest, request)
        user = None if isinstance(request.user, AnonymousUser) else request.user
        web.caller = Caller(user=user, channel=Channel.WEB, request_id=_request_id())
        web.organisation = None
        return self.get_response(request)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id") or uuid.uuid4())

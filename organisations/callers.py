"""Who acts: a person in a request, a command or a task. Every getter, concept and event asks the caller."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import cast

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from organisations.models import HelpSession, Organisation, Privilege, User
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

    def only(self, rights: frozenset[Right]) -> "Grants":
        """The same grants without the rights that are not among `rights`."""
        per_system = {system_id: held & rights for system_id, held in self.per_system.items()}
        return Grants(self.everywhere & rights, {system_id: held for system_id, held in per_system.items() if held})

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.per_system)


# What changes nothing; a token that may only read has no others.
READING = frozenset(right for right in Right if right.endswith(".view") or right.startswith("events.")) | {
    Right.MEMOS_CHECK
}


@dataclass(frozen=True)
class Bound:
    """What a caller that is no person may do: for one organisation alone."""

    organisation: Organisation
    grants: Grants


@dataclass(frozen=True)
class Limit:
    """What a person's token leaves of the person's roles: those of some types in one organisation."""

    organisation_id: uuid.UUID
    types: frozenset[str]
    only_reads: bool

    def leaves(self, privilege: Privilege) -> bool:
        """Say whether the token carries this one of the person's privileges."""
        return privilege.scope_id == self.organisation_id and privilege.type in self.types


@dataclass(frozen=True)
class Caller:
    """Who acts, through what, in which request. `label` names a command, task or token, where nobody is signed in.

    `bound` is what a system or an organisation's token may do, `limit` what a person's token may; `key` tells callers
    of the API apart. `home` is the CVR number of the organisation whose certificate or account the person came in with.
    """

    user: User | None
    channel: Channel
    request_id: str
    label: str = ""
    bound: Bound | None = None
    limit: Limit | None = None
    key: str = ""
    home: str = ""

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
        """The privileges that count for the person now, their groups' too, for all organisations, in one query."""
        if self.user is None:
            return []
        # Who gave a role on is asked by those alone who came in for one organisation.
        beside = ("scope", "parent__delegate") if self.home else ("scope",)
        held = list(Privilege.objects.active(timezone.now()).select_related(*beside).reaching(self.user))
        if self.home:
            held = [one for one in held if _is_at_home(one, self.home)]
        if self.limit is None:
            return held
        return [one for one in held if self.limit.leaves(one)]

    @cached_property
    def helping(self) -> list[HelpSession]:
        """The help that the person gives now; asked of the database for those who run the installation alone."""
        is_operator = any(privilege.scope_id is None for privilege in self.privileges)
        if not is_operator or self.limit is not None:
            return []
        return list(HelpSession.objects.open(timezone.now()).filter(user=self.user).select_related("organisation"))

    def help_for(self, organisation_id: uuid.UUID) -> HelpSession | None:
        """Return the help that the person gives an organisation now, or None."""
        return next((session for session in self.helping if session.organisation_id == organisation_id), None)

    @property
    def _help_gives(self) -> set[PrivilegeType]:
        """The roles whose rights help gives, by the person's roles in the installation."""
        held = {privilege.role for privilege in self.privileges if privilege.scope_id is None}
        return {type_ for role in held for type_ in role.helps}

    @property
    def only_reads(self) -> bool:
        """Whether the person's token may change nothing."""
        return self.limit is not None and self.limit.only_reads

    @property
    def is_unattended(self) -> bool:
        """Whether a command or a task acts, started by whoever runs the machine."""
        return self.channel in (Channel.COMMAND, Channel.TASK)

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The organisations in which the person has a role, by name; what the switcher offers."""
        if self.bound is not None:
            return [self.bound.organisation]
        scopes = {privilege.scope_id: privilege.scope for privilege in self.privileges if privilege.scope}
        scopes |= {session.organisation_id: session.organisation for session in self.helping}
        return sorted(scopes.values(), key=lambda organisation: organisation.name.casefold())

    def grants(self, organisation: Organisation) -> Grants:
        """Return what the caller may do for the organisation."""
        if self.bound is not None:
            return self.bound.grants if self.bound.organisation.pk == organisation.pk else Grants()
        own = [privilege for privilege in self.privileges if privilege.scope_id == organisation.pk]
        everywhere = {PrivilegeType(privilege.type) for privilege in own if privilege.system_id is None}
        if self.help_for(organisation.pk) is not None:
            everywhere |= self._help_gives
        limited: dict[uuid.UUID, set[PrivilegeType]] = {}
        for privilege in own:
            if privilege.system_id is not None:
                limited.setdefault(privilege.system_id, set()).add(PrivilegeType(privilege.type))
        grants = Grants(rights_of(everywhere), {system_id: rights_of(types) for system_id, types in limited.items()})
        return grants.only(READING) if self.only_reads else grants

    def may(self, right: Right, organisation: Organisation, *, system_id: uuid.UUID | None = None) -> bool:
        """Say whether the person has the right, for the whole organisation or for one of its systems."""
        return self.grants(organisation).allow(right, system_id)

    def may_operate(self, right: Right = Right.OPERATIONS_VIEW) -> bool:
        """Say whether the person has a right over the installation."""
        types = {PrivilegeType(privilege.type) for privilege in self.privileges if privilege.scope_id is None}
        return right in rights_of(types)


def _is_at_home(privilege: Privilege, cvr: str) -> bool:
    """Say whether a role is of the organisation with that CVR number, or one that it was given and passed on."""
    giver = privilege.parent.delegate if privilege.parent else privilege.scope
    return giver is not None and giver.cvr_number == cvr


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
        home = str(request.session.get("cvr", "")) if user else ""
        web.caller = Caller(user=user, channel=Channel.WEB, request_id=request_id(), home=home)
        web.organisation = None
        response = self.get_response(request)
        if user is not None and web.organisation is not None:
            remember(request, response, web.organisation)
        return response


LAST = "organisation"


def remember(request: HttpRequest, response: HttpResponse, organisation: Organisation) -> None:
    """Keep in a cookie for whom the person last worked, so that they find it first when they come back.

    It opens nothing: it only puts one of the person's own organisations first.
    """
    if request.COOKIES.get(LAST) != organisation.cvr_number:
        response.set_cookie(
            LAST,
            organisation.cvr_number,
            max_age=dt.timedelta(days=365),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def request_id() -> str:
    """Return the id under which the request stands in the logs."""
    return str(structlog.contextvars.get_contextvars().get("request_id") or uuid.uuid4())

"""Getters that guard every view: they return the object, or raise 404 for a stranger and 403 for a reader.

A stranger has no role in the organisation and must not learn whether it exists; a reader belongs there but lacks the
right.
"""

import uuid
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from organisations import second_steps
from organisations.callers import Caller, CallerRequest, Channel
from organisations.models import AccessRequest, Organisation, User
from organisations.models.access_request import AccessRequestQuerySet
from organisations.rights import Right


def caller(request: HttpRequest) -> Caller:
    """Return who acts in the request."""
    return cast(CallerRequest, request).caller


def public(request: HttpRequest, setting: str = "") -> Caller:
    """Guard an open page: anybody, where `setting` (a name) is true or not given. Raises Http404."""
    if setting and not getattr(settings, setting):
        raise Http404
    return caller(request)


def person(request: HttpRequest) -> User:
    """Guard a page about oneself: the signed-in person. Raises Http404 when nobody is signed in."""
    user = caller(request).user
    if user is None:
        raise Http404
    return user


def organisation(request: HttpRequest, cvr: str | uuid.UUID, *, right: Right) -> Organisation:
    """Return the organisation in which the person has the right. Raises Http404 or PermissionDenied."""
    found = member(request, cvr)
    if not caller(request).may(right, found):
        raise PermissionDenied
    return found


def member(request: HttpRequest, cvr: str | uuid.UUID) -> Organisation:
    """Return the organisation when the caller has any role in it, and remember it for the page's frame.

    Pages name it by its CVR number, the API by its id. For other getters to build on; it asks for no right by itself.
    Raises Http404, and `SecondFactorNeeded` where the organisation asks for one. Unknown and foreign organisations
    cost the same one query: the person's own privileges.
    """
    who = caller(request)
    for candidate in who.organisations:
        if cvr in (candidate.cvr_number, candidate.pk):
            if who.channel is Channel.WEB:
                second_steps.enter(request, candidate)
            cast(CallerRequest, request).organisation = candidate
            return candidate
    raise Http404


def reader(request: HttpRequest, *, right: Right) -> Caller:
    """Guard what every caller of the API may look up, of all organisations; return the caller.

    `right` opens what only the organisation's own people see of it: ask `may(right, organisation)`.
    """
    return caller(request)


def where(request: HttpRequest, *, right: Right) -> list[Organisation]:
    """Return the organisations in which the caller has the right, for all of each. Raises PermissionDenied for none."""
    who = caller(request)
    found = [one for one in who.organisations if who.may(right, one)]
    if not found:
        raise PermissionDenied
    return found


def requests(request: HttpRequest, *, right: Right) -> AccessRequestQuerySet:
    """Return the access requests that the caller of the API reads: a person's own, and those sent to an organisation
    in which the caller has the right. Raises PermissionDenied for a caller that is no person and has it nowhere.
    """
    who = caller(request)
    among = [one for one in who.organisations if who.may(right, one)]
    if who.user is None and not among:
        raise PermissionDenied
    found: AccessRequestQuerySet = AccessRequest.objects.with_names()
    return found.of(who.user, among)


def requester(request: HttpRequest) -> User:
    """Guard what people ask for themselves by API. Raises PermissionDenied for no person, and for reading tokens."""
    who = caller(request)
    if who.user is None or who.only_reads:
        raise PermissionDenied
    return who.user


@dataclass(frozen=True)
class Seen:
    """An organisation as somebody sees it: from `inside` with everything, else what all may know."""

    organisation: Organisation
    inside: bool


def seen(request: HttpRequest, organisation_id: uuid.UUID, *, right: Right) -> Seen:
    """Return any organisation; `right` opens its inside. Raises Http404 when there is none of that id."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    return Seen(found, caller(request).may(right, found))


def operator(request: HttpRequest, *, right: Right) -> Caller:
    """Guard a page of the installation. Raises Http404 for anybody outside it, PermissionDenied for its readers."""
    who = caller(request)
    if not who.may_operate(Right.OPERATIONS_VIEW):
        raise Http404
    if not who.may_operate(right):
        raise PermissionDenied
    return who


__all__ = [
    "CallerRequest",
    "Seen",
    "caller",
    "member",
    "operator",
    "organisation",
    "person",
    "public",
    "reader",
    "requester",
    "requests",
    "seen",
    "where",
]

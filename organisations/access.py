"""Getters that guard every view: they return the object, or raise 404 for a stranger and 403 for a reader.

A stranger has no role in the organisation and must not learn whether it exists; a reader belongs there but lacks the
right.
"""

from typing import cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from organisations.callers import Caller, CallerRequest
from organisations.models import Organisation, User
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


def organisation(request: HttpRequest, cvr: str, *, right: Right) -> Organisation:
    """Return the organisation in which the person has the right. Raises Http404 or PermissionDenied."""
    found = member(request, cvr)
    if not caller(request).may(right, found):
        raise PermissionDenied
    return found


def member(request: HttpRequest, cvr: str) -> Organisation:
    """Return the organisation when the person has any role in it, and remember it for the page's frame.

    For other getters to build on; it asks for no right by itself. Raises Http404. Unknown and foreign CVR numbers
    cost the same one query: the person's own privileges.
    """
    for candidate in caller(request).organisations:
        if candidate.cvr_number == cvr:
            cast(CallerRequest, request).organisation = candidate
            return candidate
    raise Http404


def operator(request: HttpRequest, *, right: Right) -> Caller:
    """Guard a page of the installation. Raises Http404 for anybody outside it, PermissionDenied for its readers."""
    who = caller(request)
    if not who.may_operate(Right.OPERATIONS_VIEW):
        raise Http404
    if not who.may_operate(right):
        raise PermissionDenied
    return who


__all__ = ["CallerRequest", "caller", "member", "operator", "organisation", "person", "public"]

"""Getters that guard every view of the room. A grant that is limited to one system opens that one alone."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from organisations.access import caller, member, organisation
from organisations.callers import Grants
from organisations.models import Organisation
from organisations.rights import Right
from systems.models import System, SystemDraft
from systems.models.system import SystemQuerySet


def systems(request: HttpRequest, cvr: str, *, right: Right) -> tuple[Organisation, SystemQuerySet]:
    """Return the organisation and those of its systems for which the person has the right.

    Raises Http404 for a stranger, PermissionDenied for somebody who has the right for none.
    """
    found, grants = _grants(request, cvr)
    only = grants.systems(right)
    if only == set():
        raise PermissionDenied
    return found, System.objects.filter(organisation=found).visible_to(only)


def system(request: HttpRequest, cvr: str, system_id: uuid.UUID, *, right: Right) -> System:
    """Return one system, with what its page shows.

    Raises Http404 for a stranger and for a system that the person's grant does not reach, PermissionDenied for
    somebody who may not do this with it.
    """
    found, grants = _grants(request, cvr)
    one = System.objects.filter(organisation=found, pk=system_id).with_page_data().first()
    if one is None or not (grants.everywhere or system_id in grants.per_system):
        raise Http404
    if not grants.allow(right, system_id):
        raise PermissionDenied
    return one


def draft(request: HttpRequest, cvr: str, draft_id: uuid.UUID, *, right: Right) -> SystemDraft:
    """Return a draft; a grant limited to one system reaches none. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    one = SystemDraft.objects.filter(organisation=found, pk=draft_id).select_related("organisation").first()
    if one is None:
        raise Http404
    return one


def _grants(request: HttpRequest, cvr: str) -> tuple[Organisation, Grants]:
    found = member(request, cvr)
    return found, caller(request).grants(found)


__all__ = ["caller", "draft", "member", "organisation", "system", "systems"]

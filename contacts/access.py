"""Getters that guard every view of the room.

The structure belongs to the whole organisation. A grant that is limited to one system reaches the points which that
system receives for, one by one, and nothing else.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from contacts import audiences
from contacts.models import ContactGroup, ContactPoint, Draft, Publication, UploadedFile
from organisations.access import caller, member, organisation
from organisations.models import Organisation
from organisations.rights import Right
from systems.access import system


def group(request: HttpRequest, cvr: str | uuid.UUID, group_id: uuid.UUID, *, right: Right) -> ContactGroup:
    """Return a group. Raises Http404 for a stranger and an unknown group, PermissionDenied for a reader."""
    found = organisation(request, cvr, right=right)
    one = ContactGroup.objects.filter(organisation=found, pk=group_id).select_related("organisation", "parent").first()
    if one is None:
        raise Http404
    return one


def point(request: HttpRequest, cvr: str | uuid.UUID, point_id: uuid.UUID, *, right: Right) -> ContactPoint:
    """Return a point with its system. Raises Http404 for a stranger and for what the grant does not reach,
    PermissionDenied for somebody who may not do this with it.
    """
    found = member(request, cvr)
    grants = caller(request).grants(found)
    one = (
        ContactPoint.objects.filter(organisation=found, pk=point_id)
        .select_related("organisation", "system", "reviewed_by")
        .first()
    )
    if one is None or not (grants.everywhere or one.system_id in grants.per_system):
        raise Http404
    if not grants.allow(right, one.system_id):
        raise PermissionDenied
    return one


Row = TypeVar("Row", ContactGroup, ContactPoint)


@dataclass(frozen=True)
class Sight(Generic[Row]):
    """What a caller of the API sees of points or groups; of those for which `inside` is true with everything."""

    rows: QuerySet[Row]
    inside: Callable[[Row], bool]


def points_seen(request: HttpRequest, *, right: Right, organisation_id: uuid.UUID | None = None) -> Sight[ContactPoint]:
    """Return the points of an organisation (None: of all) that the caller may look up.

    Those of its own, where it has the right, and whatever anybody may write to. Raises Http404 for no organisation.
    """
    rows, own, systems_ = ContactPoint.objects.all(), *_own(request, right)
    inside = Q(organisation__in=own) | Q(system__in=systems_) if systems_ else Q(organisation__in=own)
    if organisation_id is not None:
        _require_organisation(organisation_id)
        rows = rows.filter(organisation=organisation_id)
    if organisation_id is None or organisation_id not in own:
        rows = rows.filter(inside | Q(active=True, visible=True))
    return Sight(rows, lambda row: row.organisation_id in own or row.system_id in systems_)


def groups_seen(request: HttpRequest, *, right: Right, organisation_id: uuid.UUID | None = None) -> Sight[ContactGroup]:
    """Return the groups that the caller may look up: its own, and those in which anybody finds a point."""
    rows, own = ContactGroup.objects.all(), _own(request, right)[0]
    if organisation_id is not None:
        _require_organisation(organisation_id)
        rows = rows.filter(organisation=organisation_id)
    if organisation_id is None or organisation_id not in own:
        rows = rows.filter(Q(organisation__in=own) | audiences.seen(organisation_id))
    return Sight(rows, lambda row: row.organisation_id in own)


def _own(request: HttpRequest, right: Right) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Return the organisations in which the caller has the right, and single systems for which it has."""
    who = caller(request)
    limits = {one.pk: who.grants(one).systems(right) for one in who.organisations}
    whole = {pk for pk, only in limits.items() if only is None}
    return whole, {system_id for only in limits.values() for system_id in only or ()}


def _require_organisation(organisation_id: uuid.UUID) -> None:
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise Http404


def draft(request: HttpRequest, cvr: str | uuid.UUID, draft_id: uuid.UUID, *, right: Right) -> Draft:
    """Return a draft of the structure, whatever has become of it. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    drafts = Draft.objects.filter(organisation=found, pk=draft_id)
    one = drafts.select_related("organisation", "begun_by", "planned_by").first()
    if one is None:
        raise Http404
    return one


def publication(request: HttpRequest, cvr: str | uuid.UUID, publication_id: uuid.UUID, *, right: Right) -> Publication:
    """Return a publication of the structure. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    publications = Publication.objects.filter(organisation=found, pk=publication_id)
    one = publications.select_related("organisation", "made_by", "draft").first()
    if one is None:
        raise Http404
    return one


def uploaded_file(request: HttpRequest, cvr: str | uuid.UUID, file_id: uuid.UUID, *, right: Right) -> UploadedFile:
    """Return an uploaded file that waits to be applied. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    one = (
        UploadedFile.objects.filter(organisation=found, pk=file_id)
        .select_related("organisation", "blob", "job")
        .first()
    )
    if one is None:
        raise Http404
    return one


__all__ = [
    "Sight",
    "caller",
    "draft",
    "group",
    "groups_seen",
    "member",
    "organisation",
    "point",
    "points_seen",
    "publication",
    "system",
    "uploaded_file",
]

"""Getters that guard every view of the room.

The structure belongs to the whole organisation. A grant that is limited to one system reaches the points which that
system receives for, one by one, and nothing else.
"""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from contacts.models import ContactGroup, ContactPoint, Draft, Publication, UploadedFile
from organisations.access import caller, member, organisation
from organisations.rights import Right
from systems.access import system


def group(request: HttpRequest, cvr: str, group_id: uuid.UUID, *, right: Right) -> ContactGroup:
    """Return a group. Raises Http404 for a stranger and an unknown group, PermissionDenied for a reader."""
    found = organisation(request, cvr, right=right)
    one = ContactGroup.objects.filter(organisation=found, pk=group_id).select_related("organisation", "parent").first()
    if one is None:
        raise Http404
    return one


def point(request: HttpRequest, cvr: str, point_id: uuid.UUID, *, right: Right) -> ContactPoint:
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


def draft(request: HttpRequest, cvr: str, draft_id: uuid.UUID, *, right: Right) -> Draft:
    """Return a draft of the structure, whatever has become of it. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    drafts = Draft.objects.filter(organisation=found, pk=draft_id)
    one = drafts.select_related("organisation", "begun_by", "planned_by").first()
    if one is None:
        raise Http404
    return one


def publication(request: HttpRequest, cvr: str, publication_id: uuid.UUID, *, right: Right) -> Publication:
    """Return a publication of the structure. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    publications = Publication.objects.filter(organisation=found, pk=publication_id)
    one = publications.select_related("organisation", "made_by", "draft").first()
    if one is None:
        raise Http404
    return one


def uploaded_file(request: HttpRequest, cvr: str, file_id: uuid.UUID, *, right: Right) -> UploadedFile:
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


__all__ = ["caller", "draft", "group", "member", "organisation", "point", "publication", "system", "uploaded_file"]

"""Finding requests: a person's own, those that the operator or an organisation decides, and who is told of them."""

import datetime as dt
import uuid

from django.http import Http404

from organisations.holding import holders
from organisations.models import AccessRequest, Documentation, Organisation, Privilege, User
from organisations.models.access_request import AccessRequestQuerySet
from organisations.rights import PrivilegeType

PROCESSORS = (PrivilegeType.ORGANISATION_USER_ADMINISTRATOR, PrivilegeType.ACCESS_REQUEST_ADMINISTRATOR)


def rows() -> AccessRequestQuerySet:
    """Return all requests, each with everything that a page names."""
    found: AccessRequestQuerySet = AccessRequest.objects.with_names()
    return found


def own(user: User) -> AccessRequestQuerySet:
    """Return what the person has asked for."""
    return rows().filter(requester=user)


def own_case(user: User, request_id: uuid.UUID) -> AccessRequest:
    """Return a request that the person has made. Raises Http404 for anybody else's and for none."""
    return _one(own(user), request_id)


def operators_case(request_id: uuid.UUID) -> AccessRequest:
    """Return a request that the operator decides. Raises Http404."""
    return _one(rows().to_operator(), request_id)


def organisations_case(organisation: Organisation, request_id: uuid.UUID) -> AccessRequest:
    """Return a request that the organisation decides. Raises Http404."""
    return _one(rows().to_organisation(organisation), request_id)


def _one(found: AccessRequestQuerySet, request_id: uuid.UUID) -> AccessRequest:
    case = found.filter(pk=request_id).first()
    if case is None:
        raise Http404
    return case


def document(case: AccessRequest, document_id: uuid.UUID) -> Documentation:
    """Return a document of the request, once it has been uploaded. Raises Http404."""
    found = case.documents.uploaded().filter(pk=document_id).select_related("blob", "preview").first()
    if found is None:
        raise Http404
    found.request = case
    return found


def documents(case: AccessRequest) -> list[Documentation]:
    """Return the uploaded documents of a request with what is said of their files, in the order they came."""
    return list(case.documents.uploaded().select_related("blob").defer("blob__encrypted"))


def processors(case: AccessRequest, *, at: dt.datetime) -> list[User]:
    """Return who is to be told that the request waits: the system managers, or the organisation's processors."""
    if case.goes_to_operator:
        managers = Privilege.objects.filter(type=PrivilegeType.SYSTEM_MANAGER, user__is_active=True)
        return list(User.objects.filter(pk__in=managers.values("user")).order_by("name", "pk"))
    return list(holders(case.organisation, *PROCESSORS, at=at)) if case.organisation else []

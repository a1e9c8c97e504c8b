"""Getters that guard every view of the room. A grant that is limited to one system opens that one alone."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest

from certificates.models import Certificate, SshKey
from organisations.access import caller, member, operator, organisation, public, reader, where
from organisations.callers import Grants
from organisations.models import Organisation
from organisations.rights import Right
from systems.credential_rows import CredentialRows, credentials_of, uses_certificate, uses_key, whose
from systems.models import CertificateSwapRequest, System, SystemDraft, SystemTemplate
from systems.models.standard import SystemTemplateQuerySet
from systems.models.system import SystemQuerySet


def systems(request: HttpRequest, cvr: str | uuid.UUID, *, right: Right) -> tuple[Organisation, SystemQuerySet]:
    """Return the organisation and those of its systems for which the person has the right.

    Raises Http404 for a stranger, PermissionDenied for somebody who has the right for none.
    """
    found, grants = _grants(request, cvr)
    only = grants.systems(right)
    if only == set():
        raise PermissionDenied
    return found, System.objects.filter(organisation=found).visible_to(only)


def system(request: HttpRequest, cvr: str | uuid.UUID, system_id: uuid.UUID, *, right: Right) -> System:
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


def draft(request: HttpRequest, cvr: str | uuid.UUID, draft_id: uuid.UUID, *, right: Right) -> SystemDraft:
    """Return a draft; a grant limited to one system reaches none. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    one = SystemDraft.objects.filter(organisation=found, pk=draft_id).select_related("organisation").first()
    if one is None:
        raise Http404
    return one


def template(request: HttpRequest, cvr: str, template_id: uuid.UUID, *, right: Right) -> SystemTemplate:
    """Return a standard system that the organisation may read: its own, or one that somebody has published.

    A grant limited to one system reaches none. Raises Http404 or PermissionDenied.
    """
    found = organisation(request, cvr, right=right)
    return _template(SystemTemplate.objects.readable_for(found.pk), template_id)


def own_template(request: HttpRequest, cvr: str, template_id: uuid.UUID, *, right: Right) -> SystemTemplate:
    """Return a standard system of the organisation's own. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    return _template(SystemTemplate.objects.filter(organisation=found), template_id)


def _template(among: SystemTemplateQuerySet, template_id: uuid.UUID) -> SystemTemplate:
    one = among.filter(pk=template_id).select_related("organisation").first()
    if one is None:
        raise Http404
    return one


@dataclass(frozen=True)
class CredentialScope:
    """What a person may see of an organisation's credentials: the rows, and the systems that may be named."""

    organisation: Organisation
    systems: SystemQuerySet
    rows: CredentialRows
    limited: bool


def credentials(request: HttpRequest, cvr: str | uuid.UUID, *, right: Right) -> CredentialScope:
    """Return the organisation's credentials that the person may see.

    Employee certificates of others are for those who may see people. A role limited to single systems shows what those
    systems use. Raises Http404 for a stranger, PermissionDenied for somebody who has the right for no system.
    """
    found, own = systems(request, cvr, right=right)
    grants = caller(request).grants(found)
    limited = not grants.allow(right)
    people = whose(caller(request).user, everybody=grants.allow(Right.PEOPLE_VIEW))
    return CredentialScope(found, own, credentials_of(found, systems=own, people=people, limited=limited), limited)


def certificate(request: HttpRequest, cvr: str | uuid.UUID, certificate_id: uuid.UUID, *, right: Right) -> Certificate:
    """Return a certificate of the organisation that the person may see, when they have the right to it.

    A change needs the right for the organisation, or for one of the systems that use the certificate. Raises Http404
    or PermissionDenied.
    """
    scope = credentials(request, cvr, right=Right.SYSTEMS_VIEW)
    one = scope.organisation.certificates.filter(pk=certificate_id).select_related("user").first()
    if one is None or not scope.rows.holds_certificate(one):
        raise Http404
    _may_touch(request, scope, right, scope.systems.filter(uses_certificate(one.sha256)))
    one.organisation = scope.organisation
    found: Certificate = one
    return found


def ssh_key(request: HttpRequest, cvr: str | uuid.UUID, key_id: uuid.UUID, *, right: Right) -> SshKey:
    """Return an SSH key of the organisation, as `certificate`."""
    scope = credentials(request, cvr, right=Right.SYSTEMS_VIEW)
    one = scope.organisation.ssh_keys.filter(pk=key_id).first()
    if one is None or not scope.rows.holds_key(one):
        raise Http404
    _may_touch(request, scope, right, scope.systems.filter(uses_key(one.fingerprint)))
    one.organisation = scope.organisation
    return one


def _may_touch(request: HttpRequest, scope: CredentialScope, right: Right, users: SystemQuerySet) -> None:
    grants = caller(request).grants(scope.organisation)
    if grants.allow(right):
        return
    if not any(grants.allow(right, pk) for pk in users.values_list("pk", flat=True)):
        raise PermissionDenied


def swap_request(
    request: HttpRequest, cvr: str | uuid.UUID, request_id: uuid.UUID, *, right: Right
) -> CertificateSwapRequest:
    """Return a request that the organisation received or made. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    concerned = Q(organisation=found) | Q(asked_by=found)
    one = CertificateSwapRequest.objects.filter(concerned, pk=request_id).select_related(
        "organisation", "asked_by", "asker", "certificate", "answerer"
    )
    if (asked := one.first()) is None:
        raise Http404
    return asked


def _grants(request: HttpRequest, cvr: str | uuid.UUID) -> tuple[Organisation, Grants]:
    found = member(request, cvr)
    return found, caller(request).grants(found)


__all__ = [
    "caller",
    "certificate",
    "credentials",
    "draft",
    "member",
    "operator",
    "organisation",
    "own_template",
    "public",
    "reader",
    "ssh_key",
    "swap_request",
    "system",
    "systems",
    "template",
    "where",
]

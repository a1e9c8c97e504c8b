"""What commands say of groups and points, read into our values; what cannot stand is named by its name on the wire."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from adgang.lib.api.enums import Audience
from adgang.lib.api.errors import FieldError, invalid
from adgang.lib.findings import Finding
from contacts import rules
from contacts.api.schemas import ContactGroupCommand, ContactPointCode, ContactPointCommand, ReportLink
from contacts.codes import tidy
from contacts.models import ContactGroup, ContactPoint
from contacts.texts import one_line, paragraphs
from contacts.values import Code, GroupValues, Mailbox, PointValues
from organisations.models import Organisation
from systems.models import System

# Our values by their names on the wire, where the rule for names does not make them.
NAMES = {
    "organisational_unit": "organisationalUnit",
    "postkasse_ids": "postkasseIds",
    "internal_description": "internalDescription",
    "system": "systemId",
    "codes": "contactPointCodes",
    "search_terms": "searchTerms",
    "recommended_attributes": "recommendedAttributes",
    "memo_size_threshold_mb": "memoSizeThresholdMB",
    "allowed_number_of_attachments": "allowedNumberOfAttachments",
    "report_link_url": "reportLink.externalLink",
    "report_link_text": "reportLink.externalLinkText",
    "report_link_description": "reportLink.description",
    "report_link_label": "reportLink.label",
    "registry_id": "registryId",
}
# How a point is now: in the database, or in a draft.
Before = ContactPoint | PointValues | None
MOST_MB = Decimal(10**6)


def fault(resource: str, field: str, found: Finding) -> FieldError:
    """Return what was found as it is told of a property."""
    text = f"{found.message} {found.remedy}".strip()
    return FieldError(resource=resource, field=NAMES.get(field, field), code=found.code, message=text)


def _line(text: str | None) -> str:
    return one_line(text or "")


def group_values(body: ContactGroupCommand, before: ContactGroup | GroupValues | None = None) -> GroupValues:
    """Return what the command says of a group. Raises `ApiError` for what cannot stand."""
    known = before.registry_id if before else None
    values = GroupValues(
        name=_line(body.name),
        description=paragraphs(body.description or ""),
        organisational_unit=bool(body.organisational_unit),
        postkasse_ids=tuple(body.postkasse_ids or ()),
        registry_id=body.registry_id if "registry_id" in body.model_fields_set else known,
    )
    if faults := rules.group_faults(values):
        raise invalid(fault("contactGroup", field, found) for field, found in faults)
    return values


def parent_of(body: ContactGroupCommand, organisation: Organisation) -> ContactGroup | None:
    """Return the group above, None for the top level. Raises `ApiError` for one that the organisation has not."""
    if body.parent is None or body.parent.id is None:
        return None
    return _groups([body.parent.id], organisation, "contactGroup", "parent.id")[0]


def _groups(ids: Sequence[uuid.UUID], organisation: Organisation, resource: str, field: str) -> list[ContactGroup]:
    rows = {row.pk: row for row in ContactGroup.objects.filter(organisation=organisation, pk__in=ids)}
    if missing := [one for one in ids if one not in rows]:
        text = _("The organisation has no group with this ID.")
        raise invalid(
            FieldError(resource=resource, field=field, code="group.unknown", message=text, rejected=str(one))
            for one in missing
        )
    return [rows[one] for one in dict.fromkeys(ids)]


def groups_of(body: ContactPointCommand, organisation: Organisation) -> list[ContactGroup | None]:
    """Return the groups that the point is to stand in; the top level (None) when none is named. Raises `ApiError`."""
    ids = [one.id for one in body.contact_groups or () if one.id is not None]
    return [*_groups(ids, organisation, "contactPoint", "contactGroups")] or [None]


def point_values(body: ContactPointCommand, organisation: Organisation, before: Before) -> PointValues:
    """Return what the command says of a point. Raises `ApiError` for what cannot stand."""
    targets, link = set(body.targets or ()), body.report_link or ReportLink()
    values = PointValues(
        name=_line(body.name),
        system=_system(body.system_id, organisation),
        description=paragraphs(body.description or ""),
        internal_description=paragraphs(body.internal_description or ""),
        for_citizens=Audience.CITIZEN in targets,
        for_companies=Audience.COMPANY in targets,
        for_authorities=Audience.AUTHORITY in targets,
        active=bool(body.active if body.active is not None else before and before.active),
        visible=bool(body.visible if body.visible is not None else before and before.visible),
        registry_id=_registry_id(body, before),
        replaced_by=before.replaced_by if before else None,
        report_link_label=_line(link.label),
        report_link_description=_line(link.description),
        report_link_url=_line(link.external_link),
        report_link_text=_line(link.external_link_text),
        memo_size_threshold_mb=_size(body.memo_size_threshold_mb),
        allowed_number_of_attachments=body.allowed_number_of_attachments,
        codes=tuple(_code(one) for one in body.contact_point_codes or ()),
        search_terms=_terms(one.term for one in body.search_terms or ()),
        recommended_attributes=_terms(one.name for one in body.recommended_attributes or ()),
        translations=tuple(
            Mailbox(one.postkasse_id or 0, one.postkasse_emne_id or 0) for one in body.translations or ()
        ),
    )
    if faults := rules.point_faults(values):
        raise invalid(fault("contactPoint", field, found) for field, found in faults)
    return values


def _registry_id(body: ContactPointCommand, before: Before) -> uuid.UUID | None:
    if "registry_id" in body.model_fields_set:
        return body.registry_id
    return before.registry_id if before else None


def _system(system_id: uuid.UUID | None, organisation: Organisation) -> System:
    found = System.objects.filter(organisation=organisation, pk=system_id).first() if system_id else None
    if found is None:
        text = _("Name one of the organisation's recipient systems.")
        rejected = str(system_id) if system_id else None
        raise invalid(
            [
                FieldError(
                    resource="contactPoint", field="systemId", code="system.unknown", message=text, rejected=rejected
                )
            ]
        )
    return found


def _size(value: float | None) -> Decimal | None:
    """Return a size in MB to two places; 0 means that there is no limit."""
    if not value:
        return None
    size = Decimal(str(value))
    if not size.is_finite() or abs(size) >= MOST_MB:
        return MOST_MB  # which the rules refuse
    return size.quantize(Decimal("0.01"))


def _code(one: ContactPointCode) -> Code:
    type_ = str(one.type or "")
    label = _line(one.contact_point_code_type_name) if type_ == "CUSTOM" else ""
    return Code(
        type=type_,
        code=tidy(type_, _line(one.code)),
        code_version=_line(one.code_version),
        name=_line(one.name),
        type_name=label,
    )


def _terms(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(filter(None, (_line(text) for text in texts)))

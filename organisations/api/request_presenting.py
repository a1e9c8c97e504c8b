"""A request for access as it travels, by who looks: whoever asked, whoever decides, whoever was appointed."""

from enum import Enum
from typing import Any

from adgang.lib.api import enums
from organisations import models
from organisations.access_requests.kinds import TEXTS
from organisations.api.request_schemas import AccessRequest, Documentation, RequestParticipant, Target
from organisations.dates import end_of
from organisations.models.access_request import WITH_TARGET, RequestState, RequestType
from organisations.rights import PrivilegeType, roles


class Eye(Enum):
    """Who looks at a request."""

    REQUESTER = "requester"
    PROCESSOR = "processor"
    APPOINTED = "appointed"


def request_wire(case: models.AccessRequest, eye: Eye) -> AccessRequest:
    """Return a request as it travels. What is required is always there; the appointed person reads no reasons."""
    told: dict[str, Any] = {
        "id": case.pk,
        "version": case.version,
        "created_date_time": case.created,
        "last_updated": case.updated,
        "request_type": case.request_type,
        "request_state": case.state,
        "requester": _requester(case),
        "access_to": _organisation(case.cvr_number, case.organisation, case.organisation_name),
        "target": _target(case),
        "processed_automatically": case.processed_automatically,
        "created_on_behalf_of": case.requester_organisation_id is not None,
        "created_by_identity_id": case.requester_id,
        "submission_date_time": case.submitted,
        "submitted_by_identity_id": case.requester_id if case.submitted else None,
    }
    return AccessRequest(**told if eye is Eye.APPOINTED else told | _asked(case) | _decided(case, eye))


def _asked(case: models.AccessRequest) -> dict[str, Any]:
    """Return what the requester has written, asked for and sent along."""
    texts = {name: getattr(case, name) or None for name in (*TEXTS, "note")}
    return texts | {
        "privileges": [role for role in case.privileges if roles()[PrivilegeType(role)].wire],
        "privilege_end_date": case.privilege_end,
        "privilege_end_date_time": end_of(case.privilege_end) if case.privilege_end else None,
        "documentations": [_document(case, one) for one in case.documents.all()],
        "authority_type": case.authority_type or None,
        "accepted_terms": case.terms.label if case.terms else None,
    }


def _decided(case: models.AccessRequest, eye: Eye) -> dict[str, Any]:
    """Return what became of it. The requester reads comments once the processor is done; who it was, nobody else."""
    told: dict[str, Any] = {
        "rejection_reason": case.rejection_reason or None,
        "revocation_reason": case.revocation_reason or None,
        "revocation_date_time": case.revoked,
    }
    decision = "rejection" if case.state == RequestState.REJECTED else "approval"
    told[f"{decision}_date_time"] = case.decided
    if eye is Eye.PROCESSOR:
        told[f"{'rejected' if decision == 'rejection' else 'approved'}_by_identity_id"] = case.decided_by_id
        told["revoked_by_identity_id"] = case.revoked_by_id
    if eye is Eye.PROCESSOR or case.state != RequestState.SUBMITTED:
        told |= {f"{name}_comments": getattr(case, f"{name}_comments") or None for name in TEXTS}
        told["processor_note"] = case.processor_note or None
    return told


def _requester(case: models.AccessRequest) -> RequestParticipant:
    first, _blank, last = case.requester.name.rpartition(" ")
    vendor = case.requester_organisation
    return RequestParticipant(
        identity_id=case.requester_id,
        employee_identity_id=case.requester_id,
        identity_type_resolved=enums.IdentityType.EMPLOYEE,
        organisation_identity_id=vendor.pk if vendor else None,
        organisation_name_resolved=vendor.name if vendor else None,
        first_name_resolved=first or None,
        last_name_resolved=last or None,
        email_address=case.requester.email,
        position=case.requester_position or None,
        phone_number=case.requester_phone or None,
    )


def _organisation(cvr: str, known: models.Organisation | None, name: str = "") -> RequestParticipant:
    return RequestParticipant(
        external_id=cvr or None,
        external_id_type=enums.ExternalIdType.CVR if cvr else None,
        organisation_identity_id=known.pk if known else None,
        identity_id=known.pk if known else None,
        identity_type_resolved=enums.IdentityType.COMPANY,
        organisation_name_resolved=(known.name if known else name) or None,
    )


def _target(case: models.AccessRequest) -> Target:
    """Return who is to get it: the appointed person, the organisation that is to act, or who asks."""
    if case.request_type in WITH_TARGET:
        first, _blank, last = case.target_name.rpartition(" ")
        return Target(
            request_participant=RequestParticipant(
                first_name_provided=first or None,
                last_name_provided=last or None,
                email_address=case.target_email or None,
                position=case.target_position or None,
            ),
            target_state=case.target_state or None,
            activation_code_sent_date_time=case.code_sent,
            activation_date_time=case.activated,
        )
    vendor = case.requester_organisation
    match case.type:
        case RequestType.DELEGATION_REQUEST:
            return Target(request_participant=_organisation(case.delegate_cvr, None))
        case RequestType.APPOINTED_DELEGATION_REQUEST if vendor is not None:
            return Target(request_participant=_organisation(vendor.cvr_number, vendor))
        case RequestType.CONNECTION_AGREEMENT_REQUEST:
            return Target(request_participant=_organisation(case.cvr_number, case.organisation, case.organisation_name))
    return Target(request_participant=_requester(case))


def _document(case: models.AccessRequest, row: models.Documentation) -> Documentation:
    return Documentation(
        id=row.pk,
        version=case.version,
        created_date_time=row.created,
        last_updated=row.updated,
        media_type=row.blob.media_type if row.blob else None,
        filename=row.blob.filename if row.blob else None,
        documentation_type=row.documentation_type,
        size=row.blob.size if row.blob else None,
    )

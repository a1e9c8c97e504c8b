"""Requests for access on the wire (registry API 1.68.0), and the few properties of ours that they need besides."""

from adgang.lib.api import enums
from adgang.lib.api.long_enums import PrivilegeType
from adgang.lib.api.wire import Day, Flag, Id, Long, Moment, RequiredId, ResultPage, Text, Wire, choice, choices


class RequestParticipant(Wire):
    """A person or an organisation in a request. `phoneNumber` is this portal's own."""

    id: Id = None
    version: Long = None
    created_date_time: Moment = None
    last_updated: Moment = None
    external_id: Text = None
    external_id_type: choice(enums.ExternalIdType) = None  # type: ignore[valid-type]
    organisation_identity_id: Id = None
    organisation_name_resolved: Text = None
    employee_identity_id: Id = None
    citizen_identity_id: Id = None
    identity_id: Id = None
    identity_type_resolved: choice(enums.IdentityType) = None  # type: ignore[valid-type]
    first_name_provided: Text = None
    last_name_provided: Text = None
    first_name_resolved: Text = None
    last_name_resolved: Text = None
    email_address: Text = None
    alias: Text = None
    position: Text = None
    dar_address_id: Id = None
    phone_number: Text = None


class Target(Wire):
    """Who gets what is asked for, and how far that is."""

    id: Id = None
    version: Long = None
    created_date_time: Moment = None
    last_updated: Moment = None
    request_participant: RequestParticipant | None = None
    target_state: choice(enums.TargetState) = None  # type: ignore[valid-type]
    activation_code_sent_date_time: Moment = None
    activation_date_time: Moment = None


class Documentation(Wire):
    """A document. It is announced in the request, then its file is sent; it stands at the request's version."""

    id: Id = None
    version: Long = None
    created_date_time: Moment = None
    last_updated: Moment = None
    media_type: Text = None
    filename: Text = None
    documentation_type: choice(enums.DocumentationType) = None  # type: ignore[valid-type]
    size: Long = None


class Communication(Wire):
    """What was sent about a request; this portal tells of none, the mails stand in its own outbox."""

    id: Id = None
    version: Long = None
    created_date_time: Moment = None
    last_updated: Moment = None
    media_type: Text = None
    filename: Text = None
    communication_type: choice(enums.CommunicationType) = None  # type: ignore[valid-type]
    size: Long = None


class AccessRequest(Wire):
    """A request for access. `authorityType` and `acceptedTerms` are this portal's own.

    `authorityType` says what kind of authority a body is that asks to be connected; `acceptedTerms` is the version of
    the terms that the requester has read and accepts.
    """

    id: Id = None
    version: Long = None
    transaction_id: Text = None
    created_date_time: Moment = None
    last_updated: Moment = None
    request_type: choice(enums.AccessRequestType) = None  # type: ignore[valid-type]
    request_state: choice(enums.AccessRequestState) = None  # type: ignore[valid-type]
    requester: RequestParticipant | None = None
    access_to: RequestParticipant | None = None
    privileges: choices(PrivilegeType) = None  # type: ignore[valid-type]
    privilege_end_date: Day = None
    privilege_end_date_time: Moment = None
    user_groups: list[RequiredId] | None = None
    created_by_identity_id: Id = None
    created_on_behalf_of: Flag = None
    note: Text = None
    message_number: Text = None
    qualification: Text = None
    qualification_comments: Text = None
    justification: Text = None
    justification_comments: Text = None
    legal_basis: Text = None
    legal_basis_comments: Text = None
    target: Target | None = None
    documentations: list[Documentation] | None = None
    communications: list[Communication] | None = None
    processor_note: Text = None
    processed_automatically: Flag = None
    submission_date_time: Moment = None
    submitted_by_identity_id: Id = None
    approval_date_time: Moment = None
    approved_by_identity_id: Id = None
    rejection_date_time: Moment = None
    rejection_reason: Text = None
    rejection_comments: Text = None
    rejected_by_identity_id: Id = None
    revocation_date_time: Moment = None
    revocation_reason: Text = None
    revocation_comments: Text = None
    revoked_by_identity_id: Id = None
    authority_type: choice(enums.AuthorityType) = None  # type: ignore[valid-type]
    accepted_terms: Text = None


class AccessRequestSearchResult(ResultPage):
    """A page of requests."""

    access_requests: list[AccessRequest] | None = None


class TargetActivation(Wire):
    """The activation code from the mail."""

    code: Id = None

"""Values of the registry's enumerations, in the order in which its clients number them (registry API 1.68.0)."""

from enum import StrEnum

UNKNOWN = "UNKNOWN"


class ServiceProtocol(StrEnum):
    """How messages travel."""

    UNKNOWN = "UNKNOWN"
    AS4 = "AS4"
    REST_PUBLISH_SUBSCRIBE = "REST_PUBLISH_SUBSCRIBE"
    REST_PULL = "REST_PULL"
    REST_PUSH = "REST_PUSH"
    SMTP = "SMTP"
    SFTP = "SFTP"


class SystemType(StrEnum):
    """What a system does."""

    UNKNOWN = "UNKNOWN"
    SENDER = "SENDER"
    RECIPIENT = "RECIPIENT"
    RECIPIENT_DEFAULT = "RECIPIENT_DEFAULT"


class ReceiptFormat(StrEnum):
    """The format of receipts."""

    UNKNOWN = "UNKNOWN"
    MEMO = "MEMO"
    DP = "DP"
    DP2 = "DP2"


class Audience(StrEnum):
    """Who may see and use a contact point."""

    UNKNOWN = "UNKNOWN"
    CITIZEN = "CITIZEN"
    COMPANY = "COMPANY"
    AUTHORITY = "AUTHORITY"


class OrganisationType(StrEnum):
    """An authority exchanges with anyone, a company with authorities only."""

    UNKNOWN = "UNKNOWN"
    AUTHORITY = "AUTHORITY"
    COMPANY = "COMPANY"


class AuthorityType(StrEnum):
    """The kind of authority."""

    UNKNOWN = "UNKNOWN"
    STATE = "STATE"
    MUNICIPALITY = "MUNICIPALITY"
    REGION = "REGION"
    OTHER = "OTHER"


class LogoMediaType(StrEnum):
    """The form of a logo."""

    UNKNOWN = "UNKNOWN"
    IMAGE_PNG = "IMAGE_PNG"


class OrganisationStatus(StrEnum):
    """The status in the business register."""

    UNKNOWN = "UNKNOWN"
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    CLOSED = "CLOSED"


class ContactPointCodeType(StrEnum):
    """The classifications of codes."""

    UNKNOWN = "UNKNOWN"
    CUSTOM = "CUSTOM"
    FORM = "FORM"
    GLN = "GLN"
    KLE = "KLE"
    SOR = "SOR"


class OrganisationSubscriptionOperation(StrEnum):
    """Of which organisations a sender system wants to be told."""

    UNKNOWN = "UNKNOWN"
    ALL_ORGANISATIONS = "ALL_ORGANISATIONS"
    NEW_ORGANISATIONS = "NEW_ORGANISATIONS"


class PrivilegeSource(StrEnum):
    """How a privilege came to be."""

    UNKNOWN = "UNKNOWN"
    APPOINTED = "APPOINTED"
    NPTE = "NPTE"
    SELF_SERVICE = "SELF_SERVICE"
    MANUAL = "MANUAL"
    MIGRATED = "MIGRATED"


class IdentityGroupType(StrEnum):
    """The implicit group of one identity, or one that was made."""

    UNKNOWN = "UNKNOWN"
    DEFAULT = "DEFAULT"
    MANUAL = "MANUAL"


class AccessRequestType(StrEnum):
    """What is asked for."""

    UNKNOWN = "UNKNOWN"
    PRIVILEGE_REQUEST = "PRIVILEGE_REQUEST"
    DELEGATION_REQUEST = "DELEGATION_REQUEST"
    APPOINTED_DELEGATION_REQUEST = "APPOINTED_DELEGATION_REQUEST"
    CONNECTION_AGREEMENT_REQUEST = "CONNECTION_AGREEMENT_REQUEST"
    TERMS_APPROVAL_REQUEST = "TERMS_APPROVAL_REQUEST"
    USER_ADMIN_STATEMENT_OF_TRUTH_PRIVILEGE_REQUEST = "USER_ADMIN_STATEMENT_OF_TRUTH_PRIVILEGE_REQUEST"
    USER_ADMIN_LOST_PRIVILEGE_REQUEST = "USER_ADMIN_LOST_PRIVILEGE_REQUEST"
    SPECIAL_PRIVILEGE_REQUEST = "SPECIAL_PRIVILEGE_REQUEST"
    LEGAL_OWNER_OF_INACTIVE_OR_CLOSED_COMPANY_PRIVILEGE_REQUEST = (
        "LEGAL_OWNER_OF_INACTIVE_OR_CLOSED_COMPANY_PRIVILEGE_REQUEST"
    )
    DELEGATED_SUPPORT_ADMIN_PRIVILEGE_REQUEST = "DELEGATED_SUPPORT_ADMIN_PRIVILEGE_REQUEST"


class AccessRequestState(StrEnum):
    """How far a request is."""

    UNKNOWN = "UNKNOWN"
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    REVOKED = "REVOKED"


class ExternalIdType(StrEnum):
    """By what number somebody is known outside."""

    UNKNOWN = "UNKNOWN"
    CPR = "CPR"
    CVR = "CVR"


class IdentityType(StrEnum):
    """What an identity stands for."""

    UNKNOWN = "UNKNOWN"
    EXTERNAL_SYSTEM = "EXTERNAL_SYSTEM"
    INTERNAL_SYSTEM = "INTERNAL_SYSTEM"
    CITIZEN = "CITIZEN"
    EMPLOYEE = "EMPLOYEE"
    COMPANY = "COMPANY"


class TargetState(StrEnum):
    """How far the appointed person is."""

    UNKNOWN = "UNKNOWN"
    PENDING = "PENDING"
    ACTIVATION_CODE_SENT = "ACTIVATION_CODE_SENT"
    GRANTED = "GRANTED"


class DocumentationType(StrEnum):
    """What a document is."""

    UNKNOWN = "UNKNOWN"
    CURATOR_CERTIFICATE = "CURATOR_CERTIFICATE"
    LIQUIDATOR_CERTIFICATE = "LIQUIDATOR_CERTIFICATE"
    CVR_EXTRACT = "CVR_EXTRACT"
    RECONSTRUCTOR_CERTIFICATE = "RECONSTRUCTOR_CERTIFICATE"
    BOARD_MEETING_SUMMARY_EXTRACT = "BOARD_MEETING_SUMMARY_EXTRACT"
    CERTIFICATE_OF_TERMINATION = "CERTIFICATE_OF_TERMINATION"
    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY"
    PROBATE_CERTIFICATE = "PROBATE_CERTIFICATE"
    SIGNED_CONNECTION_AGREEMENT = "SIGNED_CONNECTION_AGREEMENT"
    ARTICLES_OF_ASSOCIATION = "ARTICLES_OF_ASSOCIATION"
    ACCOUNTS = "ACCOUNTS"
    ORGANISATION_DIAGRAM = "ORGANISATION_DIAGRAM"
    BUSINESS_CARD = "BUSINESS_CARD"
    LAW_OR_EXECUTIVE_ORDER_EXTRACT = "LAW_OR_EXECUTIVE_ORDER_EXTRACT"
    PERSONAL_CREDENTIALS = "PERSONAL_CREDENTIALS"
    OTHER = "OTHER"


class CommunicationType(StrEnum):
    """What was sent about a request."""

    UNKNOWN = "UNKNOWN"
    ACCESS_REQUEST_MESSAGE_EMAIL = "ACCESS_REQUEST_MESSAGE_EMAIL"
    ACCESS_REQUEST_MESSAGE_MEMO = "ACCESS_REQUEST_MESSAGE_MEMO"
    JOURNAL = "JOURNAL"
    PRIVILEGE_MESSAGE_EMAIL = "PRIVILEGE_MESSAGE_EMAIL"
    PRIVILEGE_MESSAGE_MEMO = "PRIVILEGE_MESSAGE_MEMO"

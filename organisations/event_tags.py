"""The one table of event tags: what may stand in the event log, in which slice, in which words.

`wire` is the registry's own tag where one fits; events whose tag has none travel without it. The table is data and
names things of the rooms above.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Slice(StrEnum):
    """The three parts of the log, each with a role of its own."""

    ACTIONS = "ACTIONS"
    LOOKUPS = "LOOKUPS"
    MESSAGES = "MESSAGES"


class Tag(StrEnum):
    """What happened."""

    # People and rights
    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    LOCKED_OUT = "LOCKED_OUT"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 – a tag, not a password
    IDENTITY_BOUND = "IDENTITY_BOUND"
    IDENTITY_REMOVED = "IDENTITY_REMOVED"
    FACTOR_ADDED = "FACTOR_ADDED"
    FACTOR_REMOVED = "FACTOR_REMOVED"
    EMAIL_CHANGE_ASKED = "EMAIL_CHANGE_ASKED"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    EMAIL_CHANGE_OBJECTED = "EMAIL_CHANGE_OBJECTED"
    PASSKEY_ADDED = "PASSKEY_ADDED"
    PASSKEY_REMOVED = "PASSKEY_REMOVED"
    PASSKEY_STOPPED = "PASSKEY_STOPPED"
    RECOVERY_CODES_MADE = "RECOVERY_CODES_MADE"
    PRIVILEGES_GRANTED = "PRIVILEGES_GRANTED"
    PRIVILEGES_REVOKED = "PRIVILEGES_REVOKED"
    PRIVILEGES_EXPIRED = "PRIVILEGES_EXPIRED"
    DELEGATION_RECEIVED = "DELEGATION_RECEIVED"
    DELEGATION_ENDED = "DELEGATION_ENDED"
    GROUP_CHANGED = "GROUP_CHANGED"
    GROUP_DELETED = "GROUP_DELETED"
    GROUP_JOINED = "GROUP_JOINED"
    GROUP_LEFT = "GROUP_LEFT"
    HELP_BEGUN = "HELP_BEGUN"
    HELP_ENDED = "HELP_ENDED"
    PRIVILEGE_REVIEWED = "PRIVILEGE_REVIEWED"
    RIGHTS_REVIEWED = "RIGHTS_REVIEWED"
    REMINDED = "REMINDED"
    PERSON_INVITED = "PERSON_INVITED"
    INVITATION_SENT_AGAIN = "INVITATION_SENT_AGAIN"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    PERSON_DEPARTED = "PERSON_DEPARTED"
    PERSON_ERASED = "PERSON_ERASED"
    PERSON_DATA_EXPORTED = "PERSON_DATA_EXPORTED"
    ACCESS_TOKEN_MADE = "ACCESS_TOKEN_MADE"  # noqa: S105 – a tag, not a token
    ACCESS_TOKEN_REVOKED = "ACCESS_TOKEN_REVOKED"  # noqa: S105
    CALENDAR_LINK_MADE = "CALENDAR_LINK_MADE"
    CALENDAR_LINK_REVOKED = "CALENDAR_LINK_REVOKED"
    WEBHOOK_MADE = "WEBHOOK_MADE"
    WEBHOOK_CHANGED = "WEBHOOK_CHANGED"
    WEBHOOK_SECRET_RENEWED = "WEBHOOK_SECRET_RENEWED"  # noqa: S105 – a tag, not a secret
    WEBHOOK_SWITCHED_OFF = "WEBHOOK_SWITCHED_OFF"
    WEBHOOK_DELETED = "WEBHOOK_DELETED"
    ACCOUNT_REGISTERED = "ACCOUNT_REGISTERED"
    # Requests for access
    ACCESS_REQUEST_SUBMITTED = "ACCESS_REQUEST_SUBMITTED"
    ACCESS_REQUEST_WITHDRAWN = "ACCESS_REQUEST_WITHDRAWN"
    ACCESS_REQUEST_COMMENTED = "ACCESS_REQUEST_COMMENTED"
    ACCESS_REQUEST_RETURNED = "ACCESS_REQUEST_RETURNED"
    ACCESS_REQUEST_APPROVED = "ACCESS_REQUEST_APPROVED"
    ACCESS_REQUEST_REJECTED = "ACCESS_REQUEST_REJECTED"
    ACCESS_REQUEST_REVOKED = "ACCESS_REQUEST_REVOKED"
    ACTIVATION_CODE_ASKED = "ACTIVATION_CODE_ASKED"
    ACTIVATION_CODE_LOCKED = "ACTIVATION_CODE_LOCKED"
    ACTIVATION_CODE_USED = "ACTIVATION_CODE_USED"
    # The organisation
    ORGANISATION_CREATED = "ORGANISATION_CREATED"
    ORGANISATION_CHANGED = "ORGANISATION_CHANGED"
    TERMS_PUBLISHED = "TERMS_PUBLISHED"
    TERMS_ACCEPTED = "TERMS_ACCEPTED"
    READINESS_CHANGED = "READINESS_CHANGED"
    DEADLINE_CHANGED = "DEADLINE_CHANGED"
    MATERIAL_CHANGED = "MATERIAL_CHANGED"
    ANNOUNCEMENT_PUBLISHED = "ANNOUNCEMENT_PUBLISHED"
    ANNOUNCEMENT_CHANGED = "ANNOUNCEMENT_CHANGED"
    ANNOUNCEMENT_WITHDRAWN = "ANNOUNCEMENT_WITHDRAWN"
    MAIL_SENT_AGAIN = "MAIL_SENT_AGAIN"
    PORTAL_MAINTENANCE_PLANNED = "PORTAL_MAINTENANCE_PLANNED"
    PORTAL_MAINTENANCE_ENDED = "PORTAL_MAINTENANCE_ENDED"
    LOG_LEVEL_CHANGED = "LOG_LEVEL_CHANGED"
    # Systems and credentials
    SYSTEM_CREATED = "SYSTEM_CREATED"
    SYSTEM_CHANGED = "SYSTEM_CHANGED"
    SYSTEM_DELETED = "SYSTEM_DELETED"
    SYSTEM_ACTIVATED = "SYSTEM_ACTIVATED"
    SYSTEM_DEACTIVATED = "SYSTEM_DEACTIVATED"
    SYSTEM_CONFIRMED = "SYSTEM_CONFIRMED"
    DEFAULT_RECIPIENT_CHANGED = "DEFAULT_RECIPIENT_CHANGED"
    CERTIFICATE_UPLOADED = "CERTIFICATE_UPLOADED"
    CERTIFICATE_REMOVED = "CERTIFICATE_REMOVED"
    CERTIFICATE_RESTORED = "CERTIFICATE_RESTORED"
    CERTIFICATE_IN_FORCE = "CERTIFICATE_IN_FORCE"
    CERTIFICATE_REPLACED = "CERTIFICATE_REPLACED"
    CERTIFICATE_SWAP_ASKED = "CERTIFICATE_SWAP_ASKED"
    CERTIFICATE_SWAP_ANSWERED = "CERTIFICATE_SWAP_ANSWERED"
    SSH_KEY_UPLOADED = "SSH_KEY_UPLOADED"
    SSH_KEY_REMOVED = "SSH_KEY_REMOVED"
    SSH_KEY_RETIRED = "SSH_KEY_RETIRED"
    SUBSCRIPTION_CHANGED = "SUBSCRIPTION_CHANGED"
    API_TOKEN_RENEWED = "API_TOKEN_RENEWED"  # noqa: S105 – a tag, not a token
    HOST_KEY_PINNED = "HOST_KEY_PINNED"
    CONNECTION_CHECKED = "CONNECTION_CHECKED"
    SYSTEMS_CHECKED = "SYSTEMS_CHECKED"
    SYSTEM_HEALTH_CHANGED = "SYSTEM_HEALTH_CHANGED"
    SYSTEM_AUTO_DEACTIVATED = "SYSTEM_AUTO_DEACTIVATED"
    MONITORING_CHANGED = "MONITORING_CHANGED"
    HEALTH_RULES_CHANGED = "HEALTH_RULES_CHANGED"
    MAINTENANCE_PLANNED = "MAINTENANCE_PLANNED"
    MAINTENANCE_CANCELLED = "MAINTENANCE_CANCELLED"
    OUTAGE_PRESUMED = "OUTAGE_PRESUMED"
    OUTAGE_ENDED = "OUTAGE_ENDED"
    CHECK_LINK_MADE = "CHECK_LINK_MADE"
    CHECK_LINK_REVOKED = "CHECK_LINK_REVOKED"
    TEMPLATE_CREATED = "TEMPLATE_CREATED"
    TEMPLATE_CHANGED = "TEMPLATE_CHANGED"
    TEMPLATE_PUBLISHED = "TEMPLATE_PUBLISHED"
    TEMPLATE_RETIRED = "TEMPLATE_RETIRED"
    TEMPLATE_DELETED = "TEMPLATE_DELETED"
    TEMPLATE_OFFER_ANSWERED = "TEMPLATE_OFFER_ANSWERED"
    PROBE_ALLOWED = "PROBE_ALLOWED"
    PROBE_WITHDRAWN = "PROBE_WITHDRAWN"
    PROBE_ANSWERED = "PROBE_ANSWERED"
    TRUST_ANCHOR_ADDED = "TRUST_ANCHOR_ADDED"
    TRUST_ANCHOR_REMOVED = "TRUST_ANCHOR_REMOVED"
    TRUST_ANCHOR_CHANGED = "TRUST_ANCHOR_CHANGED"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    CREDENTIAL_REFUSED = "CREDENTIAL_REFUSED"
    CREDENTIAL_ACCEPTED_AGAIN = "CREDENTIAL_ACCEPTED_AGAIN"
    # The contact structure
    CONTACT_GROUP_CREATED = "CONTACT_GROUP_CREATED"
    CONTACT_GROUP_CHANGED = "CONTACT_GROUP_CHANGED"
    CONTACT_GROUP_MOVED = "CONTACT_GROUP_MOVED"
    CONTACT_GROUP_DELETED = "CONTACT_GROUP_DELETED"
    CONTACT_POINT_CREATED = "CONTACT_POINT_CREATED"
    CONTACT_POINT_CHANGED = "CONTACT_POINT_CHANGED"
    CONTACT_POINT_MOVED = "CONTACT_POINT_MOVED"
    CONTACT_POINT_DELETED = "CONTACT_POINT_DELETED"
    CONTACTS_IMPORTED = "CONTACTS_IMPORTED"
    CODES_LOADED = "CODES_LOADED"
    CONTACTS_REVIEWED = "CONTACTS_REVIEWED"
    CONTACT_BRANCH_ASSIGNED = "CONTACT_BRANCH_ASSIGNED"
    CONTACTS_CHANGED_TOGETHER = "CONTACTS_CHANGED_TOGETHER"
    CONTACTS_MERGED = "CONTACTS_MERGED"
    CONTACTS_COPIED = "CONTACTS_COPIED"
    CONTACTS_CHANGE_UNDONE = "CONTACTS_CHANGE_UNDONE"
    CONTACTS_PUBLISHED = "CONTACTS_PUBLISHED"
    DRAFT_BEGUN = "DRAFT_BEGUN"
    DRAFT_CHANGED = "DRAFT_CHANGED"
    DRAFT_COMMENTED = "DRAFT_COMMENTED"
    DRAFT_CONFLICT_DECIDED = "DRAFT_CONFLICT_DECIDED"
    DRAFT_PLANNED = "DRAFT_PLANNED"
    DRAFT_PLAN_CANCELLED = "DRAFT_PLAN_CANCELLED"
    DRAFT_NOT_PUBLISHED = "DRAFT_NOT_PUBLISHED"
    DRAFT_DISCARDED = "DRAFT_DISCARDED"
    REGISTRY_IMPORTED = "REGISTRY_IMPORTED"
    SETUP_APPLIED = "SETUP_APPLIED"
    # Letters
    LETTER_TYPE_CREATED = "LETTER_TYPE_CREATED"
    LETTER_TYPE_CHANGED = "LETTER_TYPE_CHANGED"
    LETTER_TYPE_DELETED = "LETTER_TYPE_DELETED"
    LETTER_TYPES_IMPORTED = "LETTER_TYPES_IMPORTED"
    MEMO_SEND_VALIDATED = "MEMO_SEND_VALIDATED"
    MEMO_SEND_VALIDATION_FAILED = "MEMO_SEND_VALIDATION_FAILED"
    # Look-ups
    DOCUMENT_READ = "DOCUMENT_READ"
    EVENT_LOG_SEARCHES = "EVENT_LOG_SEARCHES"
    EVENT_LOG_EXPORTED = "EVENT_LOG_EXPORTED"
    EVENT_LOG_VERIFIED = "EVENT_LOG_VERIFIED"
    EVENT_SUBSCRIPTION_MADE = "EVENT_SUBSCRIPTION_MADE"
    EVENT_SUBSCRIPTION_ENDED = "EVENT_SUBSCRIPTION_ENDED"
    EVENT_LOG_PRUNED = "EVENT_LOG_PRUNED"
    EVENT_LOG_SEALED = "EVENT_LOG_SEALED"
    DATABASE_RESTORED = "DATABASE_RESTORED"
    LIST_EXPORTED = "LIST_EXPORTED"
    STATISTICS_READ = "STATISTICS_READ"


@dataclass(frozen=True)
class TagText:
    """A row of the table: the registry's tag or "", the slice, and the words people read."""

    wire: str
    slice: Slice
    label: Promise


def _row(label: Promise, *, wire: str = "", slice_: Slice = Slice.ACTIONS) -> TagText:
    return TagText(wire=wire, slice=slice_, label=label)


TAGS: dict[Tag, TagText] = {
    Tag.SIGNED_IN: _row(_("Signed in")),
    Tag.SIGNED_OUT: _row(_("Signed out")),
    Tag.LOCKED_OUT: _row(_("Locked out after failed sign-ins")),
    Tag.PASSWORD_CHANGED: _row(_("Password changed")),
    Tag.IDENTITY_BOUND: _row(_("Way to sign in added")),
    Tag.IDENTITY_REMOVED: _row(_("Way to sign in removed")),
    Tag.FACTOR_ADDED: _row(_("Second factor added")),
    Tag.FACTOR_REMOVED: _row(_("Second factor removed")),
    Tag.EMAIL_CHANGE_ASKED: _row(_("New e-mail asked for")),
    Tag.EMAIL_CHANGED: _row(_("E-mail changed")),
    Tag.EMAIL_CHANGE_OBJECTED: _row(_("Change of e-mail stopped by the earlier address")),
    Tag.PASSKEY_ADDED: _row(_("Passkey added")),
    Tag.PASSKEY_REMOVED: _row(_("Passkey removed")),
    Tag.PASSKEY_STOPPED: _row(_("Passkey stopped, for it seems to have been copied")),
    Tag.RECOVERY_CODES_MADE: _row(_("New recovery codes made")),
    Tag.PRIVILEGES_GRANTED: _row(_("Role granted"), wire="PRIVILEGES_GRANTED"),
    Tag.PRIVILEGES_REVOKED: _row(_("Role revoked"), wire="PRIVILEGES_REVOKED"),
    Tag.PRIVILEGES_EXPIRED: _row(_("Role ended by its date"), wire="PRIVILEGES_REVOKED"),
    Tag.DELEGATION_RECEIVED: _row(_("Role received from another organisation"), wire="PRIVILEGES_GRANTED"),
    Tag.DELEGATION_ENDED: _row(_("Role from another organisation ended"), wire="PRIVILEGES_REVOKED"),
    Tag.GROUP_CHANGED: _row(_("User group changed")),
    Tag.GROUP_DELETED: _row(_("User group deleted")),
    Tag.GROUP_JOINED: _row(_("Person became a member of a user group")),
    Tag.GROUP_LEFT: _row(_("Person is no longer a member of a user group")),
    Tag.HELP_BEGUN: _row(_("Help from the operator began")),
    Tag.HELP_ENDED: _row(_("Help from the operator ended")),
    Tag.PRIVILEGE_REVIEWED: _row(_("Role found still needed")),
    Tag.RIGHTS_REVIEWED: _row(_("Review of rights finished")),
    Tag.REMINDED: _row(_("Reminder sent to the responsible")),
    Tag.PERSON_INVITED: _row(_("Person invited")),
    Tag.INVITATION_SENT_AGAIN: _row(_("Invitation sent again")),
    Tag.INVITATION_WITHDRAWN: _row(_("Invitation withdrawn")),
    Tag.INVITATION_ACCEPTED: _row(_("Invitation accepted")),
    Tag.PERSON_DEPARTED: _row(_("Person left")),
    Tag.PERSON_ERASED: _row(_("Personal details erased from the log")),
    Tag.PERSON_DATA_EXPORTED: _row(_("Everything about a person taken as a file")),
    Tag.ACCESS_TOKEN_MADE: _row(_("Access token made")),
    Tag.ACCESS_TOKEN_REVOKED: _row(_("Access token revoked")),
    Tag.CALENDAR_LINK_MADE: _row(_("Address of a calendar made")),
    Tag.CALENDAR_LINK_REVOKED: _row(_("Address of a calendar revoked")),
    Tag.WEBHOOK_MADE: _row(_("Webhook made")),
    Tag.WEBHOOK_CHANGED: _row(_("Webhook changed")),
    Tag.WEBHOOK_SECRET_RENEWED: _row(_("Secret of a webhook renewed")),
    Tag.WEBHOOK_SWITCHED_OFF: _row(_("Webhook switched off after three days of failure")),
    Tag.WEBHOOK_DELETED: _row(_("Webhook deleted")),
    Tag.ACCOUNT_REGISTERED: _row(_("Account opened without an invitation")),
    Tag.ACCESS_REQUEST_SUBMITTED: _row(_("Access request submitted"), wire="ACCESS_REQUEST_SUBMITTED"),
    Tag.ACCESS_REQUEST_WITHDRAWN: _row(_("Access request withdrawn"), wire="ACCESS_REQUEST_WITHDRAWN"),
    Tag.ACCESS_REQUEST_COMMENTED: _row(_("Access request commented on")),
    Tag.ACCESS_REQUEST_RETURNED: _row(_("Access request sent back with questions")),
    Tag.ACCESS_REQUEST_APPROVED: _row(_("Access request approved"), wire="ACCESS_REQUEST_APPROVED"),
    Tag.ACCESS_REQUEST_REJECTED: _row(_("Access request rejected"), wire="ACCESS_REQUEST_REJECTED"),
    Tag.ACCESS_REQUEST_REVOKED: _row(_("Access request revoked"), wire="ACCESS_REQUEST_REVOKED"),
    Tag.ACTIVATION_CODE_ASKED: _row(_("New activation code asked for")),
    Tag.ACTIVATION_CODE_LOCKED: _row(_("Activation code locked after wrong tries")),
    Tag.ACTIVATION_CODE_USED: _row(_("Activation code used")),
    Tag.ORGANISATION_CREATED: _row(_("Organisation created")),
    Tag.ORGANISATION_CHANGED: _row(_("Organisation changed")),
    Tag.TERMS_PUBLISHED: _row(_("Terms published")),
    Tag.TERMS_ACCEPTED: _row(_("Terms accepted")),
    Tag.READINESS_CHANGED: _row(_("Readiness line changed")),
    Tag.DEADLINE_CHANGED: _row(_("Deadline changed")),
    Tag.MATERIAL_CHANGED: _row(_("Material changed")),
    Tag.ANNOUNCEMENT_PUBLISHED: _row(_("Announcement published or planned")),
    Tag.ANNOUNCEMENT_CHANGED: _row(_("Announcement changed")),
    Tag.ANNOUNCEMENT_WITHDRAWN: _row(_("Announcement withdrawn")),
    Tag.MAIL_SENT_AGAIN: _row(_("Mail that was given up sent again")),
    Tag.PORTAL_MAINTENANCE_PLANNED: _row(_("Maintenance switched on or planned")),
    Tag.PORTAL_MAINTENANCE_ENDED: _row(_("Maintenance ended or called off")),
    Tag.LOG_LEVEL_CHANGED: _row(_("Log level changed for a time")),
    Tag.SYSTEM_CREATED: _row(_("System created"), wire="SYSTEM_CHANGED"),
    Tag.SYSTEM_CHANGED: _row(_("System changed"), wire="SYSTEM_CHANGED"),
    Tag.SYSTEM_DELETED: _row(_("System deleted"), wire="SYSTEM_CHANGED"),
    Tag.SYSTEM_ACTIVATED: _row(_("System activated"), wire="SYSTEM_CHANGED"),
    Tag.SYSTEM_DEACTIVATED: _row(_("System deactivated"), wire="SYSTEM_CHANGED"),
    Tag.SYSTEM_CONFIRMED: _row(_("Connection confirmed by hand")),
    Tag.DEFAULT_RECIPIENT_CHANGED: _row(_("Default recipient system changed"), wire="SYSTEM_CHANGED"),
    Tag.CERTIFICATE_UPLOADED: _row(_("Certificate uploaded"), wire="SYSTEM_CHANGED"),
    Tag.CERTIFICATE_REMOVED: _row(_("Certificate removed"), wire="SYSTEM_CHANGED"),
    Tag.CERTIFICATE_RESTORED: _row(_("Certificate put back"), wire="SYSTEM_CHANGED"),
    Tag.CERTIFICATE_IN_FORCE: _row(_("Next certificate came into force"), wire="SYSTEM_CHANGED"),
    Tag.CERTIFICATE_REPLACED: _row(_("Certificate replaced"), wire="SYSTEM_CHANGED"),
    Tag.CERTIFICATE_SWAP_ASKED: _row(_("Asked to replace a certificate")),
    Tag.CERTIFICATE_SWAP_ANSWERED: _row(_("Answered a request to replace a certificate")),
    Tag.SSH_KEY_UPLOADED: _row(_("SSH key uploaded"), wire="SYSTEM_CHANGED"),
    Tag.SSH_KEY_REMOVED: _row(_("SSH key removed"), wire="SYSTEM_CHANGED"),
    Tag.SSH_KEY_RETIRED: _row(_("SSH key retired, the next one took its place"), wire="SYSTEM_CHANGED"),
    Tag.SUBSCRIPTION_CHANGED: _row(_("Subscription to organisations changed")),
    Tag.API_TOKEN_RENEWED: _row(_("API token renewed"), wire="SYSTEM_CHANGED"),
    Tag.HOST_KEY_PINNED: _row(_("Host key pinned")),
    Tag.CONNECTION_CHECKED: _row(_("Connection checked")),
    Tag.SYSTEMS_CHECKED: _row(_("All connections checked")),
    Tag.SYSTEM_HEALTH_CHANGED: _row(_("Health of a system changed")),
    Tag.SYSTEM_AUTO_DEACTIVATED: _row(
        _("System taken out of service: nothing could be delivered for seven days"), wire="SYSTEM_CHANGED"
    ),
    Tag.MONITORING_CHANGED: _row(_("Monitoring of a system changed")),
    Tag.HEALTH_RULES_CHANGED: _row(_("Rules of health changed")),
    Tag.MAINTENANCE_PLANNED: _row(_("Maintenance planned")),
    Tag.MAINTENANCE_CANCELLED: _row(_("Maintenance called off or ended")),
    Tag.OUTAGE_PRESUMED: _row(_("Fault presumed the portal's own")),
    Tag.OUTAGE_ENDED: _row(_("Fault presumed the portal's own no more")),
    Tag.CHECK_LINK_MADE: _row(_("Link to a connection check made")),
    Tag.CHECK_LINK_REVOKED: _row(_("Link to a connection check revoked")),
    Tag.TEMPLATE_CREATED: _row(_("Standard system created")),
    Tag.TEMPLATE_CHANGED: _row(_("Standard system changed")),
    Tag.TEMPLATE_PUBLISHED: _row(_("Standard system published")),
    Tag.TEMPLATE_RETIRED: _row(_("Standard system retired")),
    Tag.TEMPLATE_DELETED: _row(_("Standard system deleted")),
    Tag.TEMPLATE_OFFER_ANSWERED: _row(_("Change of a standard system answered")),
    Tag.PROBE_ALLOWED: _row(_("Test at the system allowed")),
    Tag.PROBE_WITHDRAWN: _row(_("Test at the system no longer allowed")),
    Tag.PROBE_ANSWERED: _row(_("Test message answered for")),
    Tag.TRUST_ANCHOR_ADDED: _row(_("Trust anchor added")),
    Tag.TRUST_ANCHOR_REMOVED: _row(_("Trust anchor removed")),
    Tag.TRUST_ANCHOR_CHANGED: _row(_("Addresses of a trust anchor changed")),
    Tag.CERTIFICATE_REVOKED: _row(_("Certificate revoked by its issuer"), wire="SYSTEM_CHANGED"),
    Tag.CREDENTIAL_REFUSED: _row(_("Certificate or key no longer accepted")),
    Tag.CREDENTIAL_ACCEPTED_AGAIN: _row(_("Certificate or key accepted again")),
    Tag.CONTACT_GROUP_CREATED: _row(_("Contact group created"), wire="CONTACT_GROUP_CHANGED"),
    Tag.CONTACT_GROUP_CHANGED: _row(_("Contact group changed"), wire="CONTACT_GROUP_CHANGED"),
    Tag.CONTACT_GROUP_MOVED: _row(_("Contact group moved"), wire="CONTACT_GROUP_CHANGED"),
    Tag.CONTACT_GROUP_DELETED: _row(_("Contact group deleted"), wire="CONTACT_GROUP_CHANGED"),
    Tag.CONTACT_POINT_CREATED: _row(_("Contact point created"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACT_POINT_CHANGED: _row(_("Contact point changed"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACT_POINT_MOVED: _row(_("Contact point moved"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACT_POINT_DELETED: _row(_("Contact point deleted"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACTS_IMPORTED: _row(_("Contact structure imported")),
    Tag.CODES_LOADED: _row(_("List of codes loaded")),
    Tag.CONTACTS_REVIEWED: _row(_("Contact points reviewed")),
    Tag.CONTACT_BRANCH_ASSIGNED: _row(_("Responsible person of a branch chosen")),
    Tag.CONTACTS_CHANGED_TOGETHER: _row(_("Contact points changed together"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACTS_MERGED: _row(_("Contact points merged"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACTS_COPIED: _row(_("Part of the contact structure copied"), wire="CONTACT_GROUP_CHANGED"),
    Tag.CONTACTS_CHANGE_UNDONE: _row(_("Change of the contact structure undone"), wire="CONTACT_POINT_CHANGED"),
    Tag.CONTACTS_PUBLISHED: _row(_("Draft of the contact structure published"), wire="CONTACT_POINT_CHANGED"),
    Tag.DRAFT_BEGUN: _row(_("Draft of the contact structure begun")),
    Tag.DRAFT_CHANGED: _row(_("Draft of the contact structure changed")),
    Tag.DRAFT_COMMENTED: _row(_("Draft of the contact structure commented on")),
    Tag.DRAFT_CONFLICT_DECIDED: _row(_("Conflict in a draft of the contact structure decided")),
    Tag.DRAFT_PLANNED: _row(_("Publication of a draft planned")),
    Tag.DRAFT_PLAN_CANCELLED: _row(_("Planned publication of a draft cancelled")),
    Tag.DRAFT_NOT_PUBLISHED: _row(_("Draft could not be published at its time")),
    Tag.DRAFT_DISCARDED: _row(_("Draft of the contact structure discarded")),
    Tag.REGISTRY_IMPORTED: _row(_("Answers of the registry imported")),
    Tag.SETUP_APPLIED: _row(_("Set-up file carried out")),
    Tag.LETTER_TYPE_CREATED: _row(_("Letter type created")),
    Tag.LETTER_TYPE_CHANGED: _row(_("Letter type changed")),
    Tag.LETTER_TYPE_DELETED: _row(_("Letter type deleted")),
    Tag.LETTER_TYPES_IMPORTED: _row(_("Letter types imported")),
    Tag.MEMO_SEND_VALIDATED: _row(_("MeMo file checked and found in order"), wire="MEMO_SEND_VALIDATED"),
    Tag.MEMO_SEND_VALIDATION_FAILED: _row(_("MeMo file checked and refused"), wire="MEMO_SEND_VALIDATION_FAILED"),
    Tag.DOCUMENT_READ: _row(_("Document of an access request read"), slice_=Slice.LOOKUPS),
    Tag.EVENT_LOG_SEARCHES: _row(_("Event log read"), wire="EVENT_LOG_SEARCHES", slice_=Slice.LOOKUPS),
    Tag.EVENT_LOG_EXPORTED: _row(_("Event log exported"), slice_=Slice.LOOKUPS),
    Tag.EVENT_SUBSCRIPTION_MADE: _row(_("Subscription to the event log made"), slice_=Slice.LOOKUPS),
    Tag.EVENT_SUBSCRIPTION_ENDED: _row(_("Subscription to the event log ended"), slice_=Slice.LOOKUPS),
    Tag.EVENT_LOG_VERIFIED: _row(_("Event log verified")),
    Tag.EVENT_LOG_PRUNED: _row(_("Oldest entries of the event log deleted")),
    Tag.EVENT_LOG_SEALED: _row(_("Event log sealed after a change of its key")),
    Tag.DATABASE_RESTORED: _row(_("Installation brought back from a backup")),
    Tag.STATISTICS_READ: _row(_("Statistics read"), wire="STATISTICS_READ", slice_=Slice.LOOKUPS),
    Tag.LIST_EXPORTED: _row(_("List exported"), slice_=Slice.LOOKUPS),
}


def label_of(tag: str) -> str:
    """Return the words for a tag as it is stored; a tag that is no more stands for itself."""
    known = TAGS.get(Tag(tag)) if tag in set(Tag) else None
    return str(known.label) if known else tag

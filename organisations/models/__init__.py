"""Organisations, people, rights, the event log, and what belongs to them."""

from organisations.models.access_request import AccessRequest, Documentation, Registration
from organisations.models.access_token import AccessToken, KeptAnswer
from organisations.models.announcement import Announcement, Dismissal
from organisations.models.email_change import EmailChange
from organisations.models.event import Event, EventCursor, EventDetail, EventHead, EventSeal, EventStump
from organisations.models.factor import Passkey, RecoveryCode, Totp, has_second_factor, with_second_factor
from organisations.models.group import GroupMember, UserGroup
from organisations.models.help import HelpSession, Reminder, RightsReview
from organisations.models.invitation import Invitation
from organisations.models.job import Job, JobStatus
from organisations.models.kept import Blob, Heartbeat, Mail, SecretLink, Throttle
from organisations.models.operation import LogLevel, Maintenance, RunningProcess
from organisations.models.organisation import Organisation, Terms, TermsAcceptance
from organisations.models.preference import MailPreference
from organisations.models.privilege import Privilege
from organisations.models.readiness import Deadline, Material, ReadinessLine
from organisations.models.session import Session
from organisations.models.sign_in import SignIn
from organisations.models.subscription import EventDigest, EventSubscription
from organisations.models.user import Employment, SignInIdentity, User
from organisations.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "AccessRequest",
    "AccessToken",
    "Announcement",
    "Blob",
    "Deadline",
    "Dismissal",
    "Documentation",
    "EmailChange",
    "Employment",
    "Event",
    "EventCursor",
    "EventDetail",
    "EventDigest",
    "EventHead",
    "EventSeal",
    "EventStump",
    "EventSubscription",
    "GroupMember",
    "Heartbeat",
    "HelpSession",
    "Invitation",
    "Job",
    "JobStatus",
    "KeptAnswer",
    "LogLevel",
    "Mail",
    "MailPreference",
    "Maintenance",
    "Material",
    "Organisation",
    "Passkey",
    "Privilege",
    "ReadinessLine",
    "RecoveryCode",
    "Registration",
    "Reminder",
    "RightsReview",
    "RunningProcess",
    "SecretLink",
    "Session",
    "SignIn",
    "SignInIdentity",
    "Terms",
    "TermsAcceptance",
    "Throttle",
    "Totp",
    "User",
    "UserGroup",
    "Webhook",
    "WebhookDelivery",
    "has_second_factor",
    "with_second_factor",
]

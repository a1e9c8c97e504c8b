"""Organisations, people, rights, the event log, and what belongs to them."""

from organisations.models.event import Event, EventDetail, EventHead
from organisations.models.invitation import Invitation
from organisations.models.job import Job, JobStatus
from organisations.models.kept import Blob, Heartbeat, Mail, SecretLink, Throttle
from organisations.models.organisation import Organisation, Terms, TermsAcceptance
from organisations.models.privilege import Privilege
from organisations.models.readiness import Deadline, Material, ReadinessLine
from organisations.models.session import Session
from organisations.models.user import Employment, SignInIdentity, User

__all__ = [
    "Blob",
    "Deadline",
    "Employment",
    "Event",
    "EventDetail",
    "EventHead",
    "Heartbeat",
    "Invitation",
    "Job",
    "JobStatus",
    "Mail",
    "Material",
    "Organisation",
    "Privilege",
    "ReadinessLine",
    "SecretLink",
    "Session",
    "SignInIdentity",
    "Terms",
    "TermsAcceptance",
    "Throttle",
    "User",
]

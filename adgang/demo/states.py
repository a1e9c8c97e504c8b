"""What state a system of the demo is in: which certificate it has, and how far it has come."""

from enum import Enum


class Credential(Enum):
    """Which certificate a system has been given."""

    NONE = "none"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SHARED = "shared"  # one that several systems use, and that expires soon
    FOLLOWED = "followed"  # expires soon, and its successor is staged
    VENDOR = "vendor"
    REVOKED = "revoked"  # by the demo's authority, once the system was in service


class Service(Enum):
    """How far a system has come."""

    DRAFT = "draft"
    PLANNED = "planned"
    ACTIVE = "active"
    EXPIRING = "expiring"
    ENDED = "ended"
    LAPSED = "lapsed"  # in service since long ago, with a credential that has expired meanwhile

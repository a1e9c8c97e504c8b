"""Systems, what belongs to them, and what is known of their health."""

from systems.models.belongings import AllowedIp, ApiToken, SystemDraft
from systems.models.check_run import CheckRun, RunStatus, Trigger
from systems.models.expiry import ExpiryDigest, ExpiryNotice
from systems.models.health import SystemHealth
from systems.models.revoked import RevokedUse
from systems.models.swapping import CertificateSwapRequest, SwapState
from systems.models.system import ReceiptFormat, System
from systems.protocols import Protocol

__all__ = [
    "AllowedIp",
    "ApiToken",
    "CertificateSwapRequest",
    "CheckRun",
    "ExpiryDigest",
    "ExpiryNotice",
    "Protocol",
    "ReceiptFormat",
    "RevokedUse",
    "RunStatus",
    "SwapState",
    "System",
    "SystemDraft",
    "SystemHealth",
    "Trigger",
]

"""Systems, what belongs to them, and what is known of their health."""

from systems.models.belongings import AllowedIp, ApiToken, SystemDraft
from systems.models.check_run import CheckRun, RunStatus, Trigger
from systems.models.health import SystemHealth
from systems.models.system import ReceiptFormat, System
from systems.protocols import Protocol

__all__ = [
    "AllowedIp",
    "ApiToken",
    "CheckRun",
    "Protocol",
    "ReceiptFormat",
    "RunStatus",
    "System",
    "SystemDraft",
    "SystemHealth",
    "Trigger",
]

"""Systems, what belongs to them, and what is known of their health."""

from systems.models.belongings import AllowedIp, ApiToken, SystemDraft
from systems.models.health import SystemHealth
from systems.models.system import Protocol, ReceiptFormat, System

__all__ = ["AllowedIp", "ApiToken", "Protocol", "ReceiptFormat", "System", "SystemDraft", "SystemHealth"]

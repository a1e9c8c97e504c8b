"""Systems, what belongs to them, and what is known of their health."""

from systems.models.belongings import AllowedIp, ApiToken, SystemDraft
from systems.models.check_batch import CheckBatch
from systems.models.check_run import CheckRun, RunStatus, Trigger
from systems.models.delivery import DeliveryTally
from systems.models.expiry import ExpiryDigest, ExpiryNotice
from systems.models.health import HealthChange, HealthState, Outage, SystemHealth
from systems.models.health_mail import HealthDigest, HealthNews, HealthNotice
from systems.models.monitoring import HealthRules, MaintenanceWindow, Monitoring
from systems.models.probing import AllowedProbe, CheckKey, Probe, ProbeAnswer, ProbeMessage
from systems.models.revoked import RevokedUse
from systems.models.standard import SystemTemplate, TemplateEdition, TemplateUse
from systems.models.subscription import SenderSubscription
from systems.models.swapping import CertificateSwapRequest, SwapState
from systems.models.system import ReceiptFormat, System
from systems.protocols import Protocol

__all__ = [
    "AllowedIp",
    "AllowedProbe",
    "ApiToken",
    "CertificateSwapRequest",
    "CheckBatch",
    "CheckKey",
    "CheckRun",
    "DeliveryTally",
    "ExpiryDigest",
    "ExpiryNotice",
    "HealthChange",
    "HealthDigest",
    "HealthNews",
    "HealthNotice",
    "HealthRules",
    "HealthState",
    "MaintenanceWindow",
    "Monitoring",
    "Outage",
    "Probe",
    "ProbeAnswer",
    "ProbeMessage",
    "Protocol",
    "ReceiptFormat",
    "RevokedUse",
    "RunStatus",
    "SenderSubscription",
    "SwapState",
    "System",
    "SystemDraft",
    "SystemHealth",
    "SystemTemplate",
    "TemplateEdition",
    "TemplateUse",
    "Trigger",
]

"""The mail of the seven-day rule, as it stands while it is sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from organisations.mail import about
from organisations.mail_preferences import choice_context
from organisations.models import Mail
from systems.deliveries import LIMIT, countdown
from systems.models import DeliveryTally, System


def warning_mail(mail: Mail) -> dict[str, Any] | None:
    """Return how far the rule has come; None when something was delivered meanwhile."""
    at = timezone.now()
    system = System.objects.select_related("organisation").filter(pk=about(mail)).first()
    tally = DeliveryTally.objects.filter(system=about(mail)).first()
    count = countdown(tally, at=at)
    if system is None or tally is None or count is None:
        return None
    path = reverse("system_health", args=[system.organisation.cvr_number, system.pk])
    return {
        "system": system,
        "count": count,
        "failed": tally.failed,
        "limit": LIMIT,
        "is_over": count.left == 0,
        "deactivated": system.active_to is not None and system.active_to <= at,
        "automatic": settings.ADGANG_AUTO_DEACTIVATE,
        "url": f"{settings.ADGANG_BASE_URL}{path}",
        **choice_context(mail),
    }

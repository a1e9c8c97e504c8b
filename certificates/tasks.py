"""Background work of the room. Messages may come twice or never; the rows decide."""

import structlog
from celery import shared_task
from django.utils import timezone

from certificates.revocation import fetching

log = structlog.get_logger("adgang.revocation")


@shared_task(name="certificates.fetch_revocation_lists")
def fetch_revocation_lists() -> None:
    """Fetch the revocation lists that are due."""
    if stored := fetching.fetch_due(at=timezone.now()):
        log.info("revocation lists stored", count=len(stored))

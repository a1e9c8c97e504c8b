"""Background work of the room. The rows decide."""

import structlog
from celery import shared_task
from django.utils import timezone

from contacts.drafts import due

log = structlog.get_logger("adgang.drafts")


@shared_task(name="contacts.publish_due")
def publish_due() -> None:
    """Publish the drafts whose time has come."""
    if count := due.publish_due(at=timezone.now()):
        log.info("drafts_due", count=count)

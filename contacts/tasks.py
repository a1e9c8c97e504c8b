"""Background work of the room. The rows decide."""

import structlog
from celery import shared_task
from django.utils import timezone

from contacts.drafts import due
from organisations import maintenance

log = structlog.get_logger("adgang.drafts")


@shared_task(name="contacts.publish_due")
def publish_due() -> None:
    """Publish the drafts whose time has come, unless the portal is being maintained: then as soon as that is over."""
    if maintenance.is_on(at=timezone.now()):
        return
    if count := due.publish_due(at=timezone.now()):
        log.info("drafts_due", count=count)

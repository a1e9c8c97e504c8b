"""Background work of the house."""

from celery import shared_task
from django.utils import timezone

from adgang.data import retention


@shared_task(name="adgang.tidy")
def tidy() -> None:
    """Remove what has been kept long enough and no room removes itself."""
    retention.tidy(at=timezone.now())

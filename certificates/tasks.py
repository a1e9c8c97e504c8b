"""Background work of the room. Messages may come twice or never; the rows decide."""

import structlog
from celery import shared_task
from django.utils import timezone

from certificates.revocation import fetching, rechecking, standing

log = structlog.get_logger("adgang.revocation")


@shared_task(name="certificates.fetch_revocation_lists")
def fetch_revocation_lists() -> None:
    """Fetch the revocation lists that are due."""
    at = timezone.now()
    if stored := fetching.fetch_due(at=at):
        due = rechecking.look_through(stored, at=at)
        log.info("revocation lists stored", count=len(stored), due=due)
        rechecking.recheck_due(at=at)


@shared_task(name="certificates.ask_revocation")
def ask_revocation(*, certificate_id: str) -> None:
    """Ask whether one certificate was revoked, if nobody else does."""
    if standing.ask(certificate_id, at=timezone.now()) is None:
        log.info("nothing to ask", certificate=certificate_id)


@shared_task(name="certificates.recheck")
def recheck() -> None:
    """Judge again the certificates and keys that are due."""
    if done := rechecking.recheck_due(at=timezone.now()):
        log.info("credentials judged again", count=done)

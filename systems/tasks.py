"""Background work of the room. Messages may come twice or never; the rows decide."""

import structlog
from celery import shared_task
from django.utils import timezone

from organisations.callers import Caller
from systems import certificate_change, checking, expiry, key_rotation, refused, revoked, sweeping

log = structlog.get_logger("adgang.checks")


@shared_task(name="systems.check_system")
def check_system(*, run_id: str) -> None:
    """Carry out one connection check, if nobody else has taken it."""
    if run := checking.claim(run_id):
        checking.run(run)
    else:
        log.info("nothing to claim", run=run_id)


@shared_task(name="systems.sweep_checks")
def sweep_checks() -> None:
    """Look after runs whose message or worker was lost."""
    swept = sweeping.sweep(at=timezone.now())
    if swept.queued or swept.aborted:
        log.warning("checks swept", queued=swept.queued, aborted=swept.aborted)


@shared_task(name="systems.bring_into_force")
def bring_into_force() -> None:
    """Bring staged certificates into force whose date has come, and retire keys whose date has."""
    if retired := key_rotation.retire_due(caller=Caller.task("retire_keys"), at=timezone.now()):
        log.info("keys retired", count=retired)
    if changed := certificate_change.bring_into_force(caller=Caller.task("bring_into_force"), at=timezone.now()):
        log.info("next certificates in force", count=changed)


@shared_task(name="systems.tell_of_expiry")
def tell_of_expiry() -> None:
    """Tell those responsible that certificates expire, once for each threshold."""
    if told := expiry.tell(at=timezone.now()):
        log.info("certificates expire", organisations=told)


@shared_task(name="systems.take_out_of_force")
def take_out_of_force() -> None:
    """Take certificates out of force that are known to be revoked; what a lost worker left is found here."""
    if taken := revoked.take_out_of_force(at=timezone.now()):
        log.warning("revoked certificates out of force", systems=taken)


@shared_task(name="systems.tell_of_refused")
def tell_of_refused() -> None:
    """Tell those responsible which certificates and keys are no longer accepted, once for each change."""
    if told := refused.tell(at=timezone.now()):
        log.warning("credentials no longer accepted", organisations=told)

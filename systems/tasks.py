"""Background work of the room. Messages may come twice or never; the rows decide."""

import structlog
from celery import shared_task
from django.utils import timezone

from organisations import heartbeat
from organisations.callers import Caller
from systems import (
    batches,
    certificate_change,
    checking,
    deliveries,
    expiry,
    health_telling,
    key_rotation,
    refused,
    revoked,
    scheduling,
    sweeping,
    tidying,
)

log = structlog.get_logger("adgang.checks")


@shared_task(name="systems.check_system")
def check_system(*, run_id: str) -> None:
    """Carry out one connection check, if nobody else has taken it."""
    if run := checking.claim(run_id):
        checking.run(run)
    else:
        log.info("nothing to claim", run=run_id)


@shared_task(name=scheduling.TASK)
def check_system_on_schedule(*, run_id: str) -> None:
    """Carry out one connection check that nobody waits for, if nobody else has taken it."""
    if run := checking.claim(run_id):
        checking.run(run)


@shared_task(name="systems.checks_alive")
def checks_alive() -> None:
    """Show that the worker of the checks works."""
    heartbeat.beat("checks", at=timezone.now())


@shared_task(name="systems.schedule_checks")
def schedule_checks() -> None:
    """Start the checks that are due."""
    if started := scheduling.tick(at=timezone.now()):
        log.info("checks started", count=started)


@shared_task(name="systems.tell_of_health")
def tell_of_health() -> None:
    """Tell those responsible which systems fail and which work again."""
    if told := health_telling.tell(at=timezone.now()):
        log.info("health told", systems=told)


@shared_task(name="systems.watch_deliveries")
def watch_deliveries() -> None:
    """Warn of recipient systems to which nothing can be delivered."""
    if warned := deliveries.watch(at=timezone.now()):
        log.warning("nothing delivered", systems=warned)


@shared_task(name="systems.tidy")
def tidy() -> None:
    """Remove what has been kept long enough of checks and health."""
    if gone := tidying.tidy(at=timezone.now()):
        log.info("old checks removed", rows=gone)


@shared_task(name="systems.sweep_checks")
def sweep_checks() -> None:
    """Look after runs whose message or worker was lost."""
    swept = sweeping.sweep(at=timezone.now())
    batches.sweep(at=timezone.now())
    if swept.queued or swept.aborted:
        log.warning("checks swept", queued=swept.queued, aborted=swept.aborted)


@shared_task(name="systems.go_on_with_batch")
def go_on_with_batch(*, batch_id: str) -> None:
    """Let the next systems of a test of all begin, now that one has ended."""
    batches.go_on(batch_id, at=timezone.now())


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

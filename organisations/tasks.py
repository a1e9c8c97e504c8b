"""Background work of the room: mail, expiry, checkpoints, and the worker's sign of life."""

import datetime as dt

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from organisations import (
    checkpoints,
    event_forwarding,
    event_pruning,
    event_subscriptions,
    expiry,
    heartbeat,
    helping,
    jobs,
    mail,
    reviewing,
    tidying,
    webhook_sending,
)
from organisations.callers import Caller

log = structlog.get_logger(__name__)


@shared_task(name="organisations.send_waiting_mail")
def send_waiting_mail() -> None:
    """Send every mail that is due."""
    mail.send_waiting(at=timezone.now())


@shared_task(name="organisations.expire_rights")
def expire_rights() -> None:
    """End the roles whose date has come, and tell those whose date is near."""
    at = timezone.now()
    ended = expiry.expire(caller=Caller.task("expire_rights"), at=at)
    told = expiry.give_notice(at=at)
    helping.expire(caller=Caller.task("expire_rights"), at=at)
    reviewing.remind(at=at)
    if ended or told:
        log.info("rights_expired", ended=ended, told=told)


@shared_task(name="organisations.worker_alive")
def worker_alive() -> None:
    """Show that beat, queue and worker work together."""
    heartbeat.beat("worker", at=timezone.now())


@shared_task(name="organisations.run_job")
def run_job(*, job_id: str) -> None:
    """Do one piece of long work, if nobody else has taken it."""
    if job := jobs.claim(job_id):
        jobs.carry_out(job)
    else:
        log.info("nothing to claim", job=job_id)


@shared_task(name="organisations.sweep_jobs")
def sweep_jobs() -> None:
    """Look after long work whose message or worker was lost."""
    if swept := jobs.sweep(at=timezone.now()):
        log.warning("jobs swept", count=swept)


@shared_task(name="organisations.write_checkpoint")
def write_checkpoint() -> None:
    """Sign the heads of all chains and keep them outside the database; the first of a day stands."""
    path = checkpoints.daily_path(timezone.localdate())
    if not path.exists():
        checkpoints.write(path)


@shared_task(name="organisations.tell_of_events")
def tell_of_events() -> None:
    """Mail the digests of the event log that are due."""
    event_subscriptions.tell(at=timezone.now())


@shared_task(name="organisations.forward_events")
def forward_events() -> None:
    """Hand what is new in the event log to the operator's SIEM, where there is one."""
    event_forwarding.forward(at=timezone.now())


@shared_task(name="organisations.tell_webhooks")
def tell_webhooks() -> None:
    """Tell webhooks what has happened since the last time, and try again what did not go."""
    at = timezone.now()
    webhook_sending.enqueue(at=at)
    webhook_sending.send_due(at=at)


@shared_task(name="organisations.prune_events")
def prune_events() -> None:
    """Delete what the event log has kept long enough, where the operator has said how long that is."""
    if days := settings.ADGANG_KEEP_EVENTS_DAYS:
        before = timezone.now() - dt.timedelta(days=days)
        event_pruning.prune_all(caller=Caller.task("prune_events"), before=before)


@shared_task(name="organisations.tidy")
def tidy() -> None:
    """Remove what has been kept long enough."""
    tidying.tidy(at=timezone.now())

"""Background work of the room: mail, expiry, checkpoints, and the worker's sign of life."""

import structlog
from celery import shared_task
from django.utils import timezone

from organisations import checkpoints, heartbeat, jobs, mail, privileges, tidying
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
    ended = privileges.expire(caller=Caller.task("expire_rights"), at=at)
    told = privileges.give_notice(at=at)
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
    """Sign the heads of all chains and keep them outside the database."""
    checkpoints.write(checkpoints.daily_path(timezone.localdate()))


@shared_task(name="organisations.tidy")
def tidy() -> None:
    """Remove what has been kept long enough."""
    tidying.tidy(at=timezone.now())

"""The whole state of the installation, for the operator's page and `manage.py status`: what `/readyz` tells, and more.

What stands here alone costs more than a load balancer's question should, or is an operator's business only.
"""

import datetime as dt
from typing import Any

import kombu
from django.conf import settings
from kombu.exceptions import ChannelError, OperationalError

from adgang.operations import figures
from adgang.operations.health import Check, Health, checked
from organisations import processes

QUEUES = ("default", "checks", "scheduled")
BROKER_SECONDS = 3
LEAST_FREE_PERCENT = 10


def state(*, at: dt.datetime) -> dict[str, Check]:
    """Return every part by name; without a database only what can be known without it."""
    found = checked(at=at)
    beyond = {"broker": _broker(), "disk": _disk()}
    if "worker" not in found:
        return found | beyond
    beyond |= {"beats": _beats(at)}
    return found | beyond | {"mails_given_up": _given_up(), "webhooks": _webhooks()}


def worst(checks: dict[str, Check]) -> Health:
    """Return how well the whole is."""
    return max((check.health for check in checks.values()), key=list(Health).index)


def _broker() -> Check:
    """Whether the queue's server answers, and how many messages wait in each queue."""
    try:
        return Check(Health.OK, {"waiting": queue_lengths()})
    except (OSError, OperationalError) as error:
        return Check(Health.DEGRADED, {"error": type(error).__name__})


def queue_lengths() -> dict[str, int]:
    """Return how many messages wait in each queue. Raises OSError or OperationalError when nobody answers."""
    options: dict[str, Any] = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    address = settings.CELERY_BROKER_URL
    with kombu.Connection(address, connect_timeout=BROKER_SECONDS, transport_options=options) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        return {name: _length(connection, name) for name in QUEUES}


def _length(connection: Any, name: str) -> int:
    try:
        with connection.channel() as channel:
            return int(channel.queue_declare(queue=name, passive=True).message_count)
    except ChannelError:  # nothing has been put there yet
        return 0


def _beats(at: dt.datetime) -> Check:
    """How many schedulers run at once: two do everything twice as often."""
    count = processes.beats_at_once(processes.running(at=at))
    return Check(Health.DEGRADED if count > 1 else Health.OK, {"count": count})


def _disk() -> Check:
    disk = figures.disk()
    health = Health.OK if disk.percent_free >= LEAST_FREE_PERCENT else Health.DEGRADED
    return Check(health, {"free_percent": disk.percent_free, "free_bytes": disk.free, "total_bytes": disk.total})


def _given_up() -> Check:
    count = figures.mails().given_up
    return Check(Health.DEGRADED if count else Health.OK, {"count": count})


def _webhooks() -> Check:
    """Webhooks that fail now; those switched off have been told of."""
    found = figures.webhooks()
    told = {"failing": found.failing, "switched_off": found.switched_off, "waiting": found.line.waiting}
    return Check(Health.DEGRADED if found.failing else Health.OK, told)

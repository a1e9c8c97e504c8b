"""Handing work to the queue. The queue is never the truth: the work is a row, and a sweeper finds lost ones again."""

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

# A server that is gone is waited for some seconds, in case it is only starting again; a request that queues much, such
# as the checks of all systems, does so once.
SILENT = "queue.silent"  # in the memory of this process
SILENT_SECONDS = 10

log = structlog.get_logger(__name__)


def after_commit(task: str, **arguments: str | int | None) -> None:
    """Queue the named task with primitive arguments once the transaction has committed.

    A queue that is down is logged and costs no more: the request has done its work, and the sweeper does the rest.
    """

    def send() -> None:
        if cache.get(SILENT):
            log.error("queue passed over", task=task)
            return
        try:
            current_app.send_task(task, kwargs=arguments, retry=False)
        except OperationalError:
            cache.set(SILENT, True, timeout=SILENT_SECONDS)
            raise

    # A function with a name: Django says in the log which one failed, and would fail itself for want of a name.
    transaction.on_commit(send, robust=True)

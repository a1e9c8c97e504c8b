"""Handing work to the queue. The queue is never the truth: the work is a row, and a sweeper finds lost ones again."""

from celery import current_app
from django.db import transaction


def after_commit(task: str, **arguments: str | int | None) -> None:
    """Queue the named task with primitive arguments once the transaction has committed.

    A queue that is down is logged and costs no more: the request has done its work, and the sweeper does the rest.
    """

    def send() -> None:
        current_app.send_task(task, kwargs=arguments, retry=False)

    # A function with a name: Django says in the log which one failed, and would fail itself for want of a name.
    transaction.on_commit(send, robust=True)

"""The Celery application. Schedules beyond the fixed ticks live in database columns, not here."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_process_init, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

from adgang.lib import folder_queue
from adgang.lib.timed_tasks import TimedTask
from adgang.serve.ctrl_c import leave_to_the_supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")

folder_queue.install()
app = Celery("adgang", task_cls=TimedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The warning is about messages that unpickle; ours are JSON and nothing else is accepted.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

beat_init.connect(leave_to_the_supervisor)
worker_ready.connect(leave_to_the_supervisor)
app.steps["worker"].add(DjangoStructLogInitStep)  # the id of the request goes along with the task


@setup_logging.connect
def keep_logging(**_: Any) -> None:
    """Leave logging as Django configured it; Celery configures its own when nobody answers this signal."""


@worker_process_init.connect
def watch_in_child(**_: Any) -> None:
    """Let each process that a worker forked look after maintenance and log levels."""
    _watch("worker")


@worker_ready.connect
def watch_in_worker(sender: Any, **_: Any) -> None:
    """Do the same in the worker of the checks, which has threads and forks nothing."""
    if str(sender.hostname).startswith("checks@"):
        _watch("checks")


@beat_init.connect
def watch_in_beat(**_: Any) -> None:
    """Do the same in beat, and show that it runs."""
    _watch("beat")


def _watch(kind: str) -> None:
    from adgang.operations import pulse  # noqa: PLC0415 – the models must be loaded first

    pulse.start(kind)

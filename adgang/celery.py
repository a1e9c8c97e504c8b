"""The Celery application. Schedules beyond the fixed ticks live in database columns, not here."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

from adgang.serve.ctrl_c import leave_to_the_supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")

app = Celery("adgang")
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

"""gunicorn's configuration, on one machine and in containers; read as `python:adgang.serve.gunicorn_config`."""

import os
from pathlib import Path

from environ import FileAwareEnv

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")

from django.conf import settings

from adgang.serve.ctrl_c import leave_to_the_supervisor

env = FileAwareEnv()

bind = [f"{settings.ADGANG_BIND}:{settings.PORT}"]
workers = env.int("ADGANG_WEB_WORKERS", default=1)
worker_class = "gthread"
threads = env.int("ADGANG_WEB_THREADS", default=8)
timeout = 60
graceful_timeout = 10
# The heartbeat's file must not lie on a disk that can be slow.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
# The server's own words take the form of all others.
logconfig_dict = settings.LOGGING


def when_ready(_server: object) -> None:
    """Called in the main process once it listens."""
    leave_to_the_supervisor()


def post_worker_init(_worker: object) -> None:
    """Called in each web process once it has loaded the portal."""
    leave_to_the_supervisor()

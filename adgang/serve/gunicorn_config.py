"""gunicorn's configuration, on one machine and in containers; read as `python:adgang.serve.gunicorn_config`."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from environ import FileAwareEnv

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")

from django.conf import settings

from adgang.serve.ctrl_c import leave_to_the_supervisor
from adgang.serve.draining import close_the_door
from adgang.serve.loading import load_for_good

env = FileAwareEnv()

bind = [f"{settings.ADGANG_BIND}:{settings.PORT}"]
workers = env.int("ADGANG_WEB_WORKERS", default=1)
worker_class = "gthread"
threads = env.int("ADGANG_WEB_THREADS", default=8)
timeout = 60
# Requests under way are finished first; the composition's `stop_grace_period` is longer.
graceful_timeout = 30
# The heartbeat's file must not lie on a disk that can be slow.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
# The server's own words take the form of all others.
logconfig_dict = settings.LOGGING

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server: Any) -> None:
    """Called in the main process before it listens: name the folder in which the web processes count requests.

    Each start has one of its own, in memory. The portal is loaded after that, for it looks for the name; and before
    anybody can knock: whoever is let in earlier waits for the seconds that loading takes, while another could answer.
    """
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="adgang-metrics-", dir=worker_tmp_dir)
    server.app.wsgi()
    load_for_good()


def on_exit(_server: object) -> None:
    """Called in the main process when it ends."""
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def when_ready(server: Any) -> None:
    """Called in the main process once it listens."""
    leave_to_the_supervisor()
    stop = server.stop

    def stop_in_order(graceful: bool = True) -> None:
        # There is no hook for the moment before the listeners close.
        if graceful:
            close_the_door(server.LISTENERS)
        stop(graceful)

    server.stop = stop_in_order


def post_worker_init(_worker: object) -> None:
    """Called in each web process once it has loaded the portal."""
    from adgang.operations import pulse  # noqa: PLC0415 – the models must be loaded first

    leave_to_the_supervisor()
    pulse.start("web")

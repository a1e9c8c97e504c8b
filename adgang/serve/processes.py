"""What runs: `manage.py serve` starts these on one machine, `docker-compose.yml` each in a container of its own."""

import sys
from dataclasses import dataclass

WEB = ("gunicorn", "--config", "python:adgang.serve.gunicorn_config", "adgang.wsgi")
CELERY = ("celery", "--quiet", "--app", "adgang")
# Gossip, mingling and heartbeats between workers cost start-up time and messages; the rows decide, not the workers.
WORKER = (*CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat")
BEAT = (*CELERY, "beat", "--loglevel", "INFO")
DEMO_ENDPOINTS = ("adgang.demo.endpoints",)

# Checks wait for the network nearly all of their time, so threads carry many at once; the database pool has room for
# them all. Elsewhere work is computing, each in a process of its own.
CHECKS_WORKER = (*WORKER, "--queues", "checks", "--pool", "threads", "--concurrency", "16")
DEFAULT_WORKER = (*WORKER, "--queues", "default", "--pool", "prefork", "--concurrency", "2")
# On one machine a single process serves both queues.
SMALL_WORKER = (*WORKER, "--queues", "default,checks", "--pool", "threads", "--concurrency", "8")


@dataclass(frozen=True)
class Process:
    """A child of the supervisor: a name of at most eight letters, and a Python module with its arguments."""

    name: str
    arguments: tuple[str, ...]

    @property
    def command(self) -> list[str]:
        """The command line, with the interpreter that runs the supervisor."""
        return [sys.executable, "-m", *self.arguments]


def local(*, demo: bool) -> list[Process]:
    """Return the processes of an installation on one machine."""
    processes = [Process("web", WEB), Process("worker", SMALL_WORKER), Process("beat", BEAT)]
    return [Process("demo", DEMO_ENDPOINTS), *processes] if demo else processes

"""What runs: `manage.py serve` starts these on one machine, `docker-compose.yml` each in a container of its own."""

import sys
from dataclasses import dataclass

WEB = ("gunicorn", "--config", "python:adgang.serve.gunicorn_config", "adgang.wsgi")
CELERY = ("celery", "--quiet", "--app", "adgang")
# Gossip, mingling and heartbeats between workers cost start-up time and messages; the rows decide, not the workers.
WORKER = (*CELERY, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat")
BEAT = (*CELERY, "beat", "--loglevel", "INFO")
DEMO_ENDPOINTS = ("adgang.demo.endpoints",)
SFTP_DOOR = ("adgang.sftp_door",)

# Checks wait for the network nearly all of their time, so threads carry many at once; the database pool has room for
# them all. What people asked for and what the schedule began are fetched in turn, from two queues. Elsewhere work is
# computing, each in a process of its own.
CHECKS_WORKER = (
    *(*WORKER, "--hostname", "checks@%h"),
    *("--queues", "checks,scheduled", "--pool", "threads", "--concurrency", "16"),
)
DEFAULT_WORKER = (*WORKER, "--queues", "default", "--pool", "prefork", "--concurrency", "2")


@dataclass(frozen=True)
class Process:
    """A child of the supervisor: a name of at most eight letters, and a Python module with its arguments.

    `behind`: it works behind the pages, so it starts once they are there and stands back while the machine is busy.
    """

    name: str
    arguments: tuple[str, ...]
    behind: bool = False

    @property
    def command(self) -> list[str]:
        """The command line, with the interpreter that runs the supervisor."""
        return [sys.executable, "-m", *self.arguments]


def local(*, demo: bool, door: bool = False) -> list[Process]:
    """Return the processes of an installation on one machine; `door`: with the one for systems that call by SFTP."""
    processes = [
        Process("web", WEB),
        Process("worker", DEFAULT_WORKER, behind=True),
        Process("checks", CHECKS_WORKER, behind=True),
        Process("beat", BEAT, behind=True),
        *([Process("sftp", SFTP_DOOR, behind=True)] if door else []),
    ]
    return [Process("demo", DEMO_ENDPOINTS, behind=True), *processes] if demo else processes

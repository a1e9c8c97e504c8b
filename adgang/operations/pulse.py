"""What each process does every two seconds beside its work: look whether maintenance is on, how much to log and what
is announced, and now and then say that it runs. A daemon thread; a database that does not answer is asked again.

In a worker of processes the children look, not the parent, which forks them: a thread that uses the database must not
run where processes are forked.
"""

import os
import socket
import threading
import time
import uuid

import structlog
from django.db import connection
from django.utils import timezone

import adgang
from organisations import announcements, log_levels, maintenance, processes

EVERY = 2.0
TOLD_EVERY = 15.0

log = structlog.get_logger("adgang.pulse")
_begun_in: set[int] = set()


def start(kind: str) -> None:
    """Begin in this process, once. `kind` is what it is: web, worker, checks or beat."""
    if os.getpid() in _begun_in:
        return
    _begun_in.add(os.getpid())
    threading.Thread(target=_run, args=[kind], name="pulse", daemon=True).start()


def _run(kind: str) -> None:
    id_, started, told = uuid.uuid4(), timezone.now(), 0.0
    while True:
        try:
            look()
            if time.monotonic() - told > TOLD_EVERY:
                processes.tell(
                    id_=id_,
                    kind=kind,
                    host=socket.gethostname(),
                    version=adgang.__version__,
                    started=started,
                    at=timezone.now(),
                )
                told = time.monotonic()
        except Exception as failure:  # whatever it is, the process has work to do and this comes again
            log.debug("not looked", fault=type(failure).__name__)
        finally:
            connection.close()
        time.sleep(EVERY)


def look() -> None:
    """Look once."""
    at = timezone.now()
    maintenance.look(at=at)
    log_levels.look(at=at)
    announcements.look(at=at)

"""P8: SFTP checks of one worker against OpenSSH's own client, at one OpenSSH server on this machine."""

import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import close_old_connections
from django.test import override_settings
from structlog.testing import capture_logs

from benchmarks.registry import Measurement, benchmark
from organisations.callers import Caller
from systems import check_key, checking
from systems.models import AllowedProbe, CheckRun, Protocol, RunStatus, System, Trigger
from tests.factories import certificates, organisations, systems
from tests.factories.organisations import Organisation
from tests.servers.ssh import SshServer, key_pair, ssh_server

CHECKS, AT_ONCE = 300, 16
BAR_DEFAULT, BAR_PINNED, BAR_CPU_MS = 3.0, 1.2, 15.0
SERVER = "Subsystem sftp internal-sftp\nMaxStartups 200\nUseDNS no\nLogLevel ERROR"
PINNED = ("-o", "KexAlgorithms=curve25519-sha256")


@dataclass(frozen=True)
class Rate:
    """How many a second, and our own processor time for each in milliseconds."""

    per_second: float
    cpu_ms: float = 0.0


@benchmark("P8", "300 SFTP checks, all steps, rows written, one worker, against OpenSSH's sftp")
def sftp_checks() -> Measurement:
    """Check 300 systems: up to the question about the key, and once more with sign-in and folder."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adgang-p8-")))
        stack.enter_context(override_settings(ADGANG_CHECK_ALLOWED_NETWORKS=["127.0.0.1/32"]))
        line = key_pair(directory, "client")
        authorized = [line, check_key.the_key().public]
        server = stack.enter_context(ssh_server(_program, authorized=authorized, extra=SERVER))
        made = _systems(server, line, directory)
        stack.enter_context(capture_logs())
        _checked(made[:AT_ONCE])  # so that nothing is imported while it counts
        default, pinned = _sftp(server, directory), _sftp(server, directory, *PINNED)
        looking = _checked(made)
        AllowedProbe.objects.bulk_create(
            AllowedProbe(system=system, probe="LOGIN", allowed=system.created) for system in made
        )
        signing_in = _checked(made)
    return Measurement(
        value=round(looking.per_second, 1),
        unit="checks/s",
        reference=round(default, 1),
        bar=f"≥ {BAR_DEFAULT:.0f} × default, ≥ {BAR_PINNED} × pinned, ≤ {BAR_CPU_MS:.0f} ms CPU",
        met=looking.per_second >= BAR_DEFAULT * default
        and looking.per_second >= BAR_PINNED * pinned
        and looking.cpu_ms <= BAR_CPU_MS,
        notes=f"{looking.cpu_ms:.1f} ms of our processor for each; OpenSSH's sftp, {AT_ONCE} at a time: default "
        f"{default:.1f}/s, pinned to curve25519 {pinned:.1f}/s ({looking.per_second / pinned:.2f} ×). With sign-in and "
        f"folder as well: {signing_in.per_second:.1f}/s ({signing_in.per_second / default:.2f} × and "
        f"{signing_in.per_second / pinned:.2f} ×), {signing_in.cpu_ms:.1f} ms",
    )


def _program(service: str, *names: str) -> str:
    for name in names or (service,):
        if path := shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/lib/openssh"):
            return path
    raise LookupError(f"{service} is not installed on this machine")


def _systems(server: SshServer, line: str, directory: Path) -> list[System]:
    owner: Organisation = organisations.organisation()
    key = certificates.ssh_key(organisation=owner, line=line)
    return [
        systems.system(
            organisation=owner,
            protocol=Protocol.SFTP,
            sftp_host="127.0.0.1",
            sftp_port=server.port,
            sftp_folder=str(directory),
            ssh_username=server.username,
            ssh_key=key,
            pinned_host_key=server.host_key,
        )
        for _ in range(CHECKS)
    ]


def _checked(made: list[System]) -> Rate:
    """Carry out a scheduled check of each system in the threads of this one process, as a worker does."""
    runs = [checking.ask_here(Caller.command("benchmark"), systems.reread(system)) for system in made]
    CheckRun.objects.filter(pk__in=[run.pk for run in runs]).update(trigger=Trigger.SCHEDULED)
    before = _cpu()
    seconds = _timed(_check, runs)
    cpu = (_cpu() - before) * 1000 / len(runs)
    bad = CheckRun.objects.filter(pk__in=[run.pk for run in runs]).exclude(status=RunStatus.PASSED)
    if found := list(bad.values_list("status", "summary")[:3]):
        raise RuntimeError(f"checks that did not pass: {found}")
    return Rate(len(runs) / seconds, cpu)


def _check(run: CheckRun) -> None:
    try:
        claimed = checking.claim(run.pk, worker=f"benchmark:{threading.get_ident()}")
        if claimed is not None:
            checking.run(claimed)
    finally:
        close_old_connections()  # as Celery does after a task


def _sftp(server: SshServer, directory: Path, *options: str) -> float:
    """Return how many sessions of OpenSSH's own client a second: sign in, say where one is, sign out."""
    given = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes", "LogLevel=ERROR")
    command = [_program("openssh-client", "sftp"), "-q", "-b", "-", "-F", "/dev/null", "-i", str(directory / "client")]
    command += [word for option in given for word in ("-o", option)]
    command += [*options, "-P", str(server.port), f"{server.username}@127.0.0.1"]

    def session(_number: int) -> None:
        subprocess.run(command, input=b"pwd\n", capture_output=True, check=True)

    return CHECKS / _timed(session, list(range(CHECKS)))


def _timed(work: Callable[[Any], None], items: Sequence[Any]) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, items))
    return time.perf_counter() - started


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

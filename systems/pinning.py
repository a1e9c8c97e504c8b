"""Confirming the key that the authority's own SFTP server showed: from then on another key is a failure."""

from django.db import transaction

from adgang.lib.findings import Finding, finding
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.models import CheckRun, System
from systems.steps.host_keys import pinned_key
from systems.steps.subject import PublicKey
from systems.writing import told, write


def shown_key(run: CheckRun, system: System) -> PublicKey | None:
    """Return the host key that the run saw at the server that the system has now; None when it saw none there."""
    server = {"ssh_host": system.sftp_host, "ssh_port": system.sftp_port}
    if run.system_id != system.pk or any(run.target.get(name) != value for name, value in server.items()):
        return None
    lines = [step["found"].get("host_key", "") for step in run.steps]
    return next((pinned_key(line) for line in lines if line), None)


@transaction.atomic
def pin(*, caller: Caller, system: System, version: int, run: CheckRun) -> list[Finding]:
    """Confirm the host key that the run saw. Returns what stands against it; empty when it was done.

    Raises `StaleVersion`.
    """
    key = shown_key(run, system)
    if key is None:
        return [finding("sftp.no_host_key_shown")]
    before = told(system)
    system.pinned_host_key = f"{key.type} {key.blob}"
    write(caller=caller, system=system, version=version, tag=Tag.HOST_KEY_PINNED, before=before)
    return []

"""A check as a file for whoever runs the other end: what was checked and found, in both languages, and no secrets.

The form is promised in `docs/check-report.md`; `version` rises when a reader would have to change.
"""

import re
from typing import Any

from django.conf import settings
from django.utils import translation

from adgang.lib.findings import Finding
from systems.check_showing import RunView, StepView, iso
from systems.models import CheckRun
from systems.step_values import FOUND

FORMAT, VERSION = "adgang.connection-check", 1
LANGUAGES = ("da", "en")
# What may leave the house of what a step found, and of what was checked. Everything else stays.
SHARED_FOUND = (*FOUND, "host_key")
SHARED_TARGET = {
    "places": "endpoints",
    "relay_host": "relayHost",
    "relay_port": "relayPort",
    "ssh_host": "sshHost",
    "ssh_port": "sshPort",
    "ssh_username": "sshUsername",
    "ssh_key": "sshKeyFingerprint",
    "next_ssh_key": "nextSshKeyFingerprint",
}


def report(run: CheckRun) -> dict[str, Any]:
    """Return a finished run for people who have no account here. `run.system.organisation` is read."""
    system = run.system
    return {
        "format": FORMAT,
        "version": VERSION,
        "environment": settings.ADGANG_ENVIRONMENT,
        "organisation": {"name": system.organisation.name, "cvrNumber": system.organisation.cvr_number},
        "system": {"id": str(system.pk), "name": system.name},
        "check": _check(run),
        "target": {SHARED_TARGET[name]: value for name, value in run.target.items() if name in SHARED_TARGET},
        "steps": [_step(step) for step in RunView(run).steps],
        "notProven": _texts(lambda: [str(line) for line in RunView(run).not_proven]),
        "checkedFrom": list(settings.ADGANG_EGRESS_ADDRESSES),
    }


def filename(run: CheckRun) -> str:
    """Return what the file is called: the system's name without what file systems refuse, and when it was checked."""
    plain = re.sub(r"[^\w.-]+", "-", run.system.name).strip("-.") or "system"
    return f"{plain[:60]}-{run.created:%Y-%m-%d-%H%M}.json"


def _check(run: CheckRun) -> dict[str, Any]:
    headline = RunView(run).headline
    return {
        "id": str(run.pk),
        "protocol": run.protocol,
        "status": run.status,
        "summary": _finding(headline) if headline else None,
        "asked": iso(run.created),
        "finished": iso(run.finished),
        "durationMs": run.duration_ms,
    }


def _step(step: StepView) -> dict[str, Any]:
    return {
        "code": str(step.code),
        "label": _texts(lambda: str(step.label)),
        "place": step.place,
        "status": step.status,
        "ms": step.ms,
        "found": {name: step.found[name] for name in SHARED_FOUND if name in step.found},
        "findings": [_finding(found) for found in step.findings],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": _texts(lambda: found.message),
        "remedy": _texts(lambda: found.remedy),
    }


def _texts(make: Any) -> dict[str, Any]:
    """Return what `make` returns in each language."""
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = make()
    return told

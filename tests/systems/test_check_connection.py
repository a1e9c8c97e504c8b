"""`manage.py check_connection`: the contract of exit codes and JSON keys."""

import json
import threading
import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from organisations.callers import Caller
from organisations.models import Event
from systems import checking
from systems.models import CheckRun, Protocol, RunStatus, System, Trigger
from tests.factories import systems
from tests.servers.plain import closed_port

pytestmark = pytest.mark.django_db


def failing_system(settings: Any) -> System:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    return systems.system(protocol=Protocol.SFTP, sftp_host="127.0.0.1", sftp_port=closed_port())


def called(*arguments: str) -> tuple[int, str]:
    """Return exit code and standard output."""
    out = StringIO()
    try:
        call_command("check_connection", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_failed_check(settings: Any) -> None:
    system = failing_system(settings)
    code, out = called(str(system.pk), "--json")
    told = json.loads(out)
    run = CheckRun.objects.get()
    assert (code, told["status"], told["id"], told["system"]) == (1, "FAILED", str(run.pk), str(system.pk))
    assert sorted(told) == [
        "created", "duration_ms", "finished", "id", "message", "protocol", "remedy", "status", "steps", "summary",
        "system", "trigger",
    ]  # fmt: skip
    assert sorted(told["steps"][0]) == [
        "code", "findings", "found", "message", "ms", "place", "remedy", "status",
    ]  # fmt: skip
    assert [(step["code"], step["status"]) for step in told["steps"]][2] == ("DIAL", "failed")
    assert told["steps"][2]["message"].startswith("127.0.0.1 afviste forbindelsen")
    assert Event.objects.get(tag="CONNECTION_CHECKED").system_id == system.pk


def test_a_passed_check_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a passed check is, the checks of each protocol show; here it is the exit code."""
    system = systems.system(protocol=Protocol.REST_PULL)

    def passes(_subject: Any, recorder: Any) -> None:
        with recorder.step("TOKEN", seconds=1) as step:
            step.report("addresses.none")

    monkeypatch.setitem(
        checking.PROTOCOLS, "REST_PULL", type(checking.PROTOCOLS["SMTP"])(check=passes, once=(), per_place=passes)
    )
    code, out = called(str(system.pk))
    assert code == 0
    assert out.splitlines()[1:] == [
        "    ! Systemet må kalde fra enhver adresse. [addresses.none]",
        "      → Skriv de adresser, det kalder fra, så ingen andre kan.",
        "Bestået med bemærkninger",
    ]


def test_a_check_that_waits_is_carried_out(settings: Any) -> None:
    system = systems.reread(failing_system(settings))
    run = checking.ask(Caller.task("test"), system, Trigger.MANUAL)
    code, out = called(str(system.pk), "--json")
    assert (code, json.loads(out)["id"]) == (1, str(run.pk))


def test_a_check_that_a_worker_has_is_followed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    system = systems.reread(failing_system(settings))
    run = checking.claim(checking.ask(Caller.task("test"), system, Trigger.MANUAL).pk)
    assert run
    looked = threading.Event()

    def worker_ends(_seconds: float) -> None:
        looked.set()
        CheckRun.objects.filter(pk=run.pk).update(status=RunStatus.PASSED)

    monkeypatch.setattr("systems.management.commands.check_connection.time.sleep", worker_ends)
    code, out = called(str(system.pk), "--json")
    assert (code, json.loads(out)["status"], looked.is_set()) == (0, "PASSED", True)


def test_no_such_system() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("check_connection", str(uuid.uuid4()))
    assert refused.value.returncode == 2

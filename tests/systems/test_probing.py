"""What the owner of a system allows, and what its checks then do: with the database, queue and real servers."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from adgang.lib import secrets
from organisations.callers import Caller, Channel
from systems import check_key, checking, probe_messages, probing
from systems.models import CheckKey, CheckRun, Probe, ProbeAnswer, ProbeMessage, Protocol, System, Trigger
from systems.probe_panel import panel
from systems.subjects import subject_of
from tests.factories import certificates, organisations, systems
from tests.servers.certificates import Issued, authority, server_certificate
from tests.servers.mail import mail_server
from tests.servers.ssh import ssh_server
from tests.systems.logged import changed, tags

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def person() -> Caller:
    return Caller(user=organisations.user(), channel=Channel.WEB, request_id="1")


def sftp_system(**fields: Any) -> System:
    return systems.reread(systems.system(protocol=Protocol.SFTP, **{"sftp_host": "127.0.0.1", **fields}))


def allow(system: System, *probes: Probe, who: Caller | None = None) -> list[str]:
    found = [probing.allow(caller=who or person(), system=system, probe=probe, at=AT) for probe in probes]
    return [refused.code for each in found for refused in each]


def carried_out(system: System, trigger: Trigger = Trigger.MANUAL) -> CheckRun:
    run = checking.ask(person(), systems.reread(system), trigger)
    claimed = checking.claim(run.pk)
    assert claimed
    checking.run(claimed)
    run.refresh_from_db()
    return run


def found_in(run: CheckRun) -> list[str]:
    return [found["code"] for step in run.steps for found in step["findings"]]


def test_allowing_is_an_event_with_what_was_before() -> None:
    system, who = sftp_system(), person()
    assert allow(system, Probe.LOGIN, Probe.WRITE, who=who) == []
    assert tags(system.organisation) == ["PROBE_ALLOWED", "PROBE_ALLOWED"]
    assert changed(system.organisation, "PROBE_ALLOWED") == {"allowed_probes": (["LOGIN"], ["LOGIN", "WRITE"])}
    assert [(row.probe, row.allowed, row.allowed_by) for row in probing.allowed(system)] == [
        ("LOGIN", AT, who.user),
        ("WRITE", AT, who.user),
    ]


def test_allowing_twice_is_one_event_and_the_first_word_counts() -> None:
    system, who = sftp_system(), person()
    allow(system, Probe.LOGIN, who=who)
    allow(system, Probe.LOGIN)
    assert (tags(system.organisation), probing.allowed(system)[0].allowed_by) == (["PROBE_ALLOWED"], who.user)


def test_without_a_sign_in_nothing_is_written() -> None:
    system = sftp_system()
    assert allow(system, Probe.WRITE) == ["probe.login_first"]
    allow(system, Probe.LOGIN, Probe.WRITE)
    probing.withdraw(caller=person(), system=system, probe=Probe.LOGIN)
    assert probing.allowed(system) == []
    assert changed(system.organisation, "PROBE_WITHDRAWN") == {"allowed_probes": (["LOGIN", "WRITE"], [])}
    probing.withdraw(caller=person(), system=system, probe=Probe.LOGIN)
    assert tags(system.organisation).count("PROBE_WITHDRAWN") == 1


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({"protocol": Protocol.SFTP, "sftp_host": "sftp.example"}, ["LOGIN", "WRITE"]),
        ({"protocol": Protocol.SFTP}, []),
        ({"protocol": Protocol.SMTP}, ["MAIL"]),
        ({"protocol": Protocol.REST_PUSH, "endpoint": "https://a.example/"}, ["DELIVER"]),
        ({"protocol": Protocol.REST_PUSH, "is_sender": True, "receipt_endpoint": "https://a.example/"}, []),
        ({"protocol": Protocol.REST_PULL}, []),
        ({"protocol": Protocol.AS4}, []),
    ],
)
def test_only_what_has_a_place_is_offered(fields: dict[str, Any], offered: list[str]) -> None:
    system = systems.system(**fields)
    assert [str(probe) for probe in probing.offered(system)] == offered
    assert (panel(system) is None) is (not offered)
    others = [probe for probe in Probe if probe not in offered]
    assert {code for probe in others for code in allow(system, probe)} <= {"probe.no_place"}


def test_leave_for_what_has_no_place_any_more_does_nothing() -> None:
    system = sftp_system()
    allow(system, Probe.LOGIN)
    System.objects.filter(pk=system.pk).update(sftp_host="")
    assert probing.allowed(systems.reread(system)) == []


def test_a_leave_is_no_change_of_the_settings() -> None:
    """What is known of the system's health stays when a test is allowed while a check runs."""
    system = sftp_system(sftp_port=1)
    run = checking.ask(person(), system, Trigger.MANUAL)
    claimed = checking.claim(run.pk)
    assert claimed
    allow(system, Probe.LOGIN)
    checking.run(claimed)
    assert systems.reread(system).health.last_check_status == "FAILED"


def test_the_checks_own_key_is_made_once_and_kept_encrypted() -> None:
    made = check_key.the_key()
    assert check_key.the_key() == made
    assert CheckKey.objects.count() == 1
    assert made.private().startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----")
    assert b"PRIVATE" not in bytes(made.encrypted)
    with pytest.raises(secrets.UnreadableSecret):
        secrets.decrypt(bytes(made.encrypted), row="check_key:another")


def test_a_check_signs_in_with_the_installations_key(
    require_service: Callable[..., str], settings: Any, tmp_path: Any
) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    organisation = organisations.organisation()
    key = certificates.ssh_key(organisation=organisation)
    authorized = [key.line, check_key.the_key().public]
    with ssh_server(require_service, authorized=authorized, extra="Subsystem sftp internal-sftp") as server:
        system = sftp_system(
            organisation=organisation,
            sftp_port=server.port,
            sftp_folder=str(tmp_path),
            ssh_username=server.username,
            ssh_key=key,
            pinned_host_key=server.host_key,
        )
        looked = carried_out(system)
        allow(system, Probe.LOGIN, Probe.WRITE)
        tried = carried_out(system, Trigger.SCHEDULED)
    assert "login.done" not in found_in(looked)
    assert found_in(tried)[-3:] == ["login.done", "folder.seen", "folder.written"]
    assert (tried.status, tried.target["probes"]) == ("PASSED", ["LOGIN", "WRITE"])
    assert "PRIVATE" not in str(tried.target) + str(tried.steps)


# --- Messages ---


@pytest.fixture
def mail(settings: Any, tmp_path: Any) -> Issued:
    trusted = authority("Prøve-rod")
    (tmp_path / "trusted.pem").write_bytes(trusted.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(tmp_path / "trusted.pem")
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32:2525"]
    return server_certificate(trusted, "127.0.0.1")


def mail_system(port: int, settings: Any, **fields: Any) -> System:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
    organisation = organisations.organisation()
    values = {"certificate": certificates.certificate(organisation=organisation)} | fields
    return systems.reread(
        systems.system(
            organisation=organisation,
            endpoint="digitalpost@post.example",
            smtp_relay_host="127.0.0.1",
            smtp_relay_port=port,
            **values,
        )
    )


def test_a_message_is_sent_once_an_hour_and_never_by_schedule(
    require_service: Callable[..., str], settings: Any, mail: Issued
) -> None:
    received: list[bytes] = []
    with mail_server(require_service, issued=mail, received=received) as port:
        system = mail_system(port, settings)
        without_leave = carried_out(system)
        allow(system, Probe.MAIL)
        scheduled, first, second = (
            carried_out(system, trigger) for trigger in (Trigger.SCHEDULED, Trigger.MANUAL, Trigger.API)
        )
        ProbeMessage.objects.update(created=timezone.now() - dt.timedelta(hours=1, seconds=1))
        third = carried_out(system)
    runs = (without_leave, scheduled, first, second, third)
    assert [[code for code in found_in(run) if code.startswith("message.")] for run in runs] == [
        [], [], ["message.handed_over"], ["message.too_soon"], ["message.handed_over"],
    ]  # fmt: skip
    assert len(received) == 2
    message = ProbeMessage.objects.get(run=first)
    assert (message.certificate, message.sent is not None) == (system.certificate.sha256, True)
    assert first.status == second.status


def test_a_message_that_was_not_handed_over_may_be_tried_again(
    require_service: Callable[..., str], settings: Any, mail: Issued
) -> None:
    with mail_server(require_service, issued=mail, content="  defer message = 4.3.0 Later") as port:
        system = mail_system(port, settings)
        allow(system, Probe.MAIL)
        assert "message.put_off" in found_in(carried_out(system))
        assert ProbeMessage.objects.count() == 0
        assert "message.put_off" in found_in(carried_out(system))


def test_a_run_whose_worker_was_lost_sends_no_second_message(
    require_service: Callable[..., str], settings: Any, mail: Issued
) -> None:
    received: list[bytes] = []
    with mail_server(require_service, issued=mail, received=received) as port:
        system = mail_system(port, settings)
        allow(system, Probe.MAIL)
        run = checking.ask(person(), system, Trigger.MANUAL)
        lost = checking.claim(run.pk)
        assert lost
        probe_messages.prepare(run=lost, system=system, probe=Probe.MAIL, at=timezone.now())
        CheckRun.objects.update(status="QUEUED")
        again = checking.claim(run.pk)
        assert again
        checking.run(again)
    assert (received, ProbeMessage.objects.get().sent) == ([], None)
    assert "message.too_soon" in found_in(CheckRun.objects.get())


def test_without_a_certificate_there_is_nobody_to_encrypt_to(settings: Any, mail: Issued) -> None:
    system = mail_system(25, settings, certificate=None)
    allow(system, Probe.MAIL)
    run = CheckRun(system=system, trigger=Trigger.MANUAL)
    subject = subject_of(system, at=AT)
    assert probing.equipped(subject, system=system, run=run, at=AT).withheld == "message.no_certificate"


def test_a_persons_word_is_kept_and_told(require_service: Callable[..., str], settings: Any, mail: Issued) -> None:
    with mail_server(require_service, issued=mail) as port:
        system = mail_system(port, settings)
        allow(system, Probe.MAIL)
        run = carried_out(system)
    who = person()
    for said in (ProbeAnswer.NOT_OPENED, ProbeAnswer.OPENED, ProbeAnswer.OPENED):
        assert probe_messages.answer(caller=who, system=system, run=run, said=said, at=AT) == []
    message = ProbeMessage.objects.get()
    assert (message.answer, message.answered, message.answered_by) == ("OPENED", AT, who.user)
    assert tags(system.organisation).count("PROBE_ANSWERED") == 2
    assert changed(system.organisation, "PROBE_ANSWERED")["answer"] == ("NOT_OPENED", "OPENED")
    refused = probe_messages.answer(
        caller=Caller.command("test"), system=system, run=run, said=ProbeAnswer.OPENED, at=AT
    )
    assert [found.code for found in refused] == ["system.confirmed_by_person"]

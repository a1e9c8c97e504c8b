"""Runs: asked for once, claimed by one, carried out, finished, and never in effect twice."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from adgang.lib.findings import finding
from organisations.callers import Caller, Channel
from organisations.models import Event, User
from systems import check_results, checking, sweeping
from systems.check_limits import PER_HOST, PER_ORGANISATION, TooManyChecks
from systems.models import CheckRun, Protocol, RunStatus, System, SystemHealth, Trigger
from tests.factories import certificates, organisations, systems
from tests.servers.plain import closed_port, saying, tcp_server

pytestmark = pytest.mark.django_db


def person() -> Caller:
    return Caller(user=organisations.user(), channel=Channel.WEB, request_id="1")


def sftp_system(port: int = 2222, **fields: Any) -> System:
    values = {"protocol": Protocol.SFTP, "sftp_host": "127.0.0.1", "sftp_port": port} | fields
    return systems.reread(systems.system(**values))


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]


def carried_out(system: System, trigger: Trigger = Trigger.MANUAL, *, who: Caller | None = None) -> CheckRun:
    run = checking.ask(who or person(), system, trigger)
    claimed = checking.claim(run.pk)
    assert claimed
    checking.run(claimed)
    run.refresh_from_db()
    return run


def test_a_run_is_queued_when_its_transaction_commits(django_capture_on_commit_callbacks: Any) -> None:
    who, system = person(), sftp_system()
    with django_capture_on_commit_callbacks() as callbacks:
        run = checking.ask(who, system, Trigger.MANUAL)
    assert len(callbacks) == 1
    assert (run.status, run.trigger, run.requested_by, run.attempt) == ("QUEUED", "MANUAL", who.user, 0)
    assert run.target == {"protocol": "SFTP", "ssh_host": "127.0.0.1", "ssh_port": 2222}
    assert run.hosts == ["127.0.0.1:2222"]


def test_asking_again_gives_the_open_run(django_capture_on_commit_callbacks: Any) -> None:
    system = sftp_system()
    run = checking.ask(person(), system, Trigger.MANUAL)
    with django_capture_on_commit_callbacks() as callbacks:
        again = checking.ask(person(), system, Trigger.SCHEDULED)
    assert (again.pk, len(callbacks)) == (run.pk, 0)
    checking.claim(run.pk)
    assert checking.ask(person(), system, Trigger.MANUAL).pk == run.pk


def test_one_of_two_workers_claims() -> None:
    run = checking.ask(person(), sftp_system(), Trigger.MANUAL)
    first, second = checking.claim(run.pk, worker="a"), checking.claim(run.pk, worker="b")
    assert first is not None
    assert (first.attempt, first.worker, first.status, second) == (1, "a", "RUNNING", None)


def test_a_run_that_failed_says_so_everywhere() -> None:
    system = sftp_system(port=closed_port())
    who = person()
    run = carried_out(system, who=who)
    assert (run.status, run.summary, run.is_open) == ("FAILED", "system.ssh_username_missing", False)
    assert [step["code"] for step in run.steps] == [
        "CREDENTIAL", "RESOLVE", "DIAL", "BANNER", "KEX", "HOST_KEY", "KEY_ACCEPTED",
    ]  # fmt: skip
    health = SystemHealth.objects.get(system=system)
    assert (health.last_check, health.last_check_status, health.last_passed) == (run.finished, "FAILED", None)
    event = Event.objects.get(tag="CONNECTION_CHECKED")
    assert (event.system_id, event.actor_id) == (system.pk, who.user and who.user.pk)


def test_a_run_that_passed_counts_for_connected() -> None:
    system = systems.reread(
        systems.system(protocol=Protocol.REST_PULL, health={"last_seen": timezone.now()}, networks=("1.2.3.4/32",))
    )
    run = carried_out(system)
    # The certificate and the token are missing; the step of the last call is in order.
    assert run.status == RunStatus.FAILED
    assert run.steps[-1]["findings"][0]["code"] == "seen.recently"


def test_results_are_summed_up_by_the_worst_step() -> None:
    steps = [
        {"findings": [finding("resolve.found").as_json(), finding("mx.implicit").as_json()]},
        {"findings": [finding("tls.expired").as_json()]},
        {"findings": [finding("recipient.refused").as_json()]},
    ]
    assert check_results.deciding_code(steps) == "tls.expired"
    assert check_results.deciding_code(steps[:1]) == "mx.implicit"
    assert check_results.deciding_code([]) == ""


def test_the_settings_changed_meanwhile() -> None:
    """What was found is kept with the run, but says nothing of the system as it is now."""
    system = sftp_system(port=closed_port())
    run = checking.claim(checking.ask(person(), system, Trigger.MANUAL).pk)
    assert run
    subject = checking.subject_of(system, at=timezone.now())
    System.objects.filter(pk=system.pk).update(sftp_host="anden.example", version=system.version + 1)
    checking.finish(run, subject=subject, system=system, started=0)
    assert SystemHealth.objects.get(system=system).last_check is None


def test_what_is_set_is_read_again_only_when_its_version_says_so(django_assert_num_queries: Any) -> None:
    system = sftp_system()
    with django_assert_num_queries(1):
        assert check_results.reread(system) is system
    System.objects.filter(pk=system.pk).update(sftp_host="anden.example", version=system.version + 1)
    with django_assert_num_queries(3):
        again = check_results.reread(system)
        assert (again.sftp_host, again.ssh_key, again.next_ssh_key) == ("anden.example", None, None)
    System.objects.filter(pk=system.pk).delete()
    with pytest.raises(System.DoesNotExist):
        check_results.reread(system)


def test_a_check_by_schedule_that_goes_on_as_before_is_few_statements(django_assert_num_queries: Any) -> None:
    """A night checks every system of the country: each statement of a check is thousands."""
    owner = organisations.organisation()
    fields = {"ssh_username": "digitalpost", "ssh_key": certificates.ssh_key(organisation=owner)}
    system = sftp_system(organisation=owner, sftp_host="", **fields)
    for _ in range(2):
        assert carried_out(system, Trigger.SCHEDULED).status == RunStatus.PASSED
    run = checking.ask(person(), system, Trigger.SCHEDULED)
    # The run, its claim, the system, the steps before; a savepoint with health, run, version and health; its release.
    with django_assert_num_queries(10):
        claimed = checking.claim(run.pk)
        assert claimed
        checking.run(claimed)
    assert SystemHealth.objects.get(system=system).passes == 3


def test_a_run_taken_over_by_another_worker_writes_nothing_more() -> None:
    system = sftp_system(port=closed_port())
    mine = checking.claim(checking.ask(person(), system, Trigger.MANUAL).pk)
    assert mine
    CheckRun.objects.filter(pk=mine.pk).update(attempt=2)
    checking.run(mine)
    now = CheckRun.objects.get(pk=mine.pk)
    assert (now.status, now.attempt, now.steps) == ("RUNNING", 2, [])
    assert Event.objects.filter(tag="CONNECTION_CHECKED").count() == 0


def test_a_run_stops_at_the_step_in_which_it_was_taken_over() -> None:
    """The server's greeting comes after the run was given away: the step of the greeting is not written."""
    mine: list[CheckRun] = []

    def give_away(steps: list[Any]) -> None:
        if steps[-1]["code"] == "DIAL":
            CheckRun.objects.filter(pk=mine[0].pk).update(attempt=2)

    with tcp_server(saying(b"SSH-2.0-Prove\r\n")) as port:
        claimed = checking.claim(checking.ask(person(), sftp_system(port=port), Trigger.MANUAL).pk)
        assert claimed
        mine.append(claimed)
        original = checking._save_steps
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checking, "_save_steps", lambda run, steps: (original(run, steps), give_away(steps)))
            checking.run(claimed)
    assert [step["code"] for step in CheckRun.objects.get(pk=claimed.pk).steps] == ["CREDENTIAL", "RESOLVE", "DIAL"]


def test_a_system_deleted_meanwhile() -> None:
    system = sftp_system()
    run = checking.claim(checking.ask(person(), system, Trigger.MANUAL).pk)
    assert run
    System.objects.filter(pk=system.pk).delete()
    checking.run(run)
    assert CheckRun.objects.count() == 0


def test_a_fault_of_ours_ends_the_run_and_leaves_the_system_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(
        checking.PROTOCOLS, "SFTP", type(checking.PROTOCOLS["SFTP"])(check=broken, once=(), per_place=broken)
    )
    system = sftp_system()
    run = carried_out(system)
    assert (run.status, run.summary) == ("ABORTED", "run.fault")
    assert SystemHealth.objects.get(system=system).last_check is None


def test_a_run_that_lost_the_database_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_database(*_arguments: Any, **_more: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    run = checking.claim(checking.ask(person(), sftp_system(port=closed_port()), Trigger.MANUAL).pk)
    assert run
    with monkeypatch.context() as patched:
        patched.setattr(checking, "finish", without_database)
        checking.run(run)
    assert CheckRun.objects.get().status == RunStatus.RUNNING
    later = timezone.now() + sweeping.RUN_LIMIT + dt.timedelta(seconds=1)
    assert sweeping.sweep(at=later).queued == 1
    again = checking.claim(run.pk)
    assert again
    checking.run(again)
    assert (CheckRun.objects.get().status, CheckRun.objects.get().attempt) == (RunStatus.FAILED, 2)


@pytest.mark.parametrize(
    ("trigger", "events"),
    [(Trigger.MANUAL, 3), (Trigger.API, 3), (Trigger.COMMAND, 3), (Trigger.ACTIVATION, 3), (Trigger.SCHEDULED, 0)],
)
def test_scheduled_runs_are_logged_when_the_state_changes_only(trigger: Trigger, events: int) -> None:
    system = sftp_system(port=closed_port())
    for _ in range(3):
        carried_out(system, trigger)
    assert Event.objects.filter(tag="CONNECTION_CHECKED").count() == events
    assert Event.objects.filter(tag="SYSTEM_HEALTH_CHANGED").count() == 1


def test_a_run_that_was_not_carried_out_says_nothing_of_the_system() -> None:
    """The change is told against the last result, over the run that came to nothing in between."""
    system = sftp_system(port=closed_port())
    for status in (RunStatus.PASSED, RunStatus.ABORTED):
        run = carried_out(system)
        CheckRun.objects.filter(pk=run.pk).update(status=status)
    carried_out(system)
    latest = Event.objects.filter(tag="CONNECTION_CHECKED").latest("seq")
    assert '"before":{"status":"PASSED"}' in latest.payload


def test_a_changed_host_key_is_seen_against_the_run_before() -> None:
    system = sftp_system(port=closed_port())
    carried_out(system)
    run = checking.claim(checking.ask(person(), system, Trigger.MANUAL).pk)
    assert run
    assert checking._steps_before(run)[0]["code"] == "CREDENTIAL"


class TestLimits:
    def test_of_a_host(self) -> None:
        for _ in range(PER_HOST):
            checking.ask(person(), sftp_system(), Trigger.MANUAL)
        with pytest.raises(TooManyChecks) as refused:
            checking.ask(person(), sftp_system(), Trigger.MANUAL)
        assert (refused.value.code, refused.value.params["host"]) == ("limit.host", "127.0.0.1:2222")
        assert 0 < refused.value.params["seconds"] <= 60
        checking.ask(person(), sftp_system(port=2223), Trigger.MANUAL)
        checking.ask(person(), sftp_system(), Trigger.SCHEDULED)

    def test_of_a_person_in_many_organisations(self) -> None:
        who = person()
        for number in range(PER_ORGANISATION):
            checking.ask(who, sftp_system(port=3000 + number), Trigger.MANUAL)
        with pytest.raises(TooManyChecks) as refused:
            checking.ask(who, sftp_system(port=4000), Trigger.MANUAL)
        assert refused.value.code == "limit.checks"
        checking.ask(person(), sftp_system(port=4000), Trigger.MANUAL)

    def test_of_an_organisation_with_many_people(self) -> None:
        owner = organisations.organisation()
        for number in range(PER_ORGANISATION):
            checking.ask(person(), sftp_system(port=3000 + number, organisation=owner), Trigger.MANUAL)
        with pytest.raises(TooManyChecks):
            checking.ask(person(), sftp_system(port=4000, organisation=owner), Trigger.MANUAL)

    def test_a_minute_later_it_is_over(self) -> None:
        for _ in range(PER_HOST):
            checking.ask(person(), sftp_system(), Trigger.MANUAL)
        CheckRun.objects.update(created=timezone.now() - dt.timedelta(seconds=61))
        assert checking.ask(person(), sftp_system(), Trigger.MANUAL).status == "QUEUED"


def test_two_who_ask_at_the_same_moment_get_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked for an open run before the first had made it: the constraint of the table decides."""
    system = sftp_system()
    run = checking.ask(person(), system, Trigger.MANUAL)
    looked = iter([None, run])
    monkeypatch.setattr(checking, "open_run", lambda _system: next(looked))
    assert checking.ask(person(), system, Trigger.MANUAL) == run
    assert CheckRun.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_no_database_connection_is_held_while_the_network_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []

    def look(_subject: Any, recorder: Any) -> None:
        for _ in range(2):
            held.append(connection.connection is not None)
            with recorder.step("DIAL", seconds=1) as step:
                step.report("addresses.none")
        held.append(connection.connection is not None)

    kind = type(checking.PROTOCOLS["SFTP"])
    monkeypatch.setitem(checking.PROTOCOLS, "SFTP", kind(check=look, once=(), per_place=look))
    assert carried_out(sftp_system()).status == RunStatus.WARNING
    assert held == [False, False, False]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_one_run() -> None:
    system, who = sftp_system(), person()
    asked: list[Any] = []

    def ask() -> None:
        asked.append(checking.ask(who, system, Trigger.MANUAL).pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 8
    assert set(asked) == {CheckRun.objects.get().pk}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_who_claim_at_once_carry_out_one_run() -> None:
    run = checking.ask(person(), sftp_system(port=closed_port()), Trigger.MANUAL)
    claimed: list[CheckRun | None] = []

    def claim() -> None:
        claimed.append(checking.claim(run.pk))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in claimed if one]) == 1


def test_the_person_who_asked_may_go() -> None:
    who = person()
    run = checking.ask(who, sftp_system(), Trigger.MANUAL)
    User.objects.filter(pk=who.user and who.user.pk).delete()
    run.refresh_from_db()
    assert run.requested_by is None

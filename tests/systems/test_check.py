"""The page of one check: its steps while they happen, the cause and the cure when it is over."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from adgang.lib.findings import finding
from organisations.models import Organisation
from systems import run_changes
from systems.check_showing import RunView, latest
from systems.models import CheckRun, Protocol, RunStatus, System, Trigger
from systems.step_codes import StepCode
from systems.steps.sftp import LOOKING
from tests.factories import organisations, systems
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return organisations.organisation()


@pytest.fixture
def system(organisation: Organisation) -> System:
    return systems.system(organisation=organisation, protocol=Protocol.SFTP, sftp_host="sftp.example", sftp_port=2222)


def step(code: str, status: str = "ok", *codes: str, place: str = "sftp.example:2222", **params: Any) -> dict[str, Any]:
    return {
        "code": code,
        "place": place,
        "status": status,
        "ms": 12,
        "found": {"fingerprint": "SHA256:abc"},
        "findings": [finding(one, **params).as_json() for one in codes],
    }


def run_of(system: System, status: str = RunStatus.RUNNING, *steps: dict[str, Any], **fields: Any) -> CheckRun:
    target = {"protocol": "SFTP", "ssh_host": "sftp.example", "ssh_port": 2222}
    values = {"trigger": Trigger.MANUAL, "protocol": system.service_protocol, "target": target} | fields
    made: CheckRun = CheckRun.objects.create(system=system, status=status, steps=list(steps), **values)
    return made


def url(run: CheckRun, seen: str = "") -> str:
    cvr = run.system.organisation.cvr_number
    return f"/o/{cvr}/systemer/{run.system_id}/kontroller/{run.pk}/" + (f"?seen={seen}" if seen else "")


@pytest.fixture
def reader(organisation: Organisation) -> Any:
    return client_for(user_with(Role.READER, organisation=organisation))


def test_the_page_asks_again_while_the_check_runs(reader: Any, system: System) -> None:
    run = run_of(system, RunStatus.RUNNING, step("CREDENTIAL", "ok", "credential.in_force", place=""))
    page = reader.get(url(run)).content.decode()
    assert f'hx-get="{url(run)}?seen=RUNNING-0-1"' in page
    assert 'hx-trigger="load delay:120ms, every 400ms"' in page
    assert "Det, der er registreret, er gyldigt i dag." in page
    assert page.count("check-step--waiting") + page.count("check-step--next") == len(LOOKING)


def test_nothing_new_is_nothing_sent(reader: Any, system: System) -> None:
    run = run_of(system)
    response = reader.get(url(run, "RUNNING-0-0"))
    assert (response.status_code, response.content) == (204, b"")


def test_what_is_new_is_sent_alone(reader: Any, system: System) -> None:
    run = run_of(system, RunStatus.RUNNING, step("CREDENTIAL", "ok", "credential.in_force", place=""))
    fragment = reader.get(url(run, "QUEUED-0-0")).content.decode()
    assert "<html" not in fragment
    assert 'hx-swap="outerHTML"' in fragment
    assert "check-announcement" not in fragment


def test_the_end_stops_the_asking_and_is_announced_once(reader: Any, system: System) -> None:
    run = run_of(
        system,
        RunStatus.FAILED,
        step("DIAL", "failed", "dial.refused", address="1.2.3.4", port=2222),
        summary="dial.refused",
    )
    fragment = reader.get(url(run, "RUNNING-1-1")).content.decode()
    assert "hx-get" not in fragment
    assert (
        '<p id="check-announcement" hx-swap-oob="innerHTML">Kontrollen er slut: Ikke bestået. '
        "1.2.3.4 afviste forbindelsen på port 2222: Der lytter ingen, eller en firewall siger nej.</p>"
    ) in fragment
    assert fragment.count("Kontrollér adresse og port, og at serverprogrammet kører.") == 2


def test_the_page_says_what_is_not_proven_and_where_the_check_comes_from(
    reader: Any, system: System, settings: Any
) -> None:
    settings.ADGANG_EGRESS_ADDRESSES = ["193.3.230.7"]
    page = reader.get(url(run_of(system, RunStatus.PASSED))).content.decode()
    assert "At filer kan lægges eller hentes" in page
    assert "193.3.230.7" in page


def test_a_check_that_nobody_takes_is_explained(reader: Any, system: System) -> None:
    waiting = run_of(system, RunStatus.QUEUED, created=timezone.now() - timezone.timedelta(seconds=6))
    assert "Kontrollen venter på en baggrundsproces" in reader.get(url(waiting)).content.decode()


def test_english(reader: Any, system: System) -> None:
    run = run_of(system, RunStatus.FAILED, step("BANNER", "failed", "sftp.silent"), summary="sftp.silent")
    page = reader.get(url(run), headers={"accept-language": "en"}).content.decode()
    assert "The connection was opened, but the server did not introduce itself." in page


def test_buttons_are_for_those_who_may(reader: Any, system: System, organisation: Organisation) -> None:
    run = run_of(system, RunStatus.FAILED, step("HOST_KEY", "failed", "sftp.host_key_changed"))
    CheckRun.objects.filter(pk=run.pk).update(
        steps=[step("HOST_KEY", "failed", "sftp.host_key_changed") | {"found": {"host_key": "ssh-ed25519 QQ=="}}]
    )
    administrator = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation))
    pages = {who: client.get(url(run)).content.decode() for who, client in (("r", reader), ("a", administrator))}
    assert {who: ("/kontroller/ny/" in page, "/noegle/" in page) for who, page in pages.items()} == {
        "r": (False, False),
        "a": (True, True),
    }


def test_strangers_and_foreign_runs_look_alike(reader: Any, system: System, organisation: Organisation) -> None:
    run = run_of(system, RunStatus.PASSED)
    other = run_of(systems.system(organisation=organisation), RunStatus.PASSED)
    stranger = client_for(user_with(Role.READER, organisation=organisations.organisation()))
    assert stranger.get(url(run)).status_code == 404
    swapped = url(run).replace(str(run.pk), str(other.pk))
    assert reader.get(swapped).status_code == 404
    assert reader.get(url(run).replace(str(run.pk), str(uuid.uuid4()))).status_code == 404


def test_a_page_costs_the_same_whatever_the_steps(
    reader: Any, system: System, django_assert_max_num_queries: Any
) -> None:
    steps = [step(code, "ok", "dial.connected", address="1.2.3.4", port=22) for code in LOOKING]
    run = run_of(system, RunStatus.PASSED, *steps)
    reader.get(url(run))
    with django_assert_max_num_queries(12):
        reader.get(url(run))


class TestRunView:
    def test_findings_of_a_version_that_is_gone_are_passed_over(self, system: System) -> None:
        gone = step("DIAL", "failed") | {"findings": [{"code": "dial.gone", "severity": "error", "params": {}}]}
        shown = RunView(run_of(system, RunStatus.FAILED, gone, summary="dial.gone"))
        assert (shown.headline, shown.steps[0].findings) == (None, [])

    def test_an_aborted_run_says_why(self, system: System) -> None:
        shown = RunView(run_of(system, RunStatus.ABORTED, summary="run.not_started"))
        assert shown.headline is not None
        assert shown.headline.code == "run.not_started"

    def test_latest(self, system: System) -> None:
        assert latest(system) is None
        run_of(system, RunStatus.PASSED, created=timezone.now() - timezone.timedelta(days=1))
        newest = run_of(system, RunStatus.FAILED)
        shown = latest(system)
        assert shown is not None
        assert shown.run.pk == newest.pk

    def test_json(self, system: System) -> None:
        run = run_of(system, RunStatus.FAILED, step("BANNER", "failed", "sftp.silent"), summary="sftp.silent")
        told = RunView(run).as_json()
        assert (told["status"], told["summary"], told["steps"][0]["code"]) == ("FAILED", "sftp.silent", "BANNER")
        assert told["message"] == told["steps"][0]["message"]
        assert told["steps"][0]["remedy"] != ""


class TestCompared:
    @pytest.fixture
    def before(self, system: System) -> CheckRun:
        fine = step("HOST_KEY", "ok", "sftp.host_key_known")
        day = timezone.now() - timezone.timedelta(days=1)
        return run_of(system, RunStatus.PASSED, step("RESOLVE"), fine, created=day)

    def changes(self, run: CheckRun) -> list[tuple[str, str, str]]:
        found = run_changes.changes_of(run)
        assert found is not None
        return [(str(one.step), one.was, one.now) for one in found.lines]

    def test_the_page_says_what_is_new(self, reader: Any, system: System, before: CheckRun) -> None:
        other = step("HOST_KEY", "failed", "sftp.host_key_changed") | {"found": {"fingerprint": "SHA256:xyz"}}
        page = reader.get(url(run_of(system, RunStatus.FAILED, step("RESOLVE"), other))).content.decode()
        assert "Hvad er ændret" in page
        assert f'href="{url(before)}"' in page
        assert "SHA256:xyz" in page
        assert "SHA256:abc" in page

    def test_steps_that_are_alike_say_nothing(self, system: System, before: CheckRun) -> None:
        assert self.changes(run_of(system, RunStatus.PASSED, *before.steps)) == []

    def test_words_that_always_differ_and_steps_that_were_reached_once_only(self, system: System) -> None:
        day = timezone.now() - timezone.timedelta(days=1)
        run_of(system, RunStatus.PASSED, step("BANNER") | {"found": {"banner": "one"}}, step("RESOLVE"), created=day)
        now = run_of(system, RunStatus.PASSED, step("BANNER") | {"found": {"banner": "two"}}, step("KEX"))
        assert self.changes(now) == []

    def test_a_failed_step_that_was_not_taken_before(self, system: System, before: CheckRun, english: None) -> None:
        now = run_of(system, RunStatus.FAILED, *before.steps, step("KEX", "failed", "sftp.silent"))
        assert [change[:2] for change in self.changes(now)] == [(str(StepCode.KEX.label), "Not taken")]

    def test_a_check_whose_steps_are_not_kept_is_passed_over(self, system: System, before: CheckRun) -> None:
        run_of(system, RunStatus.FAILED, created=timezone.now() - timezone.timedelta(hours=1))
        assert self.changes(run_of(system, RunStatus.PASSED, *before.steps)) == []

    def test_the_first_check_and_an_open_one_have_nothing_to_be_compared_with(self, system: System) -> None:
        assert run_changes.changes_of(run_of(system, RunStatus.PASSED)) is None
        assert run_changes.changes_of(run_of(system, RunStatus.RUNNING)) is None

    def test_other_settings_are_said(self, reader: Any, system: System, before: CheckRun) -> None:
        run = run_of(system, RunStatus.PASSED, *before.steps, target={"ssh_host": "ny.example", "ssh_port": 22})
        assert "Systemets indstillinger blev ændret imellem dem." in reader.get(url(run)).content.decode()

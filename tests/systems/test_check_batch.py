"""Testing all systems at once: the page before (`check_all`), how far it is and what came of it (`check_batch`)."""

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone

from adgang.lib import queueing
from organisations.models import Event, Organisation
from systems import batches, checking, tasks
from systems.models import CheckBatch, CheckRun, RunStatus, System, SystemHealth
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.systems.logged import payload, tags

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def ours() -> Organisation:
    return organisation()


@pytest.fixture
def client(ours: Organisation) -> Any:
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours))


def url(ours: Organisation, batch: CheckBatch | None = None) -> str:
    return reverse("check_batch" if batch else "check_all", args=[ours.cvr_number, *([batch.pk] if batch else [])])


def begin(client: Any, ours: Organisation, **data: str) -> CheckBatch:
    answer = client.post(url(ours), data)
    batch = CheckBatch.objects.get(finished=None)
    assert answer.url == url(ours, batch)
    return batch


def end(run: CheckRun, status: str = RunStatus.PASSED, summary: str = "") -> None:
    """End a run the way a worker does, without dialling."""
    CheckRun.objects.filter(pk=run.pk).update(status=status, summary=summary, finished=NOW(), duration_ms=5)


def hosts(count: int, ours: Organisation) -> list[System]:
    return [systems.system(organisation=ours, active=True, endpoint=f"a@host{n}.example") for n in range(count)]


def test_the_page_says_what_is_tested_and_what_not_and_why(client: Any, ours: Organisation) -> None:
    names = {
        "active": systems.system(organisation=ours, active=True).name,
        "draft": systems.system(organisation=ours).name,
        "ended": systems.system(
            organisation=ours, active_from=NOW() - dt.timedelta(days=9), active_to=NOW() - dt.timedelta(days=1)
        ).name,
    }
    page = client.get(url(ours)).content.decode()
    tested, left_out = page.split("testes ikke</h2>")
    assert [name in tested for name in names.values()] == [True, False, False]
    assert "ikke i drift endnu" in left_out
    assert "ude af drift" in left_out
    assert names["draft"] in client.get(url(ours) + "?drafts=1").content.decode().split("testes ikke</h2>")[0]
    batch = begin(client, ours, drafts="1")
    assert (batch.total, [one["code"] for one in batch.left_out]) == (2, ["batch.out_of_service"])


def test_nothing_to_test(client: Any, ours: Organisation) -> None:
    assert "Ingen systemer er i drift" in client.get(url(ours)).content.decode()
    assert client.post(url(ours)).status_code == 200
    assert not CheckBatch.objects.exists()


def test_a_second_click_shows_the_open_one(client: Any, ours: Organisation) -> None:
    hosts(1, ours)
    batch = begin(client, ours)
    assert client.post(url(ours)).url == client.get(url(ours)).url == url(ours, batch)
    assert CheckBatch.objects.count() == CheckRun.objects.count() == 1


def test_who_may(ours: Organisation) -> None:
    hosts(1, ours)
    batch = systems.batch(organisation=ours)
    people = [
        user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours),
        user_with(Role.READER, organisation=ours),
        user_with(Role.STATISTICS_ADMINISTRATOR, organisation=ours),
        user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation()),
    ]
    statuses = [
        [client_for(person).get(address).status_code for address in (url(ours), url(ours, batch))] for person in people
    ]
    assert statuses == [[200, 200], [403, 200], [403, 403], [404, 404]]


def test_a_vendor_tests_and_sees_its_own_system_only(client: Any, ours: Organisation) -> None:
    own, other = hosts(2, ours)
    vendor = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours, system_id=own.pk))
    assert other.name not in vendor.get(url(ours)).content.decode()
    batch = begin(client, ours)
    page = vendor.get(url(ours, batch)).content.decode()
    assert (own.name in page, other.name in page) == (True, False)
    assert "0 af 1" in page


class TestALittleAtATime:
    def test_as_many_as_there_is_room_for(self, client: Any, ours: Organisation) -> None:
        hosts(batches.AT_ONCE + 2, ours)
        batch = begin(client, ours)
        assert CheckRun.objects.open().count() == batches.AT_ONCE
        for run in CheckRun.objects.open()[:1]:
            end(run)
        tasks.go_on_with_batch(batch_id=str(batch.pk))
        batch.refresh_from_db()
        assert (CheckRun.objects.open().count(), len(batch.waiting)) == (batches.AT_ONCE, 1)

    def test_one_host_is_not_flooded_and_the_next_begins_when_one_ends(self, client: Any, ours: Organisation) -> None:
        for _number in range(batches.PER_HOST + 1):
            systems.system(organisation=ours, active=True, endpoint="a@one.example")
        batch = begin(client, ours)
        assert CheckRun.objects.count() == batches.PER_HOST
        end(CheckRun.objects.all()[0])
        batches.sweep(at=NOW())
        assert CheckRun.objects.count() == batches.PER_HOST + 1
        batch.refresh_from_db()
        assert batch.is_open

    def test_a_system_being_tested_already_waits(self, client: Any, ours: Organisation) -> None:
        [one] = hosts(1, ours)
        first = CheckRun.objects.create(system=one, protocol="SMTP", trigger="MANUAL")
        batch = begin(client, ours)
        assert len(batch.waiting) == 1
        end(first)
        batches.go_on(batch.pk, at=NOW())
        assert CheckRun.objects.get(batch=batch).system == one

    def test_a_deleted_system_is_passed_over(self, client: Any, ours: Organisation) -> None:
        [one] = hosts(1, ours)
        first = CheckRun.objects.create(system=one, protocol="SMTP", trigger="MANUAL")
        batch = begin(client, ours)
        end(first)
        one.delete()
        batches.go_on(batch.pk, at=NOW())
        batch.refresh_from_db()
        assert not batch.is_open


def test_every_run_that_ends_lets_it_go_on_and_the_batch_is_one_event(
    client: Any, ours: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    """Runs of real workers: REST pull dials nothing, so they end at once."""
    for _number in range(2):
        systems.system(organisation=ours, active=True, protocol="REST_PULL")
    batch = begin(client, ours)
    for run in CheckRun.objects.filter(batch=batch):
        claimed = checking.claim(run.pk)
        assert claimed is not None
        with mock.patch.object(queueing, "current_app") as app, django_capture_on_commit_callbacks(execute=True):
            checking.run(claimed)
        app.send_task.assert_any_call("systems.go_on_with_batch", kwargs={"batch_id": str(batch.pk)}, retry=False)
    batches.go_on(batch.pk, at=NOW())
    batches.go_on(batch.pk, at=NOW())
    batch.refresh_from_db()
    assert not batch.is_open
    assert tags(ours) == ["SYSTEMS_CHECKED"]
    assert payload(ours, "SYSTEMS_CHECKED")["after"]["failed"] == 2
    assert Event.objects.get(tag="SYSTEMS_CHECKED").actor_id == batch.requested_by_id
    assert SystemHealth.objects.exclude(last_check=None).count() == 2


def test_the_limit_an_hour(client: Any, ours: Organisation) -> None:
    hosts(1, ours)
    for _number in range(batches.BATCHES):
        systems.batch(organisation=ours)
    answer = client.post(url(ours), follow=True)
    assert f"{batches.BATCHES} gange inden for en time" in answer.content.decode()
    assert not CheckBatch.objects.filter(finished=None).exists()
    CheckBatch.objects.update(created=NOW() - dt.timedelta(minutes=61))
    begin(client, ours)


class TestPage:
    def test_it_asks_again_while_it_runs_and_gets_nothing_when_nothing_is_new(
        self, client: Any, ours: Organisation
    ) -> None:
        hosts(2, ours)
        batch = begin(client, ours)
        page = client.get(url(ours, batch)).content.decode()
        assert "0 af 2" in page
        assert "hx-get" in page
        assert client.get(url(ours, batch) + "?seen=open-0-0-0-0-0-2-0").status_code == 204
        end(CheckRun.objects.all()[0])
        fragment = client.get(url(ours, batch) + "?seen=open-0-0-0-0-0-2-0").content.decode()
        assert "<html" not in fragment
        assert "1 af 2" in fragment

    def test_the_end_is_announced_once_and_the_worst_come_first(self, client: Any, ours: Organisation) -> None:
        good, bad = hosts(2, ours)
        batch = begin(client, ours)
        end(CheckRun.objects.get(system=good))
        end(CheckRun.objects.get(system=bad), RunStatus.FAILED, "mx.null")
        batches.go_on(batch.pk, at=NOW())
        fragment = client.get(url(ours, batch) + "?seen=open-0-0-0-0-0-2-0").content.decode()
        assert fragment.count("Alle systemer er testet. Ikke bestået: 1, Bestået: 1.") == 1
        assert "hx-trigger" not in fragment.split("<table")[0].split('id="batch"')[1].split(">")[0]
        page = client.get(url(ours, batch)).content.decode()
        assert page.index(bad.name) < page.index(good.name)
        assert "seen=" not in page
        rows = b"".join(client.get(url(ours, batch) + "?format=csv").streaming_content).decode("utf-8-sig").splitlines()
        assert len(rows) == 3
        assert "mx.null" in rows[1]
        assert bad.name in client.get(url(ours, batch) + "?status=FAILED").content.decode()

    def test_queries(self, client: Any, ours: Organisation, django_assert_num_queries: Any) -> None:
        hosts(1, ours)
        batch = systems.batch(organisation=ours)
        client.get(url(ours, batch))

        def run(one: System) -> None:
            CheckRun.objects.create(system=one, protocol="SMTP", trigger="BATCH", status="PASSED", batch=batch)

        for one in hosts(1, ours):
            run(one)
        with django_assert_num_queries(8):
            client.get(url(ours, batch))
        for one in hosts(3, ours):
            run(one)
        with django_assert_num_queries(8):
            client.get(url(ours, batch))

    def test_the_list_of_systems_leads_there(self, client: Any, ours: Organisation) -> None:
        address = reverse("systems", args=[ours.cvr_number])
        assert url(ours) not in client.get(address).content.decode()
        hosts(1, ours)
        assert url(ours) in client.get(address).content.decode()


@pytest.mark.parametrize("query", ["", "?q=intet", "?page=9"])
def test_the_list_offers_to_test_all_whatever_it_shows(client: Any, ours: Organisation, query: str):
    assert url(ours) not in client.get(reverse("systems", args=[ours.cvr_number]) + query).content.decode()
    systems.system(organisation=ours)
    assert url(ours) in client.get(reverse("systems", args=[ours.cvr_number]) + query).content.decode()

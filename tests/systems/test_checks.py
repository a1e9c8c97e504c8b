"""The history of a system's checks."""

from typing import Any

import pytest
from django.utils import timezone

from adgang.lib.findings import finding
from organisations.models import Organisation
from systems import run_changes
from systems.models import CheckRun, RunStatus, System, Trigger
from tests.factories import organisations, systems
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return organisations.organisation()


@pytest.fixture
def system(organisation: Organisation) -> System:
    return systems.system(organisation=organisation)


@pytest.fixture
def reader(organisation: Organisation) -> Any:
    return client_for(user_with(Role.READER, organisation=organisation))


def run_of(system: System, status: str = RunStatus.PASSED, code: str = "", **fields: Any) -> CheckRun:
    found = [finding(code, domain="post.example").as_json()] if code else []
    step = {"code": "RESOLVE", "place": "", "status": "failed", "ms": 1, "found": {}, "findings": found}
    values = {"trigger": Trigger.MANUAL, "protocol": "SMTP", "steps": [step], "summary": code} | fields
    made: CheckRun = CheckRun.objects.create(system=system, status=status, **values)
    return made


def url(system: System, query: str = "") -> str:
    return f"/o/{system.organisation.cvr_number}/systemer/{system.pk}/kontroller/{query}"


def test_each_check_is_a_row_with_its_cause(reader: Any, system: System) -> None:
    run = run_of(system, RunStatus.FAILED, "mx.null", duration_ms=1234)
    page = reader.get(url(system)).content.decode()
    assert f'href="{url(system)}{run.pk}/"' in page
    assert "Domænet post.example siger, at det ikke modtager mail" in page
    assert "1,2 s" in page
    assert "af en person" in page


def test_checks_of_other_systems_are_not_there(reader: Any, system: System, organisation: Organisation) -> None:
    other = run_of(systems.system(organisation=organisation))
    assert str(other.pk) not in reader.get(url(system)).content.decode()


def test_narrowed_by_result(reader: Any, system: System) -> None:
    passed, failed = run_of(system), run_of(system, RunStatus.FAILED)
    page = reader.get(url(system, "?status=FAILED")).content.decode()
    assert (str(failed.pk) in page, str(passed.pk) in page) == (True, False)


def test_an_empty_history_says_what_belongs_there(reader: Any, system: System) -> None:
    assert "Ingen kontroller endnu" in reader.get(url(system)).content.decode()


def test_as_csv(reader: Any, system: System) -> None:
    run_of(system, RunStatus.FAILED, "mx.null")
    response = reader.get(url(system, "?format=csv"))
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "Ikke bestået" in rows[1]


def test_the_number_of_queries_does_not_grow(
    reader: Any, system: System, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    run_of(system, requested_by=organisations.user())
    reader.get(url(system))
    with django_assert_max_num_queries(12) as one:
        reader.get(url(system))
    for _ in range(2):
        run_of(system, requested_by=organisations.user())
    with django_assert_num_queries(len(one.captured_queries)):
        reader.get(url(system))


def test_strangers(system: System) -> None:
    stranger = client_for(user_with(Role.READER, organisation=organisations.organisation()))
    assert stranger.get(url(system)).status_code == 404


def test_a_colleague_without_the_right(system: System, organisation: Organisation) -> None:
    client = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation))
    assert client.get(url(system)).status_code == 403


def test_each_check_is_compared_with_the_one_before_it(reader: Any, system: System, english: None) -> None:
    start = timezone.now() - timezone.timedelta(days=1)
    ends = [
        (RunStatus.PASSED, ""),
        (RunStatus.FAILED, "mx.null"),
        (RunStatus.FAILED, "mx.null"),
        (RunStatus.ABORTED, ""),
        (RunStatus.FAILED, "dns.timeout"),
        (RunStatus.WARNING, ""),
    ]
    for number, (status, code) in enumerate(ends):
        run_of(system, status, code, created=start + timezone.timedelta(hours=number))
    runs = run_changes.with_results_before(CheckRun.objects.filter(system=system)).order_by("created")
    assert [run_changes.compared(run) for run in runs] == [
        *("The first check", "New fault", "As before", "", "Another cause", "Cured"),
    ]


def test_narrowed_by_day_and_by_who_asked(reader: Any, system: System) -> None:
    old = run_of(system, created=timezone.now() - timezone.timedelta(days=10), trigger=Trigger.SCHEDULED)
    new = run_of(system)
    day = timezone.localdate() - timezone.timedelta(days=2)
    for query in (f"?since={day:%d-%m-%Y}", "?trigger=MANUAL"):
        page = reader.get(url(system, query)).content.decode()
        assert (str(old.pk) in page, str(new.pk) in page) == (False, True)


def test_a_check_under_way_is_found_again(reader: Any, system: System) -> None:
    run = run_of(system, RunStatus.RUNNING)
    link = f'href="{url(system)}{run.pk}/"'
    assert "En kontrol er i gang" in reader.get(url(system)).content.decode()
    pages = [f"/o/{system.organisation.cvr_number}/systemer/", url(system).removesuffix("kontroller/")]
    assert [link in reader.get(page).content.decode() for page in pages] == [True, True]

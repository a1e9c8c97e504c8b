"""Connection checks by API: asked for, followed, read with their steps; and the test of all systems."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, of_findings
from adgang.lib.api.filters import Column, Kind
from adgang.lib.api.findings import Finding, finding_wire
from adgang.lib.api.operations import Answer, OwnRouter, found, found_one, operation
from adgang.lib.api.searching import Search, find
from adgang.lib.api.wire import Flag, Id, Int, Moment, ResultPage, Text, Wire, choice
from adgang.lib.findings import Finding as FoundFinding
from adgang.lib.findings import finding
from organisations.rights import Right
from systems import access, batches, check_report, checking
from systems.batch_showing import BatchView
from systems.check_limits import TooManyChecks
from systems.models import CheckBatch, CheckRun, RunStatus, Trigger
from systems.protocols import Protocol

router = OwnRouter(tags=["Connection checks"])


class ConnectionCheck(Wire):
    """A check of a system's connection. `summary` is the code of the finding that decided; none when all is well.

    `report` is told of one check that is over: what was checked, every step and what it found, in both languages, in
    the form of docs/check-report.md.
    """

    id: Id = None
    system_id: Id = None
    protocol: choice(Protocol) = None  # type: ignore[valid-type]
    status: choice(RunStatus) = None  # type: ignore[valid-type]
    trigger: choice(Trigger) = None  # type: ignore[valid-type]
    batch_id: Id = None
    created_date: Moment = None
    finished_date: Moment = None
    duration_ms: Int = None
    summary: Text = None
    failed_step: Text = None
    report: dict[str, Any] | None = None


class ConnectionCheckSearchResult(ResultPage):
    """A page of checks, the newest first, without their reports."""

    connection_checks: list[ConnectionCheck] | None = None


class LeftOut(Wire):
    """A system that is not tested, and why."""

    system_id: Id = None
    name: Text = None
    finding: Finding | None = None


class CheckBatchCommand(Wire):
    """What to test: systems in service, and with `includeDrafts` those that are not in service yet."""

    include_drafts: Flag = None


class CheckBatchWire(Wire):
    """A test of all systems. `waiting` is how many have not begun."""

    id: Id = None
    created_date: Moment = None
    finished_date: Moment = None
    waiting: Int = None
    connection_checks: list[ConnectionCheck] | None = None
    left_out: list[LeftOut] | None = None


SEARCH = Search(
    answer=ConnectionCheck,
    columns={
        "id": Column("pk", Kind.ID),
        "status": Column("status", values={value: value for value in RunStatus.values}),
        "trigger": Column("trigger", values={value: value for value in Trigger.values}),
        "protocol": Column("protocol", values={value: value for value in Protocol.values}),
        "createdDate": Column("created", Kind.MOMENT),
        "finishedDate": Column("finished", Kind.MOMENT),
        "summary": Column("summary"),
        "failedStep": Column("failed_step"),
    },
    words=("summary", "failed_step"),
    order=("-created",),
)
MANY = "organisations/{uuid:org}/systems/{uuid:id}/checks/"
ONE = "organisations/{uuid:org}/systems/{uuid:systemId}/checks/{uuid:id}"
BATCHES, BATCH = "organisations/{uuid:org}/check-batches/", "organisations/{uuid:org}/check-batches/{uuid:id}"


def check_wire(run: CheckRun, *, whole: bool = False) -> ConnectionCheck:
    """Return a check as it travels; the `whole` of one that is over with its report."""
    return ConnectionCheck(
        id=run.pk,
        system_id=run.system_id,
        protocol=run.protocol,
        status=run.status,
        trigger=run.trigger,
        batch_id=run.batch_id,
        created_date=run.created,
        finished_date=run.finished,
        duration_ms=run.duration_ms,
        summary=run.summary or None,
        failed_step=run.failed_step or None,
        report=check_report.report(run) if whole and not run.is_open else None,
    )


@operation(
    router,
    "POST",
    MANY,
    summary="Check the connection",
    answer=ConnectionCheck,
    status=201,
    errors=(401, 403, 404),
)
def check_begin(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> ConnectionCheck:
    """Begin a check of a system, or return the one that is under way. Read it until `status` says that it is over.

    There is a limit to how often an organisation, and a host, is checked: 429 says when to try again.
    """
    system = access.system(request, org, id, right=Right.SYSTEMS_CHECK)
    try:
        run = checking.ask(access.caller(request), system, Trigger.API)
    except TooManyChecks as refused:
        raise _too_many(refused) from refused
    return check_wire(run)


def _too_many(refused: TooManyChecks) -> ApiError:
    params = refused.params
    seconds = params["seconds"] if "seconds" in params else params["minutes"] * 60
    error = of_findings([finding(refused.code, **params)], status=429)
    error.headers = {"Retry-After": str(seconds)}
    return error


@operation(
    router,
    "GET",
    MANY,
    summary="Search checks",
    answer=ConnectionCheckSearchResult,
    errors=(401, 403, 404),
    search=SEARCH,
)
def checks_search(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> dict[str, Any]:
    """Find the checks of a system, the newest first."""
    system = access.system(request, org, id, right=Right.SYSTEMS_VIEW)
    rows = CheckRun.objects.filter(system=system).defer("steps", "target", "hosts")
    page = find(request, rows, SEARCH)
    return found(page, "connectionChecks", map(check_wire, page.rows))


@operation(router, "GET", ONE, summary="Read a check", answer=ConnectionCheck, errors=(401, 403, 404))
def check_read(request: HttpRequest, org: uuid.UUID, systemId: uuid.UUID, id: uuid.UUID) -> ConnectionCheck:
    """Return one check; when it is over with its report."""
    system = access.system(request, org, systemId, right=Right.SYSTEMS_VIEW)
    run: CheckRun = found_one(CheckRun.objects.filter(system=system, pk=id).first())
    run.system = system
    return check_wire(run, whole=True)


@operation(
    router,
    "POST",
    BATCHES,
    summary="Check all systems",
    answer=CheckBatchWire,
    status=201,
    errors=(400, 401, 403, 404, 409),
)
def check_batch_begin(request: HttpRequest, org: uuid.UUID, body: CheckBatchCommand) -> CheckBatchWire:
    """Begin a test of all the organisation's systems that the caller may check, or return the one under way."""
    organisation, systems = access.systems(request, org, right=Right.SYSTEMS_CHECK)
    at = timezone.now()
    rows = systems.with_page_data().order_by("name")
    planned = batches.plan(rows, at=at, drafts=bool(body.include_drafts))
    if not planned.tested and batches.open_batch(organisation) is None:
        raise ApiError(409, "batch.empty", _("No system can be tested: none is in service."))
    try:
        batch = batches.begin(caller=access.caller(request), organisation=organisation, planned=planned, at=at)
    except TooManyChecks as refused:
        raise _too_many(refused) from refused
    batch.refresh_from_db()  # its first checks have begun
    return _batch_wire(batch, set(systems.values_list("pk", flat=True)))


@operation(router, "GET", BATCH, summary="Read a check of all systems", answer=CheckBatchWire, errors=(401, 403, 404))
def check_batch_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return a test of all systems with its checks, the worst first, as far as the caller may see the systems."""
    organisation, systems = access.systems(request, org, right=Right.SYSTEMS_VIEW)
    batch = found_one(CheckBatch.objects.filter(organisation=organisation, pk=id).first())
    return Answer(body=_batch_wire(batch, set(systems.values_list("pk", flat=True))))


def _batch_wire(batch: CheckBatch, visible: set[uuid.UUID]) -> CheckBatchWire:
    view, seen = BatchView(batch, visible), {str(pk) for pk in visible}
    return CheckBatchWire(
        id=batch.pk,
        created_date=batch.created,
        finished_date=batch.finished,
        waiting=view.waiting,
        connection_checks=[check_wire(run) for run in view.begun],
        left_out=[_left_out(one) for one in batch.left_out if one["system"] in seen],
    )


def _left_out(one: dict[str, Any]) -> LeftOut:
    why: FoundFinding = finding(one["code"])
    return LeftOut(system_id=one["system"], name=one["name"], finding=finding_wire(why))

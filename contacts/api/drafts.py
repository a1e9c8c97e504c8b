"""Drafts of the contact structure by API: begun, changed, decided, published, by the rules of their pages."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, of_findings, refuse, wrong
from adgang.lib.api.filters import Column, Kind
from adgang.lib.api.findings import finding_wire
from adgang.lib.api.operations import PAGING, Answer, OwnRouter, found, operation
from adgang.lib.api.searching import Search, find, page_of
from adgang.lib.api.versions import expected
from adgang.lib.registered import check_version
from contacts import access
from contacts.api.draft_changes import act_of
from contacts.api.draft_schemas import (
    ChangeAct,
    ConflictDecision,
    Draft,
    DraftChange,
    DraftChangeCommand,
    DraftChanges,
    DraftCommand,
    DraftConflict,
    DraftConflicts,
    DraftObstacle,
    DraftSearchResult,
    FieldChange,
    ObjectKind,
    Publication,
    PublishCommand,
    Side,
)
from contacts.api.groups import refusing
from contacts.differences import Change
from contacts.drafts import deciding, lifecycle, publishing
from contacts.drafts.lifecycle import NotOpen
from contacts.drafts.merging import Conflict, Merged
from contacts.drafts.publishing import ChangedMeanwhile, Refused
from contacts.drafts.wording import NOT_OPEN
from contacts.forms.drafts import DraftForm
from contacts.models import Draft as Row
from contacts.models import DraftState
from contacts.models import Publication as Published
from organisations.rights import Right

router = OwnRouter(tags=["Drafts"])
SEARCH = Search(
    answer=Draft,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "createdDate": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "name": Column("name"),
        "state": Column("state", values={value: value for value in DraftState.values}),
        "publishAt": Column("publish_at", Kind.MOMENT),
    },
    words=("name", "note"),
    order=("-created",),
)
MANY, ONE = "organisations/{uuid:org}/drafts/", "organisations/{uuid:org}/drafts/{uuid:id}"
CHANGES, CONFLICTS = f"{ONE}/changes/", f"{ONE}/conflicts"


# The publication itself is large: only its id is read.
ROWS = Row.objects.annotate(published=F("publication__pk"))


def _wire(row: Row) -> Draft:
    return Draft(
        id=row.pk,
        version=row.version,
        created_date=row.created,
        last_updated=row.updated,
        name=row.name,
        note=row.note or None,
        state=row.state,
        begun_by_identity_id=row.begun_by_id,
        publish_at=row.publish_at,
        closed_date=row.closed,
        publication_id=vars(row)["published"],
    )


def _answer(id: uuid.UUID) -> Answer:
    row = ROWS.get(pk=id)
    return Answer(body=_wire(row), version=row.version)


def _said(body: DraftCommand) -> dict[str, str]:
    """Return name and note as the page would take them. Raises `ApiError`."""
    form = DraftForm({"name": body.name or "", "note": body.note or ""})
    if not form.is_valid():
        refuse(ValidationError(form.errors.as_data()), resource="draft", names={}, sent={})
    return {"name": form.cleaned_data["name"], "note": form.cleaned_data["note"]}


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what a draft refuses into the 409 that says why."""
    try:
        yield
    except NotOpen as error:
        raise ApiError(409, "draft.not_open", str(NOT_OPEN)) from error
    except Refused as refused:
        raise of_findings([refused.finding], status=409) from refused
    except ChangedMeanwhile as error:
        text = _("The structure or the draft was changed since you read it. Read it again.")
        raise ApiError(409, "draft.changed", text) from error


@operation(
    router, "GET", MANY, summary="Search drafts", answer=DraftSearchResult, errors=(401, 403, 404), search=SEARCH
)
def drafts_search(request: HttpRequest, org: uuid.UUID) -> dict[str, Any]:
    """Find the drafts of an organisation's structure, the newest first."""
    organisation = access.organisation(request, org, right=Right.CONTACTS_VIEW)
    page = find(request, ROWS.filter(organisation=organisation), SEARCH)
    return found(page, "drafts", map(_wire, page.rows))


@operation(router, "POST", MANY, summary="Begin a draft", answer=Draft, status=201, errors=(400, 401, 403, 404))
def draft_begin(request: HttpRequest, org: uuid.UUID, body: DraftCommand) -> Answer:
    """Begin a draft that changes nothing yet."""
    organisation = access.organisation(request, org, right=Right.CONTACTS_CHANGE)
    made = lifecycle.begin(caller=access.caller(request), organisation=organisation, **_said(body))
    return _answer(made.pk)


@operation(router, "GET", ONE, summary="Read a draft", answer=Draft, errors=(401, 403, 404))
def draft_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return a draft, whatever has become of it."""
    return _answer(access.draft(request, org, id, right=Right.CONTACTS_VIEW).pk)


@operation(router, "PUT", ONE, summary="Rename a draft", answer=Draft, errors=(400, 401, 403, 404), versioned=True)
def draft_rename(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: DraftCommand) -> Answer:
    """Give a draft another name and note."""
    row = access.draft(request, org, id, right=Right.CONTACTS_CHANGE)
    version = expected(request)
    check_version(row, version=version)
    with _refusing():
        lifecycle.rename(caller=access.caller(request), draft=row, version=version, **_said(body))
    return _answer(row.pk)


@operation(router, "DELETE", ONE, summary="Discard a draft", status=204, errors=(400, 401, 403, 404), versioned=True)
def draft_discard(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> None:
    """Give a draft up; it stays to be looked at."""
    row = access.draft(request, org, id, right=Right.CONTACTS_CHANGE)
    with _refusing():
        lifecycle.discard(caller=access.caller(request), draft=row, version=expected(request))


@operation(
    router,
    "GET",
    CHANGES,
    summary="Changes of a draft",
    answer=DraftChanges,
    errors=(400, 401, 403, 404),
    extra={"parameters": PAGING[:3]},
)
def draft_changes_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> dict[str, Any]:
    """Return what publishing the draft would do now, object by object and field by field."""
    row = access.draft(request, org, id, right=Right.CONTACTS_VIEW)
    changes = [] if row.is_closed else publishing.difference(lifecycle.read(row))
    page = page_of(request, changes)
    return {**found(page, "changes", map(_change, page.rows)), "digest": publishing.digest(changes)}


def _change(change: Change) -> DraftChange:
    return DraftChange(
        object_id=change.id,
        kind=ObjectKind[change.kind.name],
        act=ChangeAct[change.act.name],
        name=change.name,
        path=change.path or None,
        fields=[FieldChange(field=one.column, before=one.before, after=one.after) for one in change.fields],
    )


@operation(
    router,
    "POST",
    CHANGES,
    summary="Change something in a draft",
    answer=DraftChange,
    status=201,
    errors=(400, 401, 403, 404, 409),
)
def draft_change_make(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: DraftChangeCommand) -> DraftChange:
    """Create, change or delete a group or point in the draft; nobody outside sees it before it is published.

    The answer is the object's change as it stands in the draft now, without fields when nothing is left of it.
    """
    row = access.draft(request, org, id, right=Right.CONTACTS_CHANGE)
    act = act_of(body, row.organisation)
    with _refusing(), refusing("contactGroup" if body.kind is ObjectKind.GROUP else "contactPoint"):
        object_id = lifecycle.change(caller=access.caller(request), draft=row, act=act)
    changes = publishing.difference(lifecycle.read(row))
    kept = next((one for one in changes if one.id == object_id), None)
    return _change(kept) if kept else DraftChange(object_id=object_id, kind=body.kind)


@operation(router, "GET", CONFLICTS, summary="Conflicts of a draft", answer=DraftConflicts, errors=(401, 403, 404))
def draft_conflicts_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> DraftConflicts:
    """Return what must be decided or mended before the draft can be published."""
    row = access.draft(request, org, id, right=Right.CONTACTS_VIEW)
    return _conflicts(None if row.is_closed else lifecycle.read(row))


def _conflicts(merged: Merged | None) -> DraftConflicts:
    if merged is None:
        return DraftConflicts(conflicts=[], obstacles=[])
    return DraftConflicts(
        conflicts=[_conflict(one) for one in merged.conflicts],
        obstacles=[DraftObstacle(object_id=pk, finding=finding_wire(why)) for pk, why in merged.obstacles],
    )


def _conflict(one: Conflict) -> DraftConflict:
    return DraftConflict(
        object_id=one.change.object_id,
        kind=ObjectKind.GROUP if one.change.is_group else ObjectKind.POINT,
        name=one.name,
        field=one.field or None,
        base=one.base,
        mine=one.mine,
        theirs=one.theirs,
        seen=deciding.digest([one]),
    )


@operation(
    router,
    "POST",
    f"{CONFLICTS}/decide",
    summary="Decide a conflict",
    answer=DraftConflicts,
    errors=(400, 401, 403, 404, 409),
)
def draft_conflict_decide(
    request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: ConflictDecision
) -> DraftConflicts:
    """Keep what the draft says, or what stands now; the answer is what is left to decide."""
    row = access.draft(request, org, id, right=Right.CONTACTS_CHANGE)
    if body.keep is None or body.object_id is None:
        name = "keep" if body.keep is None else "objectId"
        text = _("Name the object, and whose version stays.")
        raise wrong("conflictDecision", name, f"{name}.missing", text)
    with _refusing():
        deciding.decide(
            caller=access.caller(request),
            draft=row,
            object_id=body.object_id,
            field=body.field or "",
            mine=body.keep is Side.DRAFT,
            seen=body.seen or "",
        )
    return _conflicts(lifecycle.read(row))


@operation(
    router,
    "POST",
    f"{ONE}/publish",
    summary="Publish a draft",
    answer=Publication,
    errors=(400, 401, 403, 404, 409),
)
def draft_publish_now(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: PublishCommand) -> Publication:
    """Make the draft the structure, in one go; 409 when something is in its way, or it would do something else."""
    row = access.draft(request, org, id, right=Right.CONTACTS_CHANGE)
    with _refusing():
        event = publishing.publish(caller=access.caller(request), draft=row, seen=body.digest or "")
    made = Published.objects.get(pk=event.pk)
    return Publication(
        id=made.pk,
        name=made.name,
        created_count=made.created_count,
        changed_count=made.changed_count,
        deleted_count=made.deleted_count,
    )

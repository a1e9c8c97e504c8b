"""Letter types by API: what each kind of letter must carry, by the rules and the form of their pages."""

import uuid
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from adgang.lib.api.errors import refuse
from adgang.lib.api.filters import Column, Kind
from adgang.lib.api.operations import Answer, OwnRouter, found, operation
from adgang.lib.api.searching import Search, find
from adgang.lib.api.versions import expected
from adgang.lib.api.wire import Flag, Id, Int, Long, Moment, Person, ResultPage, Text, Wire, choice
from adgang.lib.registered import check_version
from memo import access
from memo import letter_types as concept
from memo.letter_forms import LetterTypeForm
from memo.models import LetterType as Row
from memo.models import Mark
from organisations.models import Organisation
from organisations.rights import Right

router = OwnRouter(tags=["Letter types"])


class LetterTypeCommand(Wire):
    """What a kind of letter must carry.

    `codes` are written `KLE:32.24.04`, `actions` `SELVBETJENING | Ansøg nu | https://…`; `contactInfo` is what the
    writer of a reply is asked for. `replyPointId` is the contact point's id here or in Digital Post, or that of one
    that a draft makes. Without `replyAllowed` nobody can reply.
    """

    name: Text = None
    responsible: Person | None = None
    sender_system_id: Id = None
    reply_allowed: Flag = None
    reply_point_id: Id = None
    reply_days: Int = None
    mandatory: Flag = None
    legal_notification: Flag = None
    post_type: Text = None
    codes: list[str] | None = None
    actions: list[str] | None = None
    contact_info: list[str] | None = None


class LetterType(LetterTypeCommand):
    """A letter type. `mark` says how far it is marked with its contact point for replies."""

    id: Id = None
    version: Long = None
    created_date: Moment = None
    last_updated: Moment = None
    reply_point_name: Text = None
    mark: choice(Mark) = None  # type: ignore[valid-type]


class LetterTypeSearchResult(ResultPage):
    """A page of letter types."""

    letter_types: list[LetterType] | None = None


SEARCH = Search(
    answer=LetterType,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "createdDate": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "name": Column("name"),
        "senderSystemId": Column("sender_system_id", Kind.ID),
        "replyPointId": Column("reply_point_id", Kind.ID),
        "replyAllowed": Column("reply_allowed", Kind.FLAG),
        "mandatory": Column("mandatory", Kind.FLAG),
        "legalNotification": Column("legal_notification", Kind.FLAG),
        "postType": Column("post_type"),
        "mark": Column("mark", values={value: value for value in Mark.values}),
    },
    words=("name", "reply_point_name", "responsible_name", "post_type"),
)
MANY, ONE = "organisations/{uuid:org}/letter-types/", "organisations/{uuid:org}/letter-types/{uuid:id}"
# The form's fields by their names on the wire.
NAMES = {
    "responsible_name": "responsible.name",
    "responsible_email": "responsible.email",
    "sender_system": "senderSystemId",
    "reply_allowed": "replyAllowed",
    "reply_point": "replyPointId",
    "reply_days": "replyDays",
    "legal_notification": "legalNotification",
    "post_type": "postType",
    "contact_info": "contactInfo",
}


def _wire(row: Row) -> LetterType:
    person = Person(name=row.responsible_name or None, email=row.responsible_email or None)
    return LetterType(
        id=row.pk,
        version=row.version,
        created_date=row.created,
        last_updated=row.updated,
        name=row.name,
        responsible=person if row.responsible_name or row.responsible_email else None,
        sender_system_id=row.sender_system_id,
        reply_allowed=row.reply_allowed,
        reply_point_id=row.reply_point_id,
        reply_point_name=row.reply_point_name or None,
        reply_days=row.reply_days,
        mandatory=row.mandatory,
        legal_notification=row.legal_notification,
        post_type=row.post_type or None,
        codes=row.codes,
        actions=row.actions,
        contact_info=row.contact_info,
        mark=vars(row)["mark"],
    )


def _answer(id: uuid.UUID) -> Answer:
    row = Row.objects.with_point().get(pk=id)
    return Answer(body=_wire(row), version=row.version)


def _refuse(error: ValidationError) -> NoReturn:
    refuse(error, resource="letterType", names=NAMES, sent={})


def _form(body: LetterTypeCommand, organisation: Organisation, row: Row | None = None) -> LetterTypeForm:
    """Return the form that the body fills in. Raises `ApiError` for what cannot stand."""
    person = body.responsible or Person()
    stays = row is not None and row.reply_point_id is not None and row.reply_point_id == body.reply_point_id
    data: dict[str, Any] = {
        "name": body.name or "",
        "responsible_name": person.name or "",
        "responsible_email": person.email or "",
        "sender_system": str(body.sender_system_id or ""),
        "reply_allowed": "on" if body.reply_allowed else "",
        # One that stands already may be gone from the structure; its name lets it stay.
        "reply_point": row.reply_point_name if stays and row else str(body.reply_point_id or ""),
        "reply_days": "" if body.reply_days is None else str(body.reply_days),
        "mandatory": "on" if body.mandatory else "",
        "legal_notification": "on" if body.legal_notification else "",
        "post_type": body.post_type or "",
        "codes": "\n".join(body.codes or ()),
        "actions": "\n".join(body.actions or ()),
        "contact_info": "\n".join(body.contact_info or ()),
    }
    form = LetterTypeForm(data, organisation=organisation, instance=row)
    if not form.is_valid():
        _refuse(ValidationError(form.errors.as_data()))
    # The form passes over what the organisation may not send; the rule refuses it by name.
    form.instance.mandatory, form.instance.legal_notification = bool(body.mandatory), bool(body.legal_notification)
    return form


@operation(
    router,
    "GET",
    MANY,
    summary="Search letter types",
    answer=LetterTypeSearchResult,
    errors=(401, 403, 404),
    search=SEARCH,
)
def letter_types_search(request: HttpRequest, org: uuid.UUID) -> dict[str, Any]:
    """Find the letter types of an organisation, with their marks."""
    organisation = access.organisation(request, org, right=Right.LETTERS_VIEW)
    page = find(request, Row.objects.filter(organisation=organisation).with_point(), SEARCH)
    return found(page, "letterTypes", map(_wire, page.rows))


@operation(
    router,
    "POST",
    MANY,
    summary="Create a letter type",
    answer=LetterType,
    status=201,
    errors=(400, 401, 403, 404),
)
def letter_type_make(request: HttpRequest, org: uuid.UUID, body: LetterTypeCommand) -> Answer:
    """Make a letter type."""
    organisation = access.organisation(request, org, right=Right.LETTERS_CHANGE)
    form = _form(body, organisation)
    try:
        made = concept.create(caller=access.caller(request), letter_type=form.instance)
    except ValidationError as error:
        _refuse(error)
    return _answer(made.pk)


@operation(router, "GET", ONE, summary="Read a letter type", answer=LetterType, errors=(401, 403, 404))
def letter_type_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return a letter type with its mark."""
    row = access.letter_type(request, org, id, right=Right.LETTERS_VIEW)
    return Answer(body=_wire(row), version=row.version)


@operation(
    router,
    "PUT",
    ONE,
    summary="Change a letter type",
    answer=LetterType,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def letter_type_change(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: LetterTypeCommand) -> Answer:
    """Replace all that is said of a letter type."""
    row = access.letter_type(request, org, id, right=Right.LETTERS_CHANGE)
    version = expected(request)
    check_version(row, version=version)
    form = _form(body, row.organisation, row)
    try:
        concept.change(caller=access.caller(request), letter_type=form.instance, version=version)
    except ValidationError as error:
        _refuse(error)
    return _answer(row.pk)


@operation(router, "DELETE", ONE, summary="Delete a letter type", status=204, errors=(401, 403, 404), versioned=True)
def letter_type_remove(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> None:
    """Delete a letter type; evidence that was kept for it stays."""
    row = access.letter_type(request, org, id, right=Right.LETTERS_CHANGE)
    concept.delete(caller=access.caller(request), letter_type=row, version=expected(request))

"""What an organisation knows that a message can be held against: its points, permissions, systems and letter types."""

import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Q

from contacts.models import CodeType, ContactPoint
from memo import letter_values
from memo.messages import Message, MessageHeader
from memo.models import LetterType, Mark
from memo.parties import ContactPoint as Carried
from memo.reports import MemoFinding, found
from organisations.models import Organisation
from systems.models import System


class OrganisationPlace:
    """The `memo.reports.Place` of an organisation; `letter_type` (read `with_point`) is what the letter should be.

    Points are looked up one message at a time and remembered, so a container costs one query for each point.
    """

    def __init__(self, organisation: Organisation, *, letter_type: LetterType | None = None) -> None:
        self.organisation, self.letter_type = organisation, letter_type
        self._points: dict[uuid.UUID, ContactPoint | None] = {}
        self._systems: set[str] | None = None

    def judge(self, message: Message) -> Iterable[MemoFinding]:
        """Yield what is wrong with a message that this organisation sends."""
        header = message.message_header
        if header is None:
            return
        yield from self._sender(header)
        yield from self._permissions(header)
        yield from self._reply_point(header)
        yield from self._system(header)
        if self.letter_type:
            yield from against_type(message, header, self.letter_type)

    def point(self, text: str | None) -> ContactPoint | None:
        """Return the organisation's contact point that an id means, by its id in Digital Post or by ours."""
        try:
            id_ = uuid.UUID(text or "")
        except ValueError:
            return None
        if id_ not in self._points:
            points = ContactPoint.objects.filter(Q(registry_id=id_) | Q(pk=id_), organisation=self.organisation)
            self._points[id_] = sorted(points, key=lambda one: one.registry_id != id_)[0] if points else None
        return self._points[id_]

    def _sender(self, header: MessageHeader) -> Iterator[MemoFinding]:
        sender = header.sender
        if sender and sender.id_type == "CVR" and sender.sender_id != self.organisation.cvr_number:
            yield found(
                "memo.place.sender",
                *sender.place("memo:senderID"),
                value=sender.sender_id,
                name=self.organisation.name,
                cvr=self.organisation.cvr_number,
            )

    def _permissions(self, header: MessageHeader) -> Iterator[MemoFinding]:
        name = self.organisation.name
        if header.mandatory and not self.organisation.mandatory_post_allowed:
            yield found("memo.place.mandatory", *header.place("memo:mandatory"), name=name)
        if header.legal_notification and not self.organisation.legal_notification_allowed:
            yield found("memo.place.legal", *header.place("memo:legalNotification"), name=name)

    def _reply_point(self, header: MessageHeader) -> Iterator[MemoFinding]:
        carried = header.sender.contact_point if header.sender else None
        if carried is None:
            if header.reply:
                yield found("memo.place.no_point", *header.place("memo:reply"))
            return
        point = self.point(carried.contact_point_id)
        if point is None:
            if is_uuid(carried.contact_point_id):
                yield _at(carried, "memo.place.point_unknown", name=self.organisation.name)
            return
        yield from _id_in_letters(carried, point)
        if not point.active:
            yield _at(carried, "memo.place.point_inactive", point=point.name)
        yield from self._audience(carried, point, header)

    def _audience(self, carried: Carried, point: ContactPoint, header: MessageHeader) -> Iterator[MemoFinding]:
        recipient = header.recipient
        kind = recipient.id_type if recipient else None
        fits = point.for_citizens if kind == "CPR" else point.for_companies or point.for_authorities
        if point.active and kind in ("CPR", "CVR") and not fits:
            code = "memo.place.point_citizens" if kind == "CPR" else "memo.place.point_companies"
            yield _at(carried, code, point=point.name)

    def _system(self, header: MessageHeader) -> Iterator[MemoFinding]:
        attention = header.sender.attention_data if header.sender else None
        made_by = attention.generating_system if attention else None
        if made_by is None or not made_by.generating_system_id:
            return
        if self._systems is None:
            rows = System.objects.filter(organisation=self.organisation, is_sender=True)
            ids = rows.values_list("pk", "registry_id", "name")
            self._systems = {str(one).lower() for row in ids for one in row if one}
        if {str(made_by.generating_system_id).lower(), str(made_by.label).lower()}.isdisjoint(self._systems):
            place = made_by.place("memo:generatingSystemID")
            yield found("memo.place.system", *place, value=made_by.generating_system_id)


def is_uuid(text: str | None) -> bool:
    """Say whether a text is a UUID; what is none is found elsewhere."""
    try:
        return bool(uuid.UUID(text or ""))
    except ValueError:
        return False


def _at(carried: Carried, code: str, **params: str) -> MemoFinding:
    return found(code, *carried.place("memo:contactPointID"), value=carried.contact_point_id, **params)


def _id_in_letters(carried: Carried, point: ContactPoint) -> Iterator[MemoFinding]:
    if settings.ADGANG_IS_REGISTRY or str(point.registry_id) == str(carried.contact_point_id).lower():
        return
    if point.registry_id is None:
        yield _at(carried, "memo.place.point_provisional", point=point.name)
    else:
        yield _at(carried, "memo.place.point_own_id", point=point.name, registry_id=str(point.registry_id))


# --- Letter types ---


def against_type(message: Message, header: MessageHeader, type_: LetterType) -> Iterator[MemoFinding]:
    """Yield where a message differs from its letter type, which was read `with_point`."""
    yield from _reply_of_type(header, type_)
    for field, name in (("mandatory", "memo:mandatory"), ("legal_notification", "memo:legalNotification")):
        value, expected = bool(getattr(header, field)), getattr(type_, field)
        if value != expected:
            yield _differs("memo.letter.flag", header.place(name), type_, value, expected, field=name[5:])
    if type_.post_type and type_.post_type != header.post_type:
        yield _differs("memo.letter.post_type", header.place("memo:postType"), type_, header.post_type, type_.post_type)
    yield from _codes_of_type(header, type_)
    yield from _actions_of_type(message, header, type_)


def _differs(
    code: str, place: tuple[str, int], type_: LetterType, value: object, expected: object, **params: str
) -> MemoFinding:
    return found(code, *place, name=type_.name, value=_word(value), expected=_word(expected), **params)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "–")


def _reply_of_type(header: MessageHeader, type_: LetterType) -> Iterator[MemoFinding]:
    if bool(header.reply) != type_.reply_allowed:
        yield _differs("memo.letter.reply", header.place("memo:reply"), type_, bool(header.reply), type_.reply_allowed)
    if not type_.reply_allowed:
        return
    if type_.reply_days and header.reply_by_date_time is None:
        yield found("memo.letter.deadline", header.path, header.line, name=type_.name, days=type_.reply_days)
    final = letter_point_id(type_)
    if final is None:
        yield found("memo.letter.provisional", header.path, header.line, name=type_.name)
        return
    sender = header.sender
    carried = sender.contact_point if sender else None
    value = carried.contact_point_id if carried else None
    if str(value or "").lower() != str(final):
        place = carried.place("memo:contactPointID") if carried else header.place("memo:reply")
        yield _differs("memo.letter.point", place, type_, value, f"{type_.reply_point_name} ({final})")
    labels = {info.label for info in carried.contact_info} if carried else set()
    for label in type_.contact_info:
        if carried and label not in labels:
            yield found(
                "memo.letter.contact_info", *carried.place("memo:contactPointID"), name=type_.name, expected=label
            )


def letter_point_id(type_: LetterType) -> uuid.UUID | None:
    """Return the id that letters of a type (read `with_point`) carry; None while the mark is not final."""
    row = vars(type_)
    if row["mark"] != Mark.FINAL:
        return None
    id_: uuid.UUID | None = type_.reply_point_id if settings.ADGANG_IS_REGISTRY else row["point_registry_id"]
    return id_


def _codes_of_type(header: MessageHeader, type_: LetterType) -> Iterator[MemoFinding]:
    data = header.content_data
    carried = {
        CodeType.KLE: data.kle_data.subject_key if data and data.kle_data else None,
        CodeType.FORM: data.form_data.task_key if data and data.form_data else None,
    }
    for classification, value in carried.items():
        code = letter_values.first_of(type_.codes, classification)
        if code and code.code.split(" ")[0] != value:
            yield found(
                "memo.letter.code",
                header.path,
                header.line,
                name=type_.name,
                type=str(classification),
                expected=code.code,
            )


def _actions_of_type(message: Message, header: MessageHeader, type_: LetterType) -> Iterator[MemoFinding]:
    body = message.message_body
    main = body.main_document if body else None
    there = {action.action_code for action in main.action} if main else set()
    for text in type_.actions:
        wanted = letter_values.action(text)
        if wanted.code not in there:
            place = (main.path, main.line) if main else (header.path, header.line)
            yield found("memo.letter.action", *place, name=type_.name, expected=wanted.code)

"""The rules of MeMo beyond its schema, M01–M14 of the agency's tables, as functions of a message that was read.

M08 (base64) is told while a file flows by, M15 (no UUID twice) where a container is read, M12 (permissions) and the
second half of M09 by whoever knows the sending organisation (`memo.reports.Place`).
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from adgang.lib.cvr import has_valid_check
from memo import sniffing
from memo.elements import Version
from memo.messages import Action, File, Message, MessageHeader, Reservation
from memo.parties import Address, ContactPoint, Recipient, Representative, Sender
from memo.parts import Element
from memo.reports import MEGABYTE, Limits, MemoFinding, found
from memo.simple_types import shown
from memo.subjects import ContentData

# M01. The blanks that look like others, and what no file system takes.
NOT_IN_FILENAMES = re.compile('[<>:"/\\\\|?*\r\n\u00a0\u2000-\u200a\u2028\u205f\u2060\u3000]')
# M10.
ACTION_CODES = (
    "AFTALE",
    "BEKRAEFT",
    "BETALING",
    "FORBEREDELSE",
    "INFORMATION",
    "SELVBETJENING",
    "TILMELDING",
    "UNDERSKRIV",
)
APPOINTMENT = "AFTALE"
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
HTTPS = re.compile(r"https://[^/?#\s]+", re.IGNORECASE)
CPR, CVR = re.compile(r"\d{10}", re.ASCII), re.compile(r"\d{8}", re.ASCII)
OTHER_ID = "Andet"


def judge(message: Message, *, at: dt.datetime, size: int, limits: Limits) -> Iterator[MemoFinding]:
    """Yield what the rules say of a message that is sent at `at`; `size` is that of its file, in bytes."""
    if header := message.message_header:
        yield from _header(header, message, at, limits)
        yield from _parties(header, message.version)
        yield from _contact_points(header)
        yield from _content_data(header.content_data, header, at)
    for file in message.files():
        yield from _file(file, limits)
    for document in message.documents():
        for action in getattr(document, "action", ()):
            yield from _action(action)
    yield from _size(message, size, limits)


def _at(element: Element, name: str, code: str, **params: Any) -> MemoFinding:
    return found(code, *element.place(name), **params)


def _header(header: MessageHeader, message: Message, at: dt.datetime, limits: Limits) -> Iterator[MemoFinding]:
    """M03, M04, M05."""
    if header.message_type == "NEMSMS":
        if not (header.notification or "").strip() and "notification" not in _unreadable(header):
            yield _at(header, "memo:notification", "memo.notification.missing")
        if message.message_body:
            yield found("memo.body.in_sms", message.message_body.path, message.message_body.line)
    elif header.message_type == "DIGITALPOST" and not message.message_body:
        yield found("memo.body.missing", message.path, message.line)
    if date := header.do_not_deliver_until_date:
        today = timezone.localdate(at)
        if date < today:
            yield _at(header, "memo:doNotDeliverUntilDate", "memo.delivery.past", date=date.isoformat())
        elif date - today > dt.timedelta(days=limits.far_days):
            params = {"date": date.isoformat(), "days": limits.far_days}
            yield _at(header, "memo:doNotDeliverUntilDate", "memo.delivery.far", **params)


def _unreadable(element: Element) -> set[str]:
    """Return the fields whose text stood there and was refused: the rules need not speak of them again."""
    return {name for name in element.lines if getattr(element, name, None) is None}


def _parties(header: MessageHeader, version: Version) -> Iterator[MemoFinding]:
    """M11."""
    if sender := header.sender:
        yield from _identity(sender, "memo:senderID", sender.sender_id, version)
        if sender.representative:
            yield from _identity(
                sender.representative, "memo:representativeID", sender.representative.representative_id, version
            )
    if recipient := header.recipient:
        yield from _identity(recipient, "memo:recipientID", recipient.recipient_id, version)


def _identity(
    party: Sender | Recipient | Representative, name: str, number: str | None, version: Version
) -> Iterator[MemoFinding]:
    kind = party.id_type
    if kind is None:
        return
    if kind not in ("CPR", "CVR"):
        if kind == OTHER_ID and version is Version.V1_1:
            yield _at(party, "memo:idType", "memo.id.other", value=kind)
        else:
            yield _at(party, "memo:idType", "memo.id.type", value=shown(kind))
    elif number is None:
        return
    elif kind == "CVR":
        if not CVR.fullmatch(number):
            yield _at(party, name, "memo.id.cvr", value=shown(number))
        elif not has_valid_check(number):
            yield _at(party, name, "memo.id.cvr_check", value=number)
    elif not CPR.fullmatch(number):
        yield _at(party, name, "memo.id.cpr")
    elif not _has_cpr_date(number):
        yield _at(party, name, "memo.id.cpr_date")


def _has_cpr_date(number: str) -> bool:
    """Say whether the first six digits are a day; replacement numbers add 60 to it. Since 2007 no check digit tells."""
    day, month = int(number[:2]), int(number[2:4])
    try:
        dt.date(2000, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _contact_points(header: MessageHeader) -> Iterator[MemoFinding]:
    """M09, as far as the message itself tells."""
    points: list[tuple[Element, str | None]] = [
        (party.contact_point, party.contact_point.contact_point_id)
        for party in (header.sender, header.recipient)
        if party and party.contact_point
    ]
    points += [(reply, reply.contact_point_id) for reply in header.reply_data]
    if header.forward_data:
        points.append((header.forward_data, header.forward_data.contact_point_id))
    for element, id_ in points:
        if id_ is not None and not UUID.fullmatch(id_) and (id_.strip() or isinstance(element, ContactPoint)):
            yield _at(element, "memo:contactPointID", "memo.point.not_uuid", value=shown(id_))


def _content_data(content: ContentData | None, header: MessageHeader, at: dt.datetime) -> Iterator[MemoFinding]:
    """M14, but for the times of actions."""
    attentions = [party.attention_data for party in (header.sender, header.recipient) if party]
    for element in (content, *attentions):
        if element and isinstance(element.address, Address) and element.unstructured_address:
            yield found("memo.address.both", element.unstructured_address.path, element.unstructured_address.line)
    original = header.forward_data.original_message_date_time if header.forward_data else None
    if header.forward_data and original and original > at:
        params = {"time": original.isoformat().replace("+00:00", "Z")}
        yield _at(header.forward_data, "memo:originalMessageDateTime", "memo.times.future", **params)


def _file(file: File, limits: Limits) -> Iterator[MemoFinding]:
    """M01, M07; M06 and M08 are told while the content flows by."""
    if file.filename is None:
        return
    if letters := sorted(set(NOT_IN_FILENAMES.findall(file.filename))):
        named = [one if one.isprintable() and not one.isspace() else f"U+{ord(one):04X}" for one in letters]
        yield _at(file, "memo:filename", "memo.filename.letters", letters=named)
    extension = sniffing.extension(file.filename)
    allowed = sorted(limits.extensions)
    if not extension:
        yield _at(file, "memo:filename", "memo.filename.no_extension", allowed=allowed)
        return
    if extension not in limits.extensions:
        yield _at(file, "memo:filename", "memo.filename.extension", extension=shown(extension), allowed=allowed)
        return
    expected = sniffing.MEDIA_TYPES.get(extension)
    if expected is None:
        return
    said = (file.encoding_format or "").partition(";")[0].strip().lower()
    if said and said not in (*expected, extension):
        params = {"extension": extension, "format": shown(said), "expected": expected[0]}
        yield _at(file, "memo:encodingFormat", "memo.file.format", **params)
    if file.size and not sniffing.goes_with(file.sniffed, expected):
        yield _at(file, "memo:content", "memo.file.content", extension=extension, sniffed=file.sniffed or "?")


def _action(action: Action) -> Iterator[MemoFinding]:
    """M02, M10, M14."""
    code = action.action_code
    if code is not None and code not in ACTION_CODES:
        yield _at(action, "memo:actionCode", "memo.action.unknown", value=shown(code), choices=list(ACTION_CODES))
    elif code == APPOINTMENT and not action.reservation:
        yield found("memo.action.reservation", action.path, action.line)
    elif code is not None and code != APPOINTMENT and not action.entry_point:
        yield found("memo.action.entry_point", action.path, action.line, value=code)
    if action.entry_point and action.entry_point.url is not None and not HTTPS.match(action.entry_point.url):
        yield _at(action.entry_point, "memo:url", "memo.url.https", value=shown(action.entry_point.url))
    for times in (action, action.reservation):
        if times:
            yield from _times(times)


def _times(times: Action | Reservation) -> Iterator[MemoFinding]:
    start, end = times.start_date_time, times.end_date_time
    if start and end and end <= start:
        told = {name: time.isoformat().replace("+00:00", "Z") for name, time in (("start", start), ("end", end))}
        yield _at(times, "memo:endDateTime", "memo.times.order", **told)


def _size(message: Message, size: int, limits: Limits) -> Iterator[MemoFinding]:
    """M13."""
    if size > limits.size:
        params = {"megabytes": round(size / MEGABYTE, 1), "limit": round(limits.size / MEGABYTE, 1)}
        yield found("memo.size", message.path, message.line, **params)
    if (body := message.message_body) and len(body.additional_document) > limits.documents:
        first = body.additional_document[limits.documents]
        params = {"count": len(body.additional_document), "most": limits.documents}
        yield found("memo.documents.many", first.path, first.line, **params)

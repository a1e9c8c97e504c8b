"""A MeMo message as people and programs speak of it: what is read from a file, and what is written into one.

One class an element, its fields in the order and by the names of the format (`messageUUID` is `message_uuid`). A text
that is wrong is None here and a finding in the report. `path` and `line` say where an element stands in the file it was
read from; they do not count when messages are compared.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memo import parties, subjects
from memo.elements import ELEMENTS, Version
from memo.parties import Recipient, Sender
from memo.parts import Element, Text, field_name
from memo.subjects import ContentData


@dataclass(frozen=True, kw_only=True)
class File(Element):
    """A file of a document. `content` is what is written, and what was kept of what was read (None: too large).

    `size` (bytes), `sha256` (hex) and `sniffed` (the media type that the first bytes tell, "" when they tell none) are
    filled in by reading.
    """

    encoding_format: Text = None
    filename: Text = None
    language: Text = None
    content: bytes | Path | None = field(default=None, compare=False, repr=False)
    size: int | None = field(default=None, compare=False)
    sha256: Text = field(default=None, compare=False)
    sniffed: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class EntryPoint(Element):
    """Where an action leads."""

    url: Text = None


@dataclass(frozen=True, kw_only=True)
class Reservation(Element):
    """An appointment."""

    description: Text = None
    reservation_uuid: uuid.UUID | None = None
    abstract: Text = None
    location: Text = None
    start_date_time: dt.datetime | None = None
    end_date_time: dt.datetime | None = None
    organizer_mail: Text = None
    organizer_name: Text = None


@dataclass(frozen=True, kw_only=True)
class Action(Element):
    """What the recipient can do about a document: an appointment or an address."""

    label: Text = None
    action_code: Text = None
    start_date_time: dt.datetime | None = None
    end_date_time: dt.datetime | None = None
    reservation: Reservation | None = None
    entry_point: EntryPoint | None = None


@dataclass(frozen=True, kw_only=True)
class Document(Element):
    """What the three kinds of documents share."""

    label: Text = None
    file: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MainDocument(Document):
    """The letter itself."""

    main_document_id: Text = None
    action: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AdditionalDocument(Document):
    """An enclosure."""

    additional_document_id: Text = None
    action: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TechnicalDocument(Document):
    """What the receiving system reads, and people do not."""

    technical_document_id: Text = None


@dataclass(frozen=True, kw_only=True)
class MessageBody(Element):
    """The documents."""

    created_date_time: dt.datetime | None = None
    main_document: MainDocument | None = None
    additional_document: tuple[AdditionalDocument, ...] = ()
    technical_document: tuple[TechnicalDocument, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ForwardData(Element):
    """The message that is passed on."""

    message_uuid: uuid.UUID | None = None
    original_message_date_time: dt.datetime | None = None
    original_sender: Text = None
    original_content_responsible: Text = None
    original_representative: Text = None
    contact_point_id: Text = None
    comment: Text = None


@dataclass(frozen=True, kw_only=True)
class AdditionalReplyData(Element):
    """A value that the reply carries back."""

    label: Text = None
    value: Text = None


@dataclass(frozen=True, kw_only=True)
class ReplyData(Element):
    """The message that is answered."""

    message_id: Text = None
    message_uuid: uuid.UUID | None = None
    reply_uuid: uuid.UUID | None = None
    sender_id: Text = None
    recipient_id: Text = None
    case_id: Text = None
    contact_point_id: Text = None
    generating_system_id: Text = None
    comment: Text = None
    additional_reply_data: tuple[AdditionalReplyData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageHeader(Element):
    """What is told of a message beside its documents."""

    message_type: Text = None
    message_uuid: uuid.UUID | None = None
    message_id: Text = None
    message_code: Text = None
    label: Text = None
    notification: Text = None
    additional_notification: Text = None
    reply: bool | None = None
    reply_by_date_time: dt.datetime | None = None
    do_not_deliver_until_date: dt.date | None = None
    mandatory: bool | None = None
    legal_notification: bool | None = None
    post_type: Text = None
    sender: Sender | None = None
    recipient: Recipient | None = None
    content_data: ContentData | None = None
    forward_data: ForwardData | None = None
    reply_data: tuple[ReplyData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Message(Element):
    """A message in one of the two versions."""

    version: Version = Version.V1_1
    message_header: MessageHeader | None = None
    message_body: MessageBody | None = None

    def documents(self) -> Iterator[Document]:
        """Yield its documents, the main one first."""
        if body := self.message_body:
            if body.main_document:
                yield body.main_document
            yield from body.additional_document
            yield from body.technical_document

    def files(self) -> Iterator[File]:
        """Yield the files of all its documents."""
        for document in self.documents():
            yield from document.file


def class_name(name: str) -> str:
    """Return the name of the class of an element with children: "grd:CPRdata" is `CprData`."""
    return "".join(word.capitalize() for word in field_name(name).split("_"))


NAMED = {**vars(parties), **vars(subjects), **globals()}
CLASSES: dict[str, Any] = {name: NAMED[class_name(name)] for name in ELEMENTS}

"""Messages to try the check with: right ones, and others that are wrong in one way each. All of it is invented."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from memo import building, containers
from memo.elements import Version
from memo.messages import Action, EntryPoint, File, MainDocument, Message, MessageBody, MessageHeader
from memo.parties import Recipient, Representative, Sender
from memo.skeletons import NOBODY
from organisations.models import Organisation

# A CVR number that has the form and belongs to nobody.
SENDER = ("99000015", "Eksempelkøbing Kommune")
LETTER = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"

Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Example:
    """An example: its key in URLs, what it shows, and whether the check finds it in order."""

    key: str
    title: str | Promise
    right: bool = False
    version: Version = Version.V1_1
    sms: bool = False
    many: bool = False
    change: Change = bytes

    @property
    def filename(self) -> str:
        """The name of its file."""
        return f"eksempel-{self.key}.{'tar.lzma' if self.many else 'xml'}"

    def content(self, organisation: Organisation | None, *, at: dt.datetime) -> bytes:
        """Return the file as if the organisation (None: an invented one) had made it at a moment."""
        if self.many:
            return _container(organisation, at)
        return self.change(_written(_message(self, organisation, at)))


def _message(example: Example, organisation: Organisation | None, at: dt.datetime) -> Message:
    cvr, name = (organisation.cvr_number, organisation.name) if organisation else SENDER
    is_new = example.version is Version.V1_2
    representative = Representative(representative_id=cvr, id_type="CVR", label=name[:256]) if is_new else None
    header = MessageHeader(
        message_type="NEMSMS" if example.sms else "DIGITALPOST",
        message_uuid=building.new_uuid(),
        label="Din tid i Borgerservice",
        notification="Husk din tid i Borgerservice i morgen kl. 10.15.",
        mandatory=False,
        legal_notification=False,
        sender=Sender(sender_id=cvr, id_type="CVR", label=name[:256], representative=representative),
        recipient=Recipient(recipient_id=NOBODY, id_type="CPR", label="Ingen Ingensen"),
    )
    return Message(version=example.version, message_header=header, message_body=None if example.sms else _body(at))


def _body(at: dt.datetime) -> MessageBody:
    action = Action(
        label="Flyt din tid", action_code="SELVBETJENING", entry_point=EntryPoint(url="https://www.example.dk/tid")
    )
    file = File(encoding_format="application/pdf", filename="din tid.pdf", language="da", content=LETTER)
    document = MainDocument(label="Din tid", file=(file,), action=(action,))
    return MessageBody(created_date_time=at, main_document=document)


def _written(message: Message) -> bytes:
    out = io.BytesIO()
    building.write(message, out)
    return out.getvalue()


def _container(organisation: Organisation | None, at: dt.datetime) -> bytes:
    """Return a container of two messages that are right, one that is not, and one that stands there twice."""
    made = [_message(BY_KEY["brev"], organisation, at) for _number in range(3)]
    letters = [(_id(message), _written(message)) for message in made]
    id_, last = letters[-1]
    letters[-1] = (id_, _swap(last))
    out = io.BytesIO()
    containers.write([*letters, letters[0]], out)
    return out.getvalue()


def _id(message: Message) -> uuid.UUID:
    header = message.message_header
    return header.message_uuid if header and header.message_uuid else building.new_uuid()


# --- What is wrong with the others ---


def _replaced(old: str, new: str) -> Change:
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def _element(content: bytes, name: bytes) -> bytes:
    """Return an element of text with its tags, and the line that it stands on."""
    start = content.index(b"<memo:" + name + b">")
    return content[start : content.index(b"</memo:" + name + b">") + len(name) + 8]


def _swap(content: bytes) -> bytes:
    """Put mandatory before label, as happens where a message is put together by hand."""
    mandatory, label = _element(content, b"mandatory"), _element(content, b"label")
    return content.replace(mandatory, b"", 1).replace(label, mandatory + label, 1)


def _spoil(content: bytes) -> bytes:
    """Break the base64 of the document."""
    base64 = _element(content, b"content")
    return content.replace(base64, base64[:24] + b"*" + base64[25:], 1)


def _offset(content: bytes) -> bytes:
    """Write the time of creation with the offset of Denmark in place of Z."""
    time = _element(content, b"createdDateTime")
    return content.replace(time, time.replace(b"Z<", b"+01:00<"), 1)


EXAMPLES = (
    Example("brev", _("A letter in order"), right=True),
    Example("brev-1.2", _("A letter in MeMo 1.2 with a representative"), right=True, version=Version.V1_2),
    Example("nemsms", _("A NemSMS in order"), right=True, sms=True),
    Example("raekkefoelge", _("Elements in the wrong order"), change=_swap),
    Example("tidspunkt", _("A time that is not in UTC"), change=_offset),
    Example("base64", _("A document that was damaged on the way"), change=_spoil),
    Example("filnavn", _("A filename that is not allowed"), change=_replaced("din tid.pdf", "din tid: 10.15.pdf")),
    Example("type", _("A document of a kind that is not allowed"), change=_replaced("din tid.pdf", "din tid.exe")),
    Example("afkortet", _("A file that ends in the middle"), change=lambda content: content[: len(content) // 2]),
    Example("beholder", _("A container of four messages, of which two are wrong"), many=True),
)
BY_KEY = {example.key: example for example in EXAMPLES}

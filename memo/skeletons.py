"""What a letter type tells the vendor of the letter-producing system: a table, and a message to fill in."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import CodeType
from contacts.values import Code
from memo import building, letter_values
from memo.elements import Version
from memo.letter_place import letter_point_id
from memo.messages import (
    Action,
    EntryPoint,
    File,
    MainDocument,
    Message,
    MessageBody,
    MessageHeader,
)
from memo.models import LetterType
from memo.parties import ContactInfo, ContactPoint, Recipient, Sender
from memo.subjects import ContentData, FormData, KleData

FILL_IN = "UDFYLD"
# A number that belongs to nobody and still has the form.
NOBODY = "0101700000"
PLACEHOLDER = b"%PDF-1.4\n% erstat med brevet\n%%EOF\n"


@dataclass(frozen=True)
class Row:
    """One line of the vendor's table: where in the message, what stands there, and why."""

    element: str
    value: str
    why: str | Promise


def sheet(letter_type: LetterType) -> list[Row]:
    """Return what every letter of the type (read `with_point`) must carry, in the order of the format."""
    return [row for row in _rows(letter_type) if row.value]


def _rows(one: LetterType) -> Iterator[Row]:
    reply = "true" if one.reply_allowed else "false"
    yield Row("MessageHeader/reply", reply, _("Whether the recipient can reply."))
    days = gettext("sent + %(days)s days") % {"days": one.reply_days} if one.reply_days else ""
    yield Row("MessageHeader/replyByDateTime", days, _("The deadline, in UTC with Z at the end."))
    yield Row("MessageHeader/mandatory", "true" if one.mandatory else "false", _("Mandatory post."))
    legal = "true" if one.legal_notification else "false"
    yield Row("MessageHeader/legalNotification", legal, _("Legal notification."))
    yield Row("MessageHeader/postType", one.post_type, _("The type of post."))
    yield Row("Sender/senderID", one.organisation.cvr_number, _("The authority's CVR number, as text."))
    if one.reply_allowed:
        point_id = letter_point_id(one)
        value = str(point_id) if point_id else gettext("provisional – do not use in letters")
        yield Row("Sender/ContactPoint/contactPointID", value, _("Where replies go."))
        yield Row("Sender/ContactPoint/label", one.reply_point_name, _("The name of the contact point."))
        for label in one.contact_info:
            yield Row("Sender/ContactPoint/ContactInfo/label", label, _("What the writer is asked for."))
    for element, type_ in (("KLEdata/subjectKey", CodeType.KLE), ("FORMdata/taskKey", CodeType.FORM)):
        code = letter_values.first_of(one.codes, type_)
        yield Row(f"ContentData/{element}", code.code if code else "", _("The subject of the letter."))
    for text in one.actions:
        yield Row("MainDocument/Action", text, _("An action that the recipient is offered."))


def message(one: LetterType, *, version: Version, at: dt.datetime) -> Message:
    """Return a message of the type (read `with_point`) to fill in, as if it were sent at `at`."""
    deadline = at + dt.timedelta(days=one.reply_days) if one.reply_days else None
    header = MessageHeader(
        message_type="DIGITALPOST",
        message_uuid=building.new_uuid(),
        label=one.name[:256],
        reply=one.reply_allowed,
        reply_by_date_time=deadline,
        mandatory=one.mandatory,
        legal_notification=one.legal_notification,
        post_type=one.post_type or None,
        sender=Sender(
            sender_id=one.organisation.cvr_number,
            id_type="CVR",
            label=one.organisation.name[:256],
            contact_point=_contact_point(one),
        ),
        recipient=Recipient(recipient_id=NOBODY, id_type="CPR", label=FILL_IN),
        content_data=content_data(one),
    )
    file = File(encoding_format="application/pdf", filename="brev.pdf", language="da", content=PLACEHOLDER)
    document = MainDocument(label=one.name[:256], file=(file,), action=tuple(actions(one)))
    body = MessageBody(created_date_time=at, main_document=document)
    return Message(version=version, message_header=header, message_body=body)


def _contact_point(one: LetterType) -> ContactPoint | None:
    point_id = letter_point_id(one)
    if point_id is None:
        return None
    asked = tuple(ContactInfo(label=label, value=FILL_IN) for label in one.contact_info)
    return ContactPoint(contact_point_id=str(point_id), label=one.reply_point_name or None, contact_info=asked)


def content_data(one: LetterType) -> ContentData | None:
    """Return the codes that letters of the type carry."""
    kle = letter_values.first_of(one.codes, CodeType.KLE)
    form = letter_values.first_of(one.codes, CodeType.FORM)
    if kle is None and form is None:
        return None
    return ContentData(
        kle_data=_kle(kle) if kle else None,
        form_data=_form(form) if form else None,
    )


def _kle(code: Code) -> KleData:
    subject, _blank, facet = code.code.partition(" ")
    version, label = code.code_version or FILL_IN, code.name or FILL_IN
    return KleData(subject_key=subject, version=version, activity_facet=facet or None, label=label)


def _form(code: Code) -> FormData:
    return FormData(task_key=code.code, version=code.code_version or FILL_IN, label=code.name or FILL_IN)


def actions(one: LetterType) -> Iterator[Action]:
    """Yield the actions that letters of the type offer."""
    for value in map(letter_values.action, one.actions):
        yield Action(label=value.label, action_code=value.code, entry_point=EntryPoint(url=value.url))


def skeleton(one: LetterType, *, version: Version, at: dt.datetime) -> bytes:
    """Return the message as a file. Where the mark is not final, a comment stands in place of the contact point."""
    out = BytesIO()
    building.write(message(one, version=version, at=at), out)
    written = out.getvalue()
    if not one.reply_allowed or letter_point_id(one):
        return written
    told = gettext("The contact point for replies has no ID in Digital Post yet; add it before use.")
    note = f"<!-- {told} -->\n"
    first, rest = written.split(b"?>\n", 1)
    return first + b"?>\n" + note.encode() + rest

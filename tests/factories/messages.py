"""Messages for tests: one that has nothing wrong with it, and ways to write and check it."""

import datetime as dt
import io
import uuid
from dataclasses import replace
from typing import Any

from memo import building, checking
from memo.elements import ROOT, Type, Version, children
from memo.messages import (
    CLASSES,
    Action,
    AdditionalDocument,
    EntryPoint,
    File,
    MainDocument,
    Message,
    MessageBody,
    MessageHeader,
)
from memo.parties import ContactInfo, ContactPoint, Recipient, Sender
from memo.parts import field_name
from memo.reports import Limits, Report

AT = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)
CVR, OTHER_CVR, CPR = "13585628", "25063864", "0101701234"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
POINT = "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"


def file(filename: str = "brev.pdf", content: bytes = PDF, **values: Any) -> File:
    """Return a file of a document."""
    values.setdefault("encoding_format", "application/pdf")
    return File(filename=filename, content=content, language="da", **values)


def header(**values: Any) -> MessageHeader:
    """Return the header of a letter that can be answered."""
    given: dict[str, Any] = {
        "message_type": "DIGITALPOST",
        "message_uuid": uuid.UUID("8f1c0f2e-3c5b-4f6a-9d7e-1a2b3c4d5e6f"),
        "message_id": "sag-1",
        "label": "Afgørelse om kontanthjælp",
        "notification": "Der er post fra kommunen",
        "reply": True,
        "mandatory": False,
        "legal_notification": False,
        "sender": Sender(
            sender_id=CVR,
            id_type="CVR",
            label="Klitby Kommune",
            contact_point=ContactPoint(
                contact_group="Ydelser",
                contact_point_id=POINT,
                label="Kontanthjælp",
                contact_info=(ContactInfo(label="Sagsnummer", value="42"),),
            ),
        ),
        "recipient": Recipient(recipient_id=CPR, id_type="CPR", label="Vera Holm"),
    }
    return MessageHeader(**given | values)


def body(**values: Any) -> MessageBody:
    """Return a main document with an action and one additional document."""
    action = Action(
        label="Se din sag",
        action_code="SELVBETJENING",
        start_date_time=AT,
        end_date_time=AT + dt.timedelta(days=30),
        entry_point=EntryPoint(url="https://www.example.dk/sag?nr=42"),
    )
    given: dict[str, Any] = {
        "created_date_time": AT,
        "main_document": MainDocument(main_document_id="1", label="Afgørelse", file=(file(),), action=(action,)),
        "additional_document": (AdditionalDocument(label="Bilag", file=(file("bilag 1.pdf"),)),),
    }
    return MessageBody(**given | values)


def message(*, version: Version = Version.V1_1, **values: Any) -> Message:
    """Return a message that has nothing wrong with it."""
    return Message(version=version, **{"message_header": header(), "message_body": body()} | values)


def with_header(**values: Any) -> Message:
    """Return the message with other values in its header."""
    right = message()
    return replace(right, message_header=header(**values))


def written(made: Message | None = None) -> bytes:
    """Return a message as a file."""
    out = io.BytesIO()
    building.write(made or message(), out)
    return out.getvalue()


def check(content: bytes | Message, **how: Any) -> Report:
    """Return the report of a file or message, as of `AT`."""
    data = written(content) if isinstance(content, Message) else content
    how.setdefault("limits", Limits())
    return checking.check_message(io.BytesIO(data), at=how.pop("at", AT), **how)


def codes(content: bytes | Message, *, notes: bool = False, **how: Any) -> list[str]:
    """Return the codes that are found, without those that only explain unless `notes`."""
    listed = check(content, **how).findings
    return [one.code for one in listed if notes or one.severity != "info"]


# --- Messages in which everything stands that may ---

VALUES: dict[Type, Any] = {
    Type.TEXT: "tekst",
    Type.COMMENT: "Bemærkning",
    Type.NOTIFICATION: "Der er post",
    Type.URI: "https://www.example.dk/",
    Type.UUID: uuid.UUID("8f1c0f2e-3c5b-4f6a-9d7e-1a2b3c4d5e6f"),
    Type.TIME: AT,
    Type.DATE: AT.date() + dt.timedelta(days=3),
    Type.LANGUAGE: "da",
    Type.LICENCE: "AB12345",
    Type.GLN: "5790000000005",
    Type.PNUMBER: "1000000001",
    Type.MESSAGE_TYPE: "DIGITALPOST",
    Type.ID_TYPE: "CVR",
    Type.BOOLEAN: True,
    Type.CONTENT: PDF,
}
# What the rules beyond the schema want of some texts.
OWN: dict[str, Any] = {
    "memo:idType": "CVR",
    "memo:senderID": CVR,
    "memo:recipientID": OTHER_CVR,
    "memo:representativeID": CVR,
    "memo:contactPointID": POINT,
    "memo:filename": "brev.pdf",
    "memo:encodingFormat": "application/pdf",
    "memo:actionCode": "AFTALE",
    "memo:endDateTime": AT + dt.timedelta(hours=1),
    "memo:originalMessageDateTime": AT - dt.timedelta(days=1),
    "grd:cprNumber": CPR,
    "grd:cvrNumber": CVR,
    "grd:seNumber": CVR,
}


def full(version: Version = Version.V1_1, name: str = ROOT, *, most: int = 2) -> Any:
    """Return an element with everything in it that may stand there, what may be repeated `most` times."""
    values: dict[str, Any] = {}
    for child in children(name, version):
        # One of a choice, and one way to write an address.
        if child.name in ("memo:EntryPoint", "grd:UnstructuredAddress"):
            continue
        often = child.occurs(version)[1]
        if child.type is not Type.COMPLEX:
            values[field_name(child.name)] = OWN.get(child.name, VALUES[child.type])
        elif often == 1:
            values[field_name(child.name)] = full(version, child.name, most=most)
        else:
            values[field_name(child.name)] = (full(version, child.name, most=most),) * min(most, often or most)
    return CLASSES[name](**values, **({"version": version} if name == ROOT else {}))

"""A system as the registry of Digital Post writes it (MailSystem), read into our words. Nothing is written here.

What is essential and cannot be read refuses the document; what is not is left out and named. An absent property has no
value, and the generated clients of the registry write "not set" in ways of their own (`UNSET`, the year 1 or 9999).
"""

import base64
import binascii
import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from adgang.lib import cvr
from adgang.lib.dates import YEARS
from adgang.lib.findings import Finding, finding
from systems.addresses import parse_network, sorted_networks
from systems.models import ReceiptFormat
from systems.protocols import Protocol

Document = Mapping[str, Any]

# What JSON can write and no database takes: a NUL, half a pair of surrogates.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
UNSET = frozenset({"", "UNKNOWN", str(uuid.UUID(int=0))})
TEXTS = {
    "name": "name",
    "endpoint": "endpoint",
    "receiptEndpoint": "receipt_endpoint",
    "supplier": "supplier",
    "businessContactEmail": "business_contact_email",
}
PERSON = {
    "name": "technical_contact_name",
    "email": "technical_contact_email",
    "phoneNumber": "technical_contact_phone",
}
# The name of each of our fields on the wire, for messages.
ON_THE_WIRE = {
    **{ours: theirs for theirs, ours in TEXTS.items()},
    **{ours: f"technicalContact.{theirs}" for theirs, ours in PERSON.items()},
    "delegated_cvr": "delegatedCVR",
    "ssh_username": "ssh.sshUsername",
    "service_protocol": "serviceProtocol",
    "is_sender": "systemTypes",
    "receipt_format": "receiptFormat",
    "registry_id": "id",
}


class UnusableDocument(Exception):
    """The document cannot become a system; `findings` say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


@dataclass(kw_only=True)
class Registration:
    """What a document says: `values` by our field names, the rest apart; `findings` name what was left out."""

    registry_id: uuid.UUID
    values: dict[str, Any]
    networks: list[str]
    ssh_key: bytes
    has_certificate: bool
    findings: list[Finding] = field(default_factory=list)


def documents_in(value: Any) -> list[Document]:
    """Return the systems in one saved answer: a MailSystem, a list of them, or a SystemSearchResult.

    Raises ValueError for anything else.
    """
    match value:
        case {"systems": list() as found}:
            pass
        case list() as found:
            pass
        case {"serviceProtocol": _}:
            found = [value]
        case _:
            raise ValueError("no answer about systems")
    if not all(isinstance(one, dict) for one in found):
        raise ValueError("no answer about systems")
    return list(found)


def read_document(document: Document) -> Registration:
    """Return what the document says. Raises `UnusableDocument`."""
    types = _types(document)
    findings: list[Finding] = []
    person = _part(document, "technicalContact")
    ssh = _part(document, "ssh")
    values = {
        **{ours: _text(document, theirs) for theirs, ours in TEXTS.items()},
        **{ours: _text(person, theirs) for theirs, ours in PERSON.items()},
        "delegated_cvr": cvr.digits(_text(document, "delegatedCVR")),
        "service_protocol": _protocol(document),
        "receipt_format": _receipt_format(document),
        "is_sender": "SENDER" in types,
        "is_recipient": bool({"RECIPIENT", "RECIPIENT_DEFAULT"} & types),
        "is_default_recipient": "RECIPIENT_DEFAULT" in types,
        **_dates(document),
    }
    if username := _text(ssh, "sshUsername"):
        values["ssh_username"] = username
    return Registration(
        registry_id=_id(document),
        values=values,
        networks=_networks(document, findings),
        ssh_key=_ssh_key(ssh),
        has_certificate=bool(_part(document, "ocesPublicCertificate")),
        findings=findings,
    )


def _text(document: Document, name: str) -> str:
    value = document.get(name)
    text = "" if value is None else UNSTORABLE.sub("", str(value)).strip()
    return "" if text in UNSET else text


def _part(document: Document, name: str) -> Document:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _id(document: Document) -> uuid.UUID:
    try:
        return uuid.UUID(_text(document, "id"))
    except ValueError:
        raise UnusableDocument(finding("system.import_no_id")) from None


def _protocol(document: Document) -> str:
    text = _text(document, "serviceProtocol")
    if text not in Protocol:
        raise UnusableDocument(finding("system.import_protocol", value=text or "–"))
    return text


def _receipt_format(document: Document) -> str:
    text = _text(document, "receiptFormat") or str(ReceiptFormat.MEMO)
    if text not in ReceiptFormat:
        raise UnusableDocument(finding("system.import_receipt_format", value=text))
    return text


def _types(document: Document) -> frozenset[str]:
    value = document.get("systemTypes")
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _dates(document: Document) -> dict[str, dt.datetime | None]:
    begin, end = _time(document, "activeFrom"), _time(document, "activeTo")
    if end is not None and (begin is None or end <= begin):
        raise UnusableDocument(finding("system.import_dates"))
    return {"active_from": begin, "active_to": end}


def _time(document: Document, name: str) -> dt.datetime | None:
    text = _text(document, name)
    if not text:
        return None
    try:
        time = parse_datetime(text)
    except ValueError:
        time = None
    if time is None:
        raise UnusableDocument(finding("system.import_time", field=name, value=text[:40]))
    if time.year not in YEARS:  # "not set" by another name: the first or the last moment that their clocks know
        return None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)


def _networks(document: Document, findings: list[Finding]) -> list[str]:
    listed = document.get("allowedIps")
    found = set()
    for one in listed if isinstance(listed, list) else []:
        text = _text(one, "ip") if isinstance(one, dict) else str(one)
        try:
            found.add(parse_network(text))
        except ValidationError as error:
            findings.append(finding("system.import_left_out", field="allowedIps", why=" ".join(error.messages)))
    return sorted_networks(found)


def _ssh_key(ssh: Document) -> bytes:
    """Return the public key as a line or file; the registry sends it as base64, inside a list of one."""
    value = ssh.get("sshPublicKey")
    encoded = next(iter(value), "") if isinstance(value, list) else value
    try:
        raw = base64.b64decode(str(encoded or ""), validate=True)
    except (ValueError, binascii.Error):
        return str(encoded).encode()
    return _as_line(raw)


def _as_line(raw: bytes) -> bytes:
    """Return a key in wire form (RFC 4253 §6.6: the type's length, the type, …) as a line; others as they are."""
    length = int.from_bytes(raw[:4], "big")
    kind = raw[4 : 4 + length]
    if not 0 < length < 64 or not kind.isascii() or len(kind) != length:
        return raw
    return kind + b" " + base64.b64encode(raw)

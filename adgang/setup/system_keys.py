"""What a set-up file says of a system: one table that writes its keys and reads them back.

Credentials stand there as fingerprints only; no file holds a secret.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from adgang.lib import cvr
from adgang.lib.snapshots import as_json
from adgang.setup.nodes import Items, Node, Text
from adgang.setup.yaml_writing import Bare, Words
from contacts.csv_columns import Refused, uuid_of, whole_number
from systems.addresses import parse_network, sorted_networks
from systems.models import ReceiptFormat, System, TemplateUse
from systems.protocols import Protocol

CONTROL = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")
HIGHEST_PORT = 65_535
DEFAULT_MARK = "RECIPIENT_DEFAULT"


# Where the fields of a system stand in a file, those of another name.
ON_FILE = {
    "is_sender": "systemTypes",
    "organisation": "system",
    "name": "system",
    "service_protocol": "serviceProtocol",
    "receipt_endpoint": "receiptEndpoint",
    "receipt_format": "receiptFormat",
    "delegated_cvr": "delegatedCVR",
    "registry_id": "registryId",
    "ssh_username": "ssh.username",
    "sftp_host": "sftp.host",
    "sftp_port": "sftp.port",
    "sftp_folder": "sftp.folder",
    "smtp_relay_host": "smtpRelay.host",
    "smtp_relay_port": "smtpRelay.port",
    "technical_contact_name": "technicalContact.name",
    "technical_contact_email": "technicalContact.email",
    "technical_contact_phone": "technicalContact.phoneNumber",
    "business_contact_email": "businessContactEmail",
}


@dataclass(frozen=True)
class SystemKey:
    """A key, with a dot between it and the map it stands in.

    `of` gives what stands in the file, as a text or a list of texts, from a system and its addresses; `read` gives
    what it says, for `fill`. `empty` is what a file means that does not have the key.
    """

    name: str
    of: Callable[[System, list[str]], Any]
    read: Callable[[Node], Any]
    fill: Callable[["Stated", Any], None]
    empty: Any = ""


@dataclass
class Stated:
    """A system as a file states it: the unsaved system, its addresses, and the fingerprints of its credentials.

    `template` is the standard system that it was made from: name, owner's CVR number and edition.
    """

    system: System
    networks: list[str]
    credentials: dict[str, str]
    template: dict[str, str] = field(default_factory=dict)


def text_of(node: Node) -> str:
    """Return the text at a key; "" where nothing stands. Raises `Refused`."""
    if not isinstance(node, Text):
        raise Refused("setup.text_wanted")
    if CONTROL.search(node.value):
        raise Refused("value.control")
    return "" if node.is_nothing else node.value.strip()


def texts_of(node: Node) -> list[str]:
    """Return the texts of the list at a key; none where nothing stands. Raises `Refused`."""
    if isinstance(node, Text) and node.is_nothing:
        return []
    if not isinstance(node, Items):
        raise Refused("setup.list_wanted")
    return [text_of(one) for one in node.items]


def _port(node: Node) -> int:
    return whole_number(text_of(node), HIGHEST_PORT)


def _uuid(node: Node) -> Any:
    return uuid_of(text_of(node))


def time_of(node: Node) -> dt.datetime | None:
    """Return the time at a key; None where nothing stands. Raises `Refused`."""
    text = text_of(node)
    if not text:
        return None
    try:
        time = parse_datetime(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise Refused("setup.time", value=text)
    return time


def _choice(choices: Iterable[str]) -> Callable[[Node], str]:
    known = list(choices)

    def read(node: Node) -> str:
        text = text_of(node)
        if text not in known:
            raise Refused("setup.choice", value=text, choices=known)
        return text

    return read


def _networks(node: Node) -> list[str]:
    try:
        return sorted_networks(dict.fromkeys(map(parse_network, texts_of(node))))
    except ValidationError as error:
        raise Refused("setup.address", why=" ".join(error.messages)) from None


def _types(node: Node) -> frozenset[str]:
    words = frozenset(texts_of(node))
    known = ["SENDER", "RECIPIENT", DEFAULT_MARK]
    for word in words:
        if word not in known:
            raise Refused("setup.choice", value=word, choices=known)
    return words


def _types_of(system: System, _networks: list[str]) -> list[str]:
    received = [DEFAULT_MARK if system.is_default_recipient else "RECIPIENT"] if system.is_recipient else []
    return Words([*(["SENDER"] if system.is_sender else []), *received])


def _fill_types(stated: Stated, words: frozenset[str]) -> None:
    stated.system.is_sender = "SENDER" in words
    stated.system.is_default_recipient = DEFAULT_MARK in words
    stated.system.is_recipient = "RECIPIENT" in words or DEFAULT_MARK in words


def _field(name: str, field: str, read: Callable[[Node], Any] = text_of, empty: Any = "") -> SystemKey:
    def fill(stated: Stated, value: Any) -> None:
        setattr(stated.system, field, value)

    return SystemKey(name, lambda system, _networks: as_json(getattr(system, field)), read, fill, empty)


def _credential(name: str, field: str, fingerprint: str) -> SystemKey:
    """A certificate or key by its fingerprint; which one that is, is found where all of them are known."""

    def of(system: System, _networks: list[str]) -> str:
        found = getattr(system, field)
        return str(getattr(found, fingerprint)) if found is not None else ""

    def fill(stated: Stated, value: str) -> None:
        stated.credentials[field] = value

    return SystemKey(name, of, text_of, fill)


def use_of(system: System) -> TemplateUse | None:
    """Return from which standard system a system was made, as far as it was read with it: nothing is asked for it."""
    use: TemplateUse | None = system._state.fields_cache.get("template_use")
    return use


def _template(name: str, part: str, of: Callable[[TemplateUse], str]) -> SystemKey:
    """The standard system that a system was made from; where that one is, is found where all of them are known."""

    def fill(stated: Stated, value: str) -> None:
        stated.template[part] = value

    def told(system: System, _networks: list[str]) -> str:
        use = use_of(system)
        return of(use) if use is not None else ""

    return SystemKey(f"standardSystemTemplate.{name}", told, text_of, fill)


def _fill_networks(stated: Stated, networks: list[str]) -> None:
    stated.networks = networks


KEYS: Mapping[str, SystemKey] = {
    key.name: key
    for key in (
        SystemKey("systemTypes", _types_of, _types, _fill_types, frozenset()),
        _field("serviceProtocol", "service_protocol", _choice(Protocol.values)),
        _field("endpoint", "endpoint"),
        _field("receiptEndpoint", "receipt_endpoint"),
        _field("receiptFormat", "receipt_format", _choice(ReceiptFormat.values), ReceiptFormat.MEMO.value),
        _field("activeFrom", "active_from", time_of, None),
        _field("activeTo", "active_to", time_of, None),
        _field("technicalContact.name", "technical_contact_name"),
        _field("technicalContact.email", "technical_contact_email"),
        _field("technicalContact.phoneNumber", "technical_contact_phone"),
        _field("businessContactEmail", "business_contact_email"),
        _field("supplier", "supplier"),
        _field("delegatedCVR", "delegated_cvr", lambda node: cvr.digits(text_of(node))),
        _field("registryId", "registry_id", _uuid, None),
        _template("name", "name", lambda use: use.template.name),
        _template("cvrNumber", "cvr", lambda use: use.template.organisation.cvr_number),
        _template("edition", "edition", lambda use: Bare(use.edition)),
        SystemKey("allowedIps", lambda _system, networks: networks, _networks, _fill_networks, []),
        _credential("certificate", "certificate", "sha256"),
        _credential("nextCertificate.sha256", "next_certificate", "sha256"),
        _field("nextCertificate.from", "next_certificate_from", time_of, None),
        _field("ssh.username", "ssh_username"),
        _credential("ssh.key", "ssh_key", "fingerprint"),
        _credential("ssh.nextKey", "next_ssh_key", "fingerprint"),
        _field("ssh.keyUntil", "ssh_key_until", time_of, None),
        _field("sftp.host", "sftp_host"),
        _field("sftp.port", "sftp_port", _port, 22),
        _field("sftp.folder", "sftp_folder"),
        _field("sftp.hostKey", "pinned_host_key"),
        _field("smtpRelay.host", "smtp_relay_host"),
        _field("smtpRelay.port", "smtp_relay_port", _port, 25),
    )
}


def shown(system: System, networks: list[str]) -> dict[str, Any]:
    """Return what a file says of a system: the name, and whatever is not empty, by the keys with dots."""
    told = {name: key.of(system, networks) for name, key in KEYS.items()}
    return {"name": system.name} | {
        name: value for name, value in told.items() if value not in (KEYS[name].empty, None, "", [])
    }

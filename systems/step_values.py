"""What is shown of the values that a step found: their names, their order, and how they read."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from adgang.lib import dates

# What is shown of a step's values, in this order; the others serve programs.
FOUND = {
    "kind": gettext_lazy("Kind"),
    "sha256": gettext_lazy("SHA-256"),
    "not_after": gettext_lazy("Valid until"),
    "username": gettext_lazy("User name"),
    "exchangers": gettext_lazy("Mail servers (MX)"),
    "address": gettext_lazy("Address"),
    "port": gettext_lazy("Port"),
    "banner": gettext_lazy("The server's own words"),
    "capabilities": gettext_lazy("The server offers"),
    "version": gettext_lazy("Version of TLS"),
    "cipher": gettext_lazy("Cipher"),
    "subject": gettext_lazy("Issued to"),
    "issuer": gettext_lazy("Issued by"),
    "names": gettext_lazy("Names in the certificate"),
    "key": gettext_lazy("Key"),
    "fingerprint": gettext_lazy("Fingerprint"),
    "type": gettext_lazy("Type"),
    "weak": gettext_lazy("Weak algorithms"),
    "methods": gettext_lazy("Ways to sign in"),
    "reply": gettext_lazy("The server's answer"),
    "http_status": gettext_lazy("HTTP status"),
    "networks": gettext_lazy("Addresses"),
    "folder": gettext_lazy("Folder"),
    "files": gettext_lazy("Files in it (counted to 100)"),
    "message_id": gettext_lazy("ID of the test message"),
}


def shown(found: Mapping[str, Any]) -> Iterator[tuple[str | Promise, str]]:
    """Yield (label, text) of what a step found, for a page."""
    for name, label in FOUND.items():
        if (value := found.get(name)) not in (None, "", []):
            yield label, shown_value(value)


def shown_value(value: Any) -> str:
    """Return a value of a step as people read it."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    time = parse_datetime(value) if isinstance(value, str) and "T" in value[:12] else None
    return dates.moment(time) if time else str(value)

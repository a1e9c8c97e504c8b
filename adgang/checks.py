"""System checks of the installation: what must not be started at all, and what must not run in production.

`manage.py check --deploy` makes errors of everything that is fine on a person's own machine only. Ids are fixed; the
hints say what to do.
"""

import base64
import binascii
import os
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kombu
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from adgang.dangerous import doors_are_narrow, numbers_are_sound
from adgang.lib.networks import parse_allowed
from adgang.lib.settings_secrets import KEY_BYTES
from adgang.sftp_door.port import port_is_sound
from certificates.moces_soundness import moces_is_sound
from organisations import event_forwarding
from organisations.checks import settings_of_factors
from organisations.oidc.soundness import oidc_is_sound
from organisations.saml.soundness import saml_is_sound

ENVIRONMENTS = ("test", "production")
SECRETS = ("SECRET_KEY", "ADGANG_FIELD_KEYS", "ADGANG_EVENT_KEY")
NEW_KEY = 'python3 -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"'
BROKER_SECONDS = 3
LEAST_EVENTS_DAYS = 365
LEAST_PROXY_SECRET = 32


@register()
def settings_are_sound(**_: Any) -> list[CheckMessage]:
    """What stops every installation: values that cannot be read, and the demo where real work is done."""
    return [
        *_environment(),
        *_networks(),
        *port_is_sound(),
        *_keys(),
        *_addresses(),
        *_files(),
        *_event_log(),
        *numbers_are_sound(),
        *moces_is_sound(),
        *settings_of_factors(),
        *oidc_is_sound(),
        *saml_is_sound(),
    ]


@register(Tags.security, deploy=True)
def fit_for_production(**_: Any) -> list[CheckMessage]:
    """What is fine on one's own machine and dangerous beyond it."""
    return [
        *_embedded_services(),
        *_conveniences(),
        *_missing_secrets(),
        *_operator(),
        *_siem_in_clear(),
        *_guessable(),
        *doors_are_narrow(),
        *_broker(),
    ]


def _environment() -> Iterator[Error]:
    if settings.ADGANG_ENVIRONMENT not in ENVIRONMENTS:
        yield Error(
            f"ADGANG_ENVIRONMENT is {settings.ADGANG_ENVIRONMENT!r}.",
            hint="It is either test or production; the two are separate installations.",
            id="adgang.E011",
        )
    if settings.ADGANG_DEMO and settings.ADGANG_ENVIRONMENT == "production":
        yield Error(
            "Demo mode is on in production: anybody could sign in with any role.",
            hint="Remove ADGANG_DEMO, or set ADGANG_ENVIRONMENT=test.",
            id="adgang.E014",
        )


# Setting → what reads one entry of it (raising ValueError), and what an entry looks like.
LISTS_OF_ADDRESSES: dict[str, tuple[Callable[[str], object], str]] = {
    "ADGANG_CHECK_ALLOWED_NETWORKS": (parse_allowed, "10.1.0.0/16, 127.0.0.1/32:2525 or [fd00::/8]:2222"),
    "ADGANG_TRUSTED_PROXIES": (lambda entry: entry == "unix" or ip_network(entry), "10.1.2.3, 10.1.0.0/16 or unix"),
    "ADGANG_METRICS_NETWORKS": (ip_network, "10.1.2.3 or 10.1.0.0/16"),
    "ADGANG_EGRESS_ADDRESSES": (ip_network, "203.0.113.7 or 203.0.113.0/28"),
}


def _networks() -> Iterator[Error]:
    for name, (read, form) in LISTS_OF_ADDRESSES.items():
        for entry in getattr(settings, name):
            if wrong := _refusal(read, entry):
                yield Error(f"{name}: {wrong}.", hint=f"Entries look like {form}.", id="adgang.E012")
    for server in settings.ADGANG_DNS_SERVERS:
        if wrong := _refusal(_name_server, server):
            yield Error(
                f"ADGANG_DNS_SERVERS: {wrong}.", hint="Entries look like 9.9.9.9 or 9.9.9.9:53.", id="adgang.E012"
            )


def _name_server(text: str) -> None:
    address, _, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "")
    ip_address(address.strip("[]"))
    if port and not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} has no such port")


def _refusal(read: Callable[[str], object], text: str) -> str:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return ""


def _keys() -> Iterator[Error]:
    for name, keys in (
        ("ADGANG_FIELD_KEYS", settings.ADGANG_FIELD_KEYS),
        ("ADGANG_EVENT_KEY", [key for key in settings.ADGANG_EVENT_KEY.split(",") if key]),
        ("ADGANG_EVENT_OLD_KEYS", settings.ADGANG_EVENT_OLD_KEYS),
    ):
        for number, key in enumerate(keys, 1):
            if _length(key) != KEY_BYTES:
                yield Error(
                    f"Key {number} of {name} is not {KEY_BYTES} bytes in base64.",
                    hint=f"Make one with: {NEW_KEY}",
                    id="adgang.E013",
                )


def _length(key: str) -> int:
    """Return how many bytes a key in base64 holds; 0 when it is no base64."""
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return 0


def _addresses() -> Iterator[Error]:
    parts = urlsplit(settings.ADGANG_BASE_URL)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        yield Error(
            f"ADGANG_BASE_URL is {settings.ADGANG_BASE_URL!r}.",
            hint="It is what people type before the first slash, such as https://adgang.example.dk.",
            id="adgang.E015",
        )
    if _refusal(ip_address, settings.ADGANG_BIND):
        yield Error(
            f"ADGANG_BIND is {settings.ADGANG_BIND!r}.",
            hint="It is an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them.",
            id="adgang.E015",
        )


def _event_log() -> Iterator[Error]:
    if 0 < settings.ADGANG_KEEP_EVENTS_DAYS < LEAST_EVENTS_DAYS or settings.ADGANG_KEEP_EVENTS_DAYS < 0:
        yield Error(
            f"ADGANG_KEEP_EVENTS_DAYS is {settings.ADGANG_KEEP_EVENTS_DAYS}: too short for a log.",
            hint=f"Keep it for at least {LEAST_EVENTS_DAYS} days, or for good with 0.",
            id="adgang.E040",
        )
    if wrong := _refusal(event_forwarding.place, settings.ADGANG_SIEM):
        yield Error(
            f"ADGANG_SIEM: {wrong}.",
            hint="Name a file:///path, tcp://host:port or tls://host:port, or leave the setting out.",
            id="adgang.E041",
        )
    if settings.ADGANG_SIEM_CA_FILE and not Path(settings.ADGANG_SIEM_CA_FILE).is_file():
        yield Error(
            f"ADGANG_SIEM_CA_FILE names {settings.ADGANG_SIEM_CA_FILE}, which is no file.",
            hint="Name a file with certificates in PEM, or leave the setting out.",
            id="adgang.E016",
        )


def _siem_in_clear() -> Iterator[Error]:
    parts = urlsplit(settings.ADGANG_SIEM)
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname or ""):
        yield Error(
            "ADGANG_SIEM sends the event log in the clear.",
            hint="Use tls://host:port, or tcp to a forwarder on this machine: tcp://127.0.0.1:port.",
            id="adgang.E042",
        )


def _is_loopback(host: str) -> bool:
    return not _refusal(ip_address, host) and ip_address(host).is_loopback


def _guessable() -> Iterator[Error]:
    secrets = settings.ADGANG_PROXY_SECRET.split(",") if settings.ADGANG_PROXY_SECRET else []
    if any(len(secret) < LEAST_PROXY_SECRET for secret in secrets):
        yield Error(
            "ADGANG_PROXY_SECRET is short enough to be guessed.", hint=f"Make one with: {NEW_KEY}", id="adgang.E052"
        )


def _files() -> Iterator[Error]:
    # The demo makes its own file when it starts.
    if settings.ADGANG_DEMO or not settings.ADGANG_EXTRA_CA_FILE:
        return
    if not Path(settings.ADGANG_EXTRA_CA_FILE).is_file():
        yield Error(
            f"ADGANG_EXTRA_CA_FILE names {settings.ADGANG_EXTRA_CA_FILE}, which is no file.",
            hint="Name a file with certificates in PEM, or leave the setting out.",
            id="adgang.E016",
        )


def _embedded_services() -> Iterator[Error]:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Error(
            "The database is SQLite, which serves one machine.",
            hint="Set DATABASE_URL to a PostgreSQL database.",
            id="adgang.E001",
        )
    if settings.CELERY_BROKER_URL.startswith(("filesystem", "memory")):
        yield Error(
            "The queue is a folder, which serves one machine.",
            hint="Set CELERY_BROKER_URL to a Redis server.",
            id="adgang.E002",
        )
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        yield Error(
            "Mail is written to files and reaches nobody.",
            hint="Set EMAIL_URL to a mail relay, such as smtp+tls://user:password@mail.example.dk:587.",
            id="adgang.E009",
        )


def _conveniences() -> Iterator[Error]:
    if settings.ADGANG_DEMO:
        yield Error("Demo mode is on.", hint="Remove ADGANG_DEMO: it lets anybody sign in.", id="adgang.E003")
    if settings.DEBUG:
        yield Error("DEBUG is on.", hint="Remove DEBUG: it shows settings and code to visitors.", id="adgang.E006")
    if not settings.ADGANG_BASE_URL.startswith("https://"):
        yield Error(
            f"ADGANG_BASE_URL is {settings.ADGANG_BASE_URL}: without https, sessions travel in the clear.",
            hint="Put a TLS proxy in front and set ADGANG_BASE_URL to its https address.",
            id="adgang.E005",
        )


def _missing_secrets() -> Iterator[Error]:
    for name in SECRETS:
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
            yield Error(
                f"{name} is not given; every machine of the installation needs the same one.",
                hint=f"Set {name} or {name}_FILE. Make a value with: {NEW_KEY}",
                id="adgang.E004",
            )


def _operator() -> Iterator[Error]:
    if not (settings.ADGANG_OPERATOR_NAME and settings.ADGANG_OPERATOR_EMAIL):
        yield Error(
            "Nobody is named whom users can turn to.",
            hint="Set ADGANG_OPERATOR_NAME and ADGANG_OPERATOR_EMAIL; both stand at the foot of every page.",
            id="adgang.E008",
        )


def _broker() -> Iterator[Error]:
    """Try to reach the queue's server, unless there is none."""
    if settings.CELERY_BROKER_URL.startswith(("filesystem", "memory")):
        return
    connection = kombu.Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_SECONDS)
    try:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except (OSError, kombu.exceptions.OperationalError) as error:
        yield Error(
            f"The queue's server {connection.hostname}:{connection.port} does not answer: {error}",
            hint="Start it, or correct CELERY_BROKER_URL.",
            id="adgang.E007",
        )
    finally:
        connection.release()

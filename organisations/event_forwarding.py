"""Handing the log to a SIEM: each entry once it is written, at least once, as a JSON line to a file or to syslog.

`ADGANG_SIEM` names where: file:///path, tcp://host:port or tls://host:port (syslog, RFC 5424 with the octet counting
of RFC 6587 and RFC 5425). What is sent is the entry as it is sealed, with its seal: personal values are digests there,
so what is forgotten here is not known elsewhere. A cursor for each chain says how far it was sent; it moves only after
the sending, so a line may come twice and none is left out. TCP acknowledges no line: what the other end had not read
when it broke down can be sent again with `forward_events --since`.

The place is the operator's own, so it is reached without the dialler (SECURITY.md).
"""

import datetime as dt
import json
import os
import socket
import ssl
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from organisations.models import Event, EventCursor, EventHead

AT_ONCE = 500
TIMEOUT = 10  # seconds for each step of a connection
LEASE = dt.timedelta(minutes=2)
# Facility 13, log audit; severity 5, notice.
PRIORITY = 13 * 8 + 5
NIL = "-"

log = structlog.get_logger(__name__)


class NoSuchPlace(ValueError):
    """ADGANG_SIEM is no place to send to; the text says why."""


@dataclass(frozen=True)
class Place:
    """Where entries are sent."""

    kind: str
    host: str = ""
    port: int = 0
    path: str = ""


def place(address: str) -> Place | None:
    """Return the place that an address names, None for "". Raises `NoSuchPlace`."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/") or parts.path.endswith("/"):
            raise NoSuchPlace("a file is named like file:///var/log/adgang/events.jsonl")
        return Place("file", path=unquote(parts.path))
    if parts.scheme in ("tcp", "tls"):
        return Place(parts.scheme, *_peer(parts))
    raise NoSuchPlace(f"{parts.scheme or address!r} is none of file, tcp and tls")


def _peer(parts: SplitResult) -> tuple[str, int]:
    try:
        port = parts.port
    except ValueError as error:
        raise NoSuchPlace(str(error)) from error
    if not parts.hostname or not port or parts.path.strip("/") or parts.query or "@" in parts.netloc:
        raise NoSuchPlace(f"a server is named like {parts.scheme}://siem.example.dk:6514")
    return parts.hostname, port


def line(event: Event) -> str:
    """Return an entry as it is sent: everything that is sealed, and the seal."""
    return json.dumps({**json.loads(event.payload), "hash": event.hash}, ensure_ascii=False, separators=(",", ":"))


def syslog(event: Event) -> bytes:
    """Return an entry as a syslog message (RFC 5424) with its length before it (RFC 6587 §3.4.1)."""
    time = event.time.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    head = f"<{PRIORITY}>1 {time} {socket.gethostname()[:255] or NIL} adgang {NIL} {event.tag[:32]} {NIL} "
    message = head.encode("ascii", "replace") + b"\xef\xbb\xbf" + line(event).encode()
    return f"{len(message)} ".encode() + message


def forward(*, at: dt.datetime) -> int:
    """Send what was written since the last time; returns how many entries. A place that fails is tried again later."""
    where = place(settings.ADGANG_SIEM)
    if where is None:
        return 0
    sent = 0
    for chain in _behind():
        if (cursor := _claim(chain, at=at)) is None:
            continue
        try:
            sent += _send_chain(where, cursor)
        except OSError as error:
            log.warning("events_not_forwarded", chain=str(chain), after=cursor.seq, error=type(error).__name__)
            break
        finally:
            EventCursor.objects.filter(pk=cursor.pk).update(claimed_until=None)
    return sent


def _behind() -> list[uuid.UUID]:
    """Return the chains that have entries which were not sent."""
    known = dict(EventCursor.objects.values_list("pk", "seq"))
    heads = EventHead.objects.order_by("pk").values_list("pk", "seq")
    return [chain for chain, seq in heads if seq > known.get(chain, 0)]


def _claim(chain: uuid.UUID, *, at: dt.datetime) -> EventCursor | None:
    """Take a chain for a while, so that two workers do not send the same; a lost worker's comes free by itself."""
    EventCursor.objects.get_or_create(pk=chain)
    free = EventCursor.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=at), pk=chain)
    return EventCursor.objects.get(pk=chain) if free.update(claimed_until=at + LEASE) else None


def _send_chain(where: Place, cursor: EventCursor) -> int:
    sent = 0
    while part := list(Event.objects.filter(organisation_id=cursor.pk, seq__gt=cursor.seq).order_by("seq")[:AT_ONCE]):
        send(where, part)
        own = EventCursor.objects.filter(pk=cursor.pk, seq=cursor.seq)
        last = part[-1].seq
        if not own.update(seq=last, sent=timezone.now(), claimed_until=timezone.now() + LEASE):
            break  # another worker took over, or the operator moved it
        cursor.seq, sent = last, sent + len(part)
    return sent


def send(where: Place, events: Sequence[Event]) -> None:
    """Send entries, whole or not at all as far as can be known. Raises OSError."""
    if where.kind == "file":
        content = "".join(f"{line(event)}\n" for event in events).encode()
        with _appending(where.path) as file:
            file.write(content)
        return
    with _connected(where) as connection:
        connection.sendall(b"".join(syslog(event) for event in events))
        _finish(connection)


@contextmanager
def _appending(path: str) -> Iterator[IO[bytes]]:
    """Open the file anew each time, so that it may be moved away at any moment; what is written is on the disk."""
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    with os.fdopen(made, "ab") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _connected(where: Place) -> Iterator[socket.socket]:
    with socket.create_connection((where.host, where.port), timeout=TIMEOUT) as plain:
        if where.kind == "tcp":
            yield plain
            return
        context = ssl.create_default_context(cafile=settings.ADGANG_SIEM_CA_FILE or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        with context.wrap_socket(plain, server_hostname=where.host) as secured:
            yield secured


def _finish(connection: socket.socket) -> None:
    """Say that no more comes, and wait until the other end has read it all and hangs up; a silent one is no fault."""
    try:
        if isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
        else:
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
    except (TimeoutError, ssl.SSLError):
        log.info("siem_keeps_the_connection")


def rewind(*, since: dt.datetime) -> int:
    """Move the cursors back, so that entries since a moment are sent again; returns how many chains it concerns."""
    moved = 0
    for cursor in EventCursor.objects.all():
        later = Event.objects.filter(organisation_id=cursor.pk, time__gte=since, seq__lte=cursor.seq)
        if first := later.order_by("seq").values_list("seq", flat=True).first():
            moved += EventCursor.objects.filter(pk=cursor.pk).update(seq=first - 1)
    return moved


def oldest_waiting() -> dt.datetime | None:
    """Return since when the oldest entry waits that was not sent, or None."""
    if not settings.ADGANG_SIEM:
        return None
    known = dict(EventCursor.objects.values_list("pk", "seq"))
    condition = Q(pk__in=[])
    for chain in _behind():
        condition |= Q(organisation_id=chain, seq=known.get(chain, 0) + 1)
    return Event.objects.filter(condition).order_by("time").values_list("time", flat=True).first()

"""The one way out: every connection to a host that came from a user or an upload is opened by `dial`.

Such hosts are typed by people who may mean harm. A name is resolved once, every address of it is judged against the
special ranges, and the connection goes to the very address that was judged: a second look-up that answers otherwise
(DNS rebinding) finds nothing. Only the ports of the protocol are reached. Each dial is logged.
"""

import errno
import socket
import time
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import structlog
from django.conf import settings

from adgang.lib import resolving
from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from adgang.lib.hosts import parse_host
from adgang.lib.networks import AllowedNetwork, IPAddress, embedded, parse_allowed, special_range, unwrapped

TCP_SECONDS = 10
FIRST_OPEN_PORT = 1024

log = structlog.get_logger("adgang.dial")


class Ports(Enum):
    """The ports a protocol may be dialled on: those named, and (second value) everything from 1024 up."""

    SMTP = (frozenset({25, 465, 587, 2525}), False)
    SFTP = (frozenset({22, 2022, 2222}), True)
    HTTPS = (frozenset({443, 8443}), True)
    REVOCATION = (frozenset({80}), False)

    def include(self, port: int) -> bool:
        named, high = self.value
        return port in named or (high and FIRST_OPEN_PORT <= port < 65536)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A host and the addresses found for it, not yet judged."""

    host: str
    addresses: tuple[IPAddress, ...]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One address tried: `outcome` is `connected` or a code of `DialFailed`; `ms` how long it took."""

    address: IPAddress
    outcome: str
    ms: int
    detail: str = ""


class DialFailed(Failure):
    """No connection. `code`: `dial.blocked`, `dial.port`, `dial.refused`, `dial.unreachable` or `dial.timeout`.

    `params`: host, address, port and `detail` (of a blocked address the range it lies in); `attempts` says what
    became of each address.
    """

    def __init__(self, code: str, *, attempts: list[Attempt], **params: str | int) -> None:
        super().__init__(code, **params)
        self.attempts = attempts


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """An open connection, the address it goes to, and what was tried before it."""

    socket: socket.socket
    address: IPAddress
    attempts: list[Attempt]


def resolve(host: str, *, deadline: Deadline) -> Target:
    """Return the addresses of a host name, or the one that is written out.

    Raises `hosts.HostRefused` for what is no host, `resolving.NotResolved` when the DNS has no address.
    """
    parsed = parse_host(host)
    if isinstance(parsed, str):
        return Target(host=parsed, addresses=tuple(resolving.addresses(parsed, deadline=deadline)))
    return Target(host=str(parsed), addresses=(parsed,))


def dial(target: Target, port: int, *, ports: Ports, deadline: Deadline) -> Dialled:
    """Connect to the first address of `target` that is allowed and answers; the caller closes the socket.

    Time is shared among the addresses left, so a silent first one does not use up the others' turn.
    Raises `DialFailed` when none answers.
    """
    within = deadline.within(TCP_SECONDS)
    attempts: list[Attempt] = []
    for tried, address in enumerate(target.addresses):
        share = within.remaining() / (len(target.addresses) - tried)
        connection, attempt = _attempt(target.host, unwrapped(address), port, ports, share)
        attempts.append(attempt)
        if connection:
            return Dialled(socket=connection, address=attempt.address, attempts=attempts)
    raise _failure(target.host, port, attempts)


def reaches(port: int, *, ports: Ports) -> bool:
    """Say whether any address can be dialled on `port`: a port of the protocol, or one that an exception names."""
    return ports.include(port) or any(allowed.port == port for allowed in _allowed_networks())


def refusal(address: IPAddress, port: int, *, ports: Ports) -> tuple[str, str] | None:
    """Return why `address` (unwrapped) must not be dialled on `port`, as (code, detail); None when it may.

    An operator's exception that names a port lifts the protocol's port rule for that address too. The IPv4 address
    inside a NAT64 or 6to4 address must be allowed itself, whatever is said of the outer one.
    """
    exceptions = [allowed for allowed in _allowed_networks() if allowed.covers(address, port)]
    within = special_range(address)
    if within and not exceptions:
        return "dial.blocked", within
    if not ports.include(port) and not any(allowed.port for allowed in exceptions):
        return "dial.port", str(port)
    inner = embedded(address)
    return refusal(inner, port, ports=ports) if inner else None


def _attempt(
    host: str, address: IPAddress, port: int, ports: Ports, seconds: float
) -> tuple[socket.socket | None, Attempt]:
    started = time.monotonic()
    connection, outcome, detail = None, "connected", ""
    if refused := refusal(address, port, ports=ports):
        outcome, detail = refused
    else:
        connection, outcome = _connect(address, port, seconds)
    ms = round((time.monotonic() - started) * 1000)
    log.info("dial", host=host, address=str(address), port=port, outcome=outcome, detail=detail, ms=ms)
    return connection, Attempt(address=address, outcome=outcome, ms=ms, detail=detail)


def _connect(address: IPAddress, port: int, seconds: float) -> tuple[socket.socket | None, str]:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        connection = socket.socket(family, socket.SOCK_STREAM)
    except OSError:  # a machine without IPv6
        return None, "dial.unreachable"
    try:
        # Conversations of short lines would wait 40 ms for each acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(max(seconds, 0.001))
        connection.connect((str(address), port))
    except OSError as error:
        connection.close()
        return None, _outcome(error)
    return connection, "connected"


def _outcome(error: OSError) -> str:
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return "dial.timeout"
    if isinstance(error, ConnectionError):
        return "dial.refused"
    return "dial.unreachable"


def _failure(host: str, port: int, attempts: list[Attempt]) -> DialFailed:
    """Sum up failed attempts by the one that says most: an answer, then silence, then no way there."""
    by_outcome = {attempt.outcome: attempt for attempt in reversed(attempts)}
    for code in ("dial.refused", "dial.timeout", "dial.unreachable", "dial.port", "dial.blocked"):
        if attempt := by_outcome.get(code):
            address = str(attempt.address)
            return DialFailed(code, attempts=attempts, host=host, address=address, port=port, detail=attempt.detail)
    raise AssertionError("a target has at least one address")


def _allowed_networks() -> tuple[AllowedNetwork, ...]:
    return _parsed(tuple(settings.ADGANG_CHECK_ALLOWED_NETWORKS))


@lru_cache(maxsize=8)
def _parsed(entries: tuple[str, ...]) -> tuple[AllowedNetwork, ...]:
    return tuple(parse_allowed(entry) for entry in entries)

"""R5: whatever users type and name servers answer, no connection leaves for what is not a public server."""

import random
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address
from typing import Any

from django.test import override_settings
from structlog.testing import capture_logs

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Ports, dial, resolve
from adgang.lib.failures import Failure
from adgang.lib.networks import SPECIAL_RANGES
from benchmarks.registry import Measurement, benchmark
from systems.steps.subject import Subject
from tests.factories.addresses import HIDING, ODD, carriers, odd_notations, special_addresses, spellings
from tests.servers.certificates import authority, server_certificate
from tests.servers.dns import dns_server
from tests.servers.https import https_server
from tests.systems.checks import carry_out

PER_RANGE, REBINDINGS, REDIRECTS = 200, 500, 20
SEED = 20261123
# Where a stranger would be led: this machine, its network, the cloud's own service, a router's translator.
INSIDE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1")

# Stands for a public address: nobody listens there, and of all addresses only this one is allowed, on this port.
OUTSIDE = ("127.9.9.9", 44399)


@benchmark("R5", "the outbound guard: special ranges, odd notations, rebinding, redirects, ports")
def guarded() -> Measurement:
    """Try to be led inside by every means known, and count what the interpreter itself saw leave."""
    counts: Counter[str] = Counter()
    attempts = {
        "special addresses": _literal,
        "odd notations": _odd,
        "names that lead inside": _names,
        "names that change their answer": _rebinding,
        "redirects": _redirects,
        "ports": _ports,
    }
    left: list[tuple[str, Any]] = []
    with capture_logs():  # every dial is logged; a hundred thousand lines that say no
        for name, attempt in attempts.items():
            with _connects() as seen:
                counts[name], allowed = attempt()
            left += [(name, place) for place in seen if place not in allowed]
    told = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    return Measurement(
        value=len(left),
        unit="connections",
        bar="none dialled",
        met=not left,
        notes=f"{sum(counts.values()):,} attempts over {len(SPECIAL_RANGES)} ranges: {told}"
        + (f"; dialled: {left[:5]}" if left else ""),
    )


Tried = tuple[int, set[Any]]
_LISTENERS: list[list[Any]] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _LISTENERS and event == "socket.connect" and arguments[0].type == socket.SOCK_STREAM:
        _LISTENERS[-1].append(arguments[1])


sys.addaudithook(_watch)


@contextmanager
def _connects() -> Iterator[list[Any]]:
    """Give the list of TCP connections that this process tries meanwhile."""
    seen: list[Any] = []
    _LISTENERS.append(seen)
    try:
        yield seen
    finally:
        _LISTENERS.remove(seen)


def _try(host: str, port: int = 443, *, ports: Ports = Ports.HTTPS) -> None:
    try:
        deadline = Deadline(2)
        dial(resolve(host, deadline=deadline), port, ports=ports, deadline=deadline).socket.close()
    except Failure:
        return


def _each(hosts: Iterator[str]) -> Tried:
    count = 0
    for host in hosts:
        _try(host)
        count += 1
    return count, set()


def _literal() -> Tried:
    dice = random.Random(SEED)
    # A mapped address is judged by the one inside, which may be a stranger's: those are among the odd notations.
    ranges = [network for network, name in SPECIAL_RANGES.items() if name != "IPv4-mapped"]
    chosen = [network[dice.randrange(network.num_addresses)] for network in ranges for _ in range(PER_RANGE)]
    return _each(text for address in (*special_addresses(), *map(str, chosen)) for text in _spelt(address))


def _spelt(address: str) -> list[str]:
    return [address] if ip_address(address).version == 4 else list(spellings(address))


def _odd() -> Tried:
    dice = random.Random(SEED + 1)
    inner = [IPv4Address(address) for address in INSIDE]
    inner += [IPv4Address(0x0A000000 | dice.getrandbits(24)) for _ in range(PER_RANGE)]
    odd = [text for address in inner for text in odd_notations(address)]
    carried = [text for address in inner for one in carriers(address) for text in spellings(str(one))]
    return _each(iter([*ODD, *HIDING, *odd, *carried]))


def _names() -> Tried:
    """Names whose addresses are special, alone and beside others that are."""
    addresses = special_addresses() + [str(one) for inner in INSIDE for one in carriers(IPv4Address(inner))]
    records = {}
    for number, address in enumerate(addresses):
        kind = "A" if ip_address(address).version == 4 else "AAAA"
        records[f"inside-{number}.example", kind] = [address]
    records["many.example", "A"] = list(INSIDE)
    with dns_server(records) as server, override_settings(ADGANG_DNS_SERVERS=[server.address]):
        return _each(name for name, _ in records)


def _rebinding() -> Tried:
    """Each name is public when it is judged and inside whenever it is asked for again."""
    dice = random.Random(SEED + 2)
    with (
        dns_server() as server,
        override_settings(
            ADGANG_DNS_SERVERS=[server.address],
            ADGANG_CHECK_ALLOWED_NETWORKS=[f"{OUTSIDE[0]}/32:{OUTSIDE[1]}"],
        ),
    ):
        for number in range(REBINDINGS):
            name = f"flip-{number}.example"
            server.records[name, "A"] = [OUTSIDE[0]]
            server.later[name, "A"] = [dice.choice(INSIDE)]
            _try(name, OUTSIDE[1])
            _try(name, OUTSIDE[1])
    return 2 * REBINDINGS, {OUTSIDE}


def _redirects() -> Tried:
    """A server that sends whoever asks to the cloud's own service, through a real check."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n"
    with https_server(server_certificate(authority(), "127.0.0.1"), answer=answer) as port:
        with override_settings(ADGANG_CHECK_ALLOWED_NETWORKS=[f"127.0.0.1/32:{port}"]):
            for _ in range(REDIRECTS):
                place = f"https://127.0.0.1:{port}/"
                carry_out(Subject(protocol="REST_PUSH", places=(place,)))
        return REDIRECTS, {("127.0.0.1", port)}


def _ports() -> Tried:
    """Every port below 1,024 that is not the protocol's, at a public address that is never reached."""
    count = 0
    for ports in (Ports.SMTP, Ports.SFTP, Ports.HTTPS, Ports.REVOCATION):
        for port in range(1, 1024):
            if not ports.include(port):
                _try("193.3.230.1", port, ports=ports)
                count += 1
    return count, set()

"""Host names and addresses as people type them; every odd way to write an address is refused, none is guessed at."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from adgang.lib.failures import Failure
from adgang.lib.networks import IPAddress

IPV4 = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})", re.ASCII)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
# A name whose last label is a number is read as an IPv4 address by many a library (WHATWG URL, "ends in a number").
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)


class HostRefused(Failure):
    """`code`: `host.malformed` (no host name) or `host.notation` (an address written in an unusual way)."""

    def __init__(self, code: str, host: str) -> None:
        super().__init__(code, host=host[:100])


def parse_host(text: str) -> str | IPAddress:
    """Return the ASCII host name (lower case, no final dot) or the address that `text` says.

    Danish letters become their IDNA form. Raises `HostRefused` for octal, decimal, hexadecimal and shortened
    IPv4, digits of other scripts, zone ids, and for what cannot be a host name.
    """
    typed = text.strip()
    if IPV4.fullmatch(typed):
        return _ipv4(typed)
    if ":" in typed or typed.startswith("["):
        return _ipv6(typed)
    name = _ascii(typed).removesuffix(".")
    labels = name.split(".")
    if NUMBER.fullmatch(labels[-1]):
        raise HostRefused("host.notation", typed)
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise HostRefused("host.malformed", typed)
    return name


def _ipv4(typed: str) -> IPv4Address:
    try:
        return IPv4Address(typed)
    except AddressValueError as error:
        raise HostRefused("host.notation", typed) from error


def _ipv6(typed: str) -> IPv6Address:
    bare = typed[1:-1] if typed.startswith("[") and typed.endswith("]") else typed
    try:
        # The module would accept a zone ("fe80::1%eth0"), which picks an interface of this very machine.
        return IPv6Address(bare.replace("%", "zone"))
    except AddressValueError as error:
        raise HostRefused("host.notation", typed) from error


def _ascii(typed: str) -> str:
    try:
        return typed.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise HostRefused("host.malformed", typed) from error

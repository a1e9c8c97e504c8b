"""Addresses that must never be dialled, and every way to write one so that a careless reader takes it for another."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from adgang.lib.networks import SPECIAL_RANGES

# What is written in a form that some library reads as an address: refused, whatever address it may be.
ODD = (
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.000.000.001",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "127.0.0.0x1",
    "1.2.3.4.5",
    "256.1.1.1",
    "017700000001",
    "０x7f.1",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "fe80::1%eth0",
    "fe80::1%25eth0",
    "[fe80::1%1]",
    "::1%lo",
    "::ffff:0x7f.1",
    "127.0.0.1:80",
    "[127.0.0.1]",
    "0:0:0:0:0:0:0:0:1",
)
# Addresses that carry another one, which is what the packets would go to.
HIDING = (
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:0a00:0001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::7f00:1",
    "::ffff:0:127.0.0.1",
    "[::1]",
    "4000::1",
    "fe80::5efe:a00:1",
    "3fff:123::1",
    "5f00::1",
    "100::1",
)


def special_addresses() -> list[str]:
    """Return first, middle and last of every range; what is IPv4-mapped is judged by the address inside."""
    ranges = [network for network, name in SPECIAL_RANGES.items() if name != "IPv4-mapped"]
    return [str(network[position]) for network in ranges for position in (0, network.num_addresses // 2, -1)]


def odd_notations(address: IPv4Address) -> Iterator[str]:
    """Yield an IPv4 address as C libraries, browsers and Unicode would let one write it."""
    number, parts = int(address), address.packed
    yield from (str(number), hex(number), oct(number).replace("0o", "0"), hex(number).upper())
    yield ".".join(hex(part) for part in parts)
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"{part:04d}" for part in parts)
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield f"{address}."
    yield str(address).replace(".", "。")
    yield "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in str(address))
    yield f"[{address}]"


def carriers(address: IPv4Address) -> Iterator[IPv6Address]:
    """Yield IPv6 addresses whose packets would end at an IPv4 address: mapped, translated, tunnelled."""
    number = int(address)
    yield IPv6Address(0xFFFF << 32 | number)
    yield IPv6Address(0xFFFF << 48 | number)
    yield IPv6Address(number)
    yield IPv6Address(int(IPv6Address("64:ff9b::")) | number)
    yield IPv6Address(int(IPv6Address("64:ff9b:1::")) | number)
    yield IPv6Address(0x2002 << 112 | number << 80)
    yield IPv6Address(0x20010000 << 96 | (number ^ 0xFFFFFFFF))
    yield IPv6Address(int(IPv6Address("fe80::5efe:0:0")) | number)


def spellings(address: str) -> Iterator[str]:
    """Yield the ways to write an IPv6 address that all mean the same."""
    known = ip_address(address)
    yield from (str(known), known.exploded, known.exploded.upper(), f"[{known}]")

"""Which addresses are nobody's public server: the special ranges, and the exceptions an operator makes.

The table is our own. Python's `is_global` follows another rule: it is true for 64:ff9b::/96 (NAT64) and 2002::/16
(6to4), both of which carry an IPv4 address of the caller's choice, and for fec0::/10 and 3fff::/20.
Sources: the IANA IPv4 and IPv6 special-purpose address registries (RFC 6890), RFC 4291 §2.5, RFC 6052, RFC 8215.
"""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

SPECIAL_RANGES: dict[IPNetwork, str] = {
    IPv4Network("0.0.0.0/8"): "this network",
    IPv4Network("10.0.0.0/8"): "private",
    IPv4Network("100.64.0.0/10"): "shared by a provider's customers",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("168.63.129.16/32"): "a cloud platform's own service",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("172.16.0.0/12"): "private",
    IPv4Network("192.0.0.0/24"): "protocol assignments",
    IPv4Network("192.0.2.0/24"): "documentation",
    IPv4Network("192.31.196.0/24"): "AS112",
    IPv4Network("192.52.193.0/24"): "AMT",
    IPv4Network("192.88.99.0/24"): "6to4 relay",
    IPv4Network("192.168.0.0/16"): "private",
    IPv4Network("192.175.48.0/24"): "AS112",
    IPv4Network("198.18.0.0/15"): "benchmarking",
    IPv4Network("198.51.100.0/24"): "documentation",
    IPv4Network("203.0.113.0/24"): "documentation",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
    IPv6Network("::/128"): "unspecified",
    IPv6Network("::1/128"): "loopback",
    IPv6Network("::/96"): "IPv4-compatible",
    IPv6Network("::ffff:0:0/96"): "IPv4-mapped",
    IPv6Network("::ffff:0:0:0/96"): "IPv4-translated",
    IPv6Network("64:ff9b::/96"): "NAT64",
    IPv6Network("64:ff9b:1::/48"): "local NAT64",
    IPv6Network("100::/64"): "discard-only",
    IPv6Network("100:0:0:1::/64"): "dummy prefix",
    IPv6Network("2001::/32"): "Teredo",
    IPv6Network("2001::/23"): "protocol assignments",
    IPv6Network("2001:db8::/32"): "documentation",
    IPv6Network("2002::/16"): "6to4",
    IPv6Network("2620:4f:8000::/48"): "AS112",
    IPv6Network("3ffe::/16"): "6bone",
    IPv6Network("3fff::/20"): "documentation",
    IPv6Network("5f00::/16"): "segment routing",
    IPv6Network("fc00::/7"): "unique local",
    IPv6Network("fe80::/10"): "link-local",
    IPv6Network("fec0::/10"): "site-local",
    IPv6Network("ff00::/8"): "multicast",
}
# Everything of IPv6 that IANA has handed out for servers of the public Internet.
GLOBAL_UNICAST = IPv6Network("2000::/3")


@dataclass(frozen=True, kw_only=True)
class AllowedNetwork:
    """An operator's exception from the special ranges: a network, on one port or (None) the protocol's ports."""

    network: IPNetwork
    port: int | None = None

    def covers(self, address: IPAddress, port: int) -> bool:
        return address in self.network and self.port in (None, port)


def parse_allowed(entry: str) -> AllowedNetwork:
    """Read an entry such as `10.1.0.0/16`, `127.0.0.1/32:2525`, `fd00::/8` or `[::1/128]:2222`.

    Raises ValueError for anything else.
    """
    text, port = entry.strip(), None
    if text.startswith("["):
        text, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
    if port is None or port == "":
        return AllowedNetwork(network=ip_network(text))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"{entry!r}: the port must be a number from 1 to 65535")
    return AllowedNetwork(network=ip_network(text), port=int(port))


def unwrapped(address: IPAddress) -> IPAddress:
    """Return the IPv4 address inside an IPv4-mapped one (the kernel dials just that), else `address` itself."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def embedded(address: IPAddress) -> IPv4Address | None:
    """Return the IPv4 address a translator or relay would send the packets on to (NAT64, 6to4), or None."""
    if not isinstance(address, IPv6Address):
        return None
    if address in IPv6Network("64:ff9b::/96") or address in IPv6Network("64:ff9b:1::/48"):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


def special_range(address: IPAddress) -> str | None:
    """Return the special range an unwrapped address lies in, as `127.0.0.0/8 (loopback)`; None when it is public."""
    for network, name in SPECIAL_RANGES.items():
        if address in network:
            return f"{network} ({name})"
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return "outside 2000::/3 (not assigned)"
    return None

"""Where a request comes from. A proxy's word counts only when the proxy is one of ours."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

PROXY_SIGNS = frozenset({"Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip"})


def client_address(request: HttpRequest) -> str:
    """Return the client's address: the nearest one in X-Forwarded-For that is not a trusted proxy; "" when unknown."""
    addresses = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    while addresses and is_trusted_proxy(nearest):
        nearest = addresses.pop()
    return nearest


def neighbourhood(address: str) -> str:
    """Return what is counted together where tries from one address are limited: of IPv6 the /64, all of which one
    client has at its disposal; anything else as it is.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def is_trusted_proxy(address: str) -> bool:
    """Say whether the address is in ADGANG_TRUSTED_PROXIES (addresses and networks); a unix socket is "unix"."""
    if not address:
        return "unix" in settings.ADGANG_TRUSTED_PROXIES
    return any(is_within(address, network) for network in settings.ADGANG_TRUSTED_PROXIES if network != "unix")


def is_within(address: str, network: str) -> bool:
    """Say whether an address lies in a network; what is no address lies in none."""
    try:
        parsed = ipaddress.ip_address(address)
        # A socket for both families shows an IPv4 peer as ::ffff:192.0.2.1.
        peer = getattr(parsed, "ipv4_mapped", None) or parsed
        return peer in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def is_on_this_machine(request: HttpRequest) -> bool:
    """Say whether a program on this machine asks directly: a loopback peer and no sign of a proxy between."""
    if says_it_is_a_proxy(request):
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def says_it_is_a_proxy(request: HttpRequest) -> bool:
    """Say whether the request bears a sign of having been passed on."""
    return any(name in PROXY_SIGNS or name.startswith("X-Forwarded-") for name in request.headers)

"""Where passkeys belong: the host name that they are bound to, and the addresses at which they may be used."""

from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit


def home_of_passkeys(base_url: str) -> tuple[str, list[str]]:
    """Return the host name and the origins for a portal at `base_url`; ("", []) where there can be none.

    Browsers bind passkeys to a name, never to an IP address (WebAuthn, section 5.1.2); this machine's own address has
    the name "localhost", where they need no TLS.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host, [base_url] if host else []
    if not address.is_loopback:
        return "", []
    netloc = f"localhost:{parts.port}" if parts.port else "localhost"
    return "localhost", [urlunsplit(parts._replace(netloc=netloc))]


def fault_of(rp_id: str, origins: list[str]) -> str:
    """Return what is wrong with the two settings, "" when nothing is."""
    for origin in origins if rp_id else []:
        parts = urlsplit(origin)
        host = parts.hostname or ""
        if host != rp_id and not host.endswith(f".{rp_id}"):
            return f"{origin} is not at {rp_id}"
        if parts.scheme != "https" and host != "localhost":
            return f"{origin} is without https"
    return ""

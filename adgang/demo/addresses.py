"""Where the local endpoints of the demo listen, and what is wrong with each.

Read by the settings (the dialler may reach exactly these in demo mode), by the demo world (its systems point here) and
by `adgang.demo.endpoints`, which listens. Addresses are written out: no name service takes part.
"""

from enum import Enum

HOST = "127.0.0.1"


class Endpoint(Enum):
    """A local counterpart of a demo system; the value is its distance from the first port."""

    MAIL = 0  # STARTTLS with a valid certificate; knows every mailbox but those of `addresses.UNKNOWN_MAILBOX`
    MAIL_EXPIRED = 1  # the certificate expired
    MAIL_PLAIN = 2  # offers no STARTTLS
    MAIL_SILENT = 3  # accepts the connection and says nothing
    SFTP = 4  # accepts every public key
    SFTP_CHANGED = 5  # shows another host key than the one that was pinned
    SFTP_REFUSING = 6  # accepts no public key
    HTTPS = 7  # asks for a client certificate, answers 200
    CLOSED = 8  # nobody listens
    AUTHORITY = 9  # the demo authority's revocation lists and OCSP responder, over plain HTTP


LISTENING = tuple(endpoint for endpoint in Endpoint if endpoint is not Endpoint.CLOSED)

# The local part that no mail endpoint knows, and the one that is told to try again later.
UNKNOWN_MAILBOX = "ukendt"
BUSY_MAILBOX = "travl"


def port(endpoint: Endpoint, *, first: int) -> int:
    """Return the TCP port of an endpoint, where `first` is `settings.ADGANG_DEMO_FIRST_PORT`."""
    return first + endpoint.value


def networks(*, first: int) -> list[str]:
    """Return the endpoints as entries of `ADGANG_CHECK_ALLOWED_NETWORKS`: one address and port each."""
    return [f"{HOST}/32:{port(endpoint, first=first)}" for endpoint in Endpoint]


# What the demo's authority publishes at its endpoint.
ISSUING_CRL, ROOT_CRL, OCSP = "/oces/issuing/1/crl/issuing.crl", "/oces/root/crl/root.crl", "/ocsp"


def authority(path: str, *, first: int) -> str:
    """Return the address of something that the demo's authority publishes."""
    return f"http://{HOST}:{port(Endpoint.AUTHORITY, first=first)}{path}"

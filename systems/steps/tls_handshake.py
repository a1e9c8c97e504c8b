"""A TLS handshake that looks before it judges: any version, any certificate, and what the server asks of us.

Nothing secret is ever sent over such a connection: whether the certificate is to be trusted is found out afterwards
(`server_certificates`), so that each cause can be told, and a mail server with a wrong certificate can still be
asked about the mailbox.
"""

import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure

CERTIFICATE_REQUEST = 13
CERTIFICATE = 11
HANDSHAKE = 22
TLS13 = 0x0304
VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", TLS13: "TLSv1.3"}

NOT_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL"}
NO_COMMON_VERSION = {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"}
NO_COMMON_CIPHER = {"SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "TLSV1_ALERT_INSUFFICIENT_SECURITY"}


@dataclass(kw_only=True)
class Handshake:
    """What was learned. `chain`: DER, the server's own certificate first. `connection` is None when the server
    broke off because we showed no client certificate (`refused`), which up to TLS 1.2 happens in the handshake."""

    version: str = ""
    cipher: str = ""
    chain: list[bytes] = field(default_factory=list)
    client_certificate_asked: bool = False
    refused: bool = False
    connection: ssl.SSLSocket | None = None


def shake(connection: socket.socket, host: str, deadline: Deadline, *, alpn: tuple[str, ...] = ()) -> Handshake:
    """Do the handshake with the server called `host` over an open connection.

    Raises Failure `tls.not_tls`, `tls.no_common_version`, `tls.no_common_cipher`, `tls.closed` or `tls.failed`;
    TimeoutError when the server falls silent.
    """
    seen = Handshake()
    context = _context(seen, alpn)
    deadline.arm(connection)
    secured = context.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
    try:
        secured.do_handshake()
    except OSError as error:
        secured.close()  # it took the connection over
        if isinstance(error, TimeoutError):
            raise
        return _broken_off(seen, error)
    finally:
        # The listener knows what it saw, which knows the connection, which knows the context: a circle that Python's
        # collector does not see through.
        context._msg_callback = None  # type: ignore[attr-defined]
    seen.connection = secured
    seen.version = secured.version() or ""
    seen.cipher = (secured.cipher() or ("", "", 0))[0]
    return seen


def _context(seen: Handshake, alpn: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # Old versions and ciphers are accepted here in order to be named; they make the step fail.
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    if alpn:
        context.set_alpn_protocols(list(alpn))
    # Python has no public way to tell whether a server asks for a client certificate; a contract test holds this one.
    context._msg_callback = _listener(seen)  # type: ignore[attr-defined]
    return context


def _listener(seen: Handshake) -> Any:
    def listen(_conn: Any, direction: str, version: Any, content: Any, message: Any, data: bytes) -> None:
        if direction != "read" or int(content) != HANDSHAKE:
            return
        if int(message) == CERTIFICATE_REQUEST:
            seen.client_certificate_asked = True
        elif int(message) == CERTIFICATE and not seen.chain:
            seen.version = VERSIONS.get(int(version), "")
            seen.chain = certificates_in(data, tls13=int(version) == TLS13)

    return listen


def certificates_in(message: bytes, *, tls13: bool) -> list[bytes]:
    """Return the certificates (DER) of a Certificate handshake message (RFC 5246 §7.4.2, RFC 8446 §4.4.2).

    Called while OpenSSL reads, before it has judged the message: whatever the bytes, nothing is raised.
    """
    body = message[4:]
    if tls13:
        body = body[1 + int.from_bytes(body[:1]) :]
    body, found = body[3 : 3 + int.from_bytes(body[:3])], []
    while len(body) > 3:
        size = int.from_bytes(body[:3])
        found.append(body[3 : 3 + size])
        body = body[3 + size :]
        if tls13:
            body = body[2 + int.from_bytes(body[:2]) :]
    return found


def _broken_off(seen: Handshake, error: OSError) -> Handshake:
    """Return the handshake when the server's only complaint is the missing client certificate, else raise."""
    reason = (getattr(error, "reason", None) or "").upper()
    if seen.client_certificate_asked and ("ALERT" in reason or not reason or "EOF" in reason):
        seen.refused = True
        return seen
    if reason in NOT_TLS:
        raise Failure("tls.not_tls") from error
    if reason in NO_COMMON_VERSION:
        raise Failure("tls.no_common_version") from error
    if reason in NO_COMMON_CIPHER:
        raise Failure("tls.no_common_cipher") from error
    if not reason or "EOF" in reason:
        raise Failure("tls.closed") from error
    raise Failure("tls.failed", reason=reason) from error

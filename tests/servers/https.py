"""A web server over TLS that can be told which versions it speaks and what it asks of its clients."""

import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import Issued
from tests.servers.plain import tcp_server
from tests.servers.programs import workplace

ANSWER = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def server_context(
    directory: Path,
    issued: Issued,
    *,
    complete: bool = True,
    version: ssl.TLSVersion | None = None,
    client_authority: Issued | None = None,
    client_optional: bool = False,
) -> ssl.SSLContext:
    """Return the server's side of TLS: of one version only, asking for client certificates of one authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.load_cert_chain(*issued.write(directory, complete=complete))
    if version:
        with warnings.catch_warnings(action="ignore"):  # old versions are what some tests are about
            context.minimum_version = context.maximum_version = version
    if client_authority:
        context.verify_mode = ssl.CERT_OPTIONAL if client_optional else ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=client_authority.pem.decode())
    return context


@contextmanager
def https_server(
    issued: Issued,
    *,
    complete: bool = True,
    version: ssl.TLSVersion | None = None,
    client_authority: Issued | None = None,
    client_optional: bool = False,
    answer: bytes = ANSWER,
    received: list[bytes] | None = None,
) -> Iterator[int]:
    """Run the server for the block and give its port; `answer` is what any request gets, kept in `received`."""
    with workplace() as directory:
        context = server_context(
            directory,
            issued,
            complete=complete,
            version=version,
            client_authority=client_authority,
            client_optional=client_optional,
        )

        def conversation(connection: socket.socket) -> None:
            connection.settimeout(10)
            with context.wrap_socket(connection, server_side=True) as secured:
                if request := _request(secured):
                    if received is not None:
                        received.append(request)
                    secured.sendall(answer)

        with tcp_server(conversation) as port:
            yield port


def _request(secured: ssl.SSLSocket) -> bytes:
    """Read one request whole, as far as its length is stated."""
    request = secured.recv(4096)
    head, _, body = request.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length and (more := secured.recv(65536)):
        request, body = request + more, body + more
    return request

"""The demo's counterparts on this machine: mail servers, SFTP servers, a REST endpoint, an authority.

`python -m adgang.demo.endpoints`, started by `manage.py serve` in demo mode; `adgang.demo.addresses` says which listens
where. They answer on the loopback address only and keep nothing but the test messages that come by mail.
"""

import asyncio
import datetime as dt
import logging
import os
import re
import signal
import socket
import ssl
from functools import partial
from pathlib import Path
from types import FrameType

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from adgang.demo import addresses, authority, server_keys, sftp_endpoint
from adgang.demo.addresses import Endpoint

# A certificate is asked for, as Digital Post would need; no client is turned away for having none.
HTTP_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]{1,9})\r\n", re.IGNORECASE)
MAX_REQUEST_BYTES = 64 * 1024
IDLE_SECONDS = 60


class Mailboxes:
    """Knows every mailbox but one, has one that is busy, and keeps what it takes in a folder to look at."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        match address.partition("@")[0].lower():
            case addresses.UNKNOWN_MAILBOX:
                return "550 5.1.1 No such mailbox here"
            case addresses.BUSY_MAILBOX:
                return "451 4.7.1 Greylisted, try again in five minutes"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        folder: Path = settings.VAR_DIR / "demo" / "inbox"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}.eml"
        (folder / name).write_bytes(envelope.original_content or b"")
        return "250 2.0.0 Kept"


async def serve(*, first: int) -> None:
    """Listen on every endpoint until cancelled; `first` is the first port."""
    loop = asyncio.get_running_loop()
    for endpoint in (Endpoint.MAIL, Endpoint.MAIL_EXPIRED, Endpoint.MAIL_PLAIN):
        await loop.create_server(partial(_mail, _starttls(endpoint), loop), sock=_listener(endpoint, first))
    await asyncio.start_server(_silence, sock=_listener(Endpoint.MAIL_SILENT, first))
    await asyncio.start_server(_http, sock=_listener(Endpoint.HTTPS, first), ssl=_https())
    await asyncio.start_server(authority.answer, sock=_listener(Endpoint.AUTHORITY, first))
    for endpoint in (Endpoint.SFTP, Endpoint.SFTP_CHANGED, Endpoint.SFTP_REFUSING):
        accepting = endpoint is not Endpoint.SFTP_REFUSING
        key = server_keys.host_key(endpoint)
        sftp_endpoint.serve(_listener(endpoint, first), host_key=key, accepting=accepting)
    await asyncio.Event().wait()


def _listener(endpoint: Endpoint, first: int) -> socket.socket:
    return socket.create_server((addresses.HOST, addresses.port(endpoint, first=first)))


def _starttls(endpoint: Endpoint) -> ssl.SSLContext | None:
    return None if endpoint is Endpoint.MAIL_PLAIN else server_keys.tls_context(endpoint)


def _mail(context: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(
        Mailboxes(),
        hostname="mail.demo.adgang.invalid",
        ident="Adgang demo",
        tls_context=context,
        timeout=IDLE_SECONDS,
        loop=loop,
    )


def _https() -> ssl.SSLContext:
    context = server_keys.tls_context(Endpoint.HTTPS)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass
    writer.close()


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            if length and int(length[1]) <= MAX_REQUEST_BYTES:
                await reader.readexactly(int(length[1]))
            writer.write(HTTP_ANSWER)
            await writer.drain()
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        pass  # the peer left or sent no request
    finally:
        writer.close()


def main() -> None:
    """Run the endpoints until SIGINT or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    # aiosmtpd tells every command, and a client that gives up on a bad certificate as an exception.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    asyncio.run(serve(first=settings.ADGANG_DEMO_FIRST_PORT))


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Nothing is kept here that would need an orderly end.
    os._exit(0)


if __name__ == "__main__":
    main()

"""A country of simulated endpoints on loopback, in one asyncio process.

Mail relays, https, SSH greetings and a name server.

`python -m benchmarks.country FOLDER [DELAY]` writes `FOLDER/ca.pem`, prints one line of JSON that says where things
are, and serves until it is ended. Every name below `land.test` leads to an address of 127/8 of its own, so that the
limits per host see as many hosts as there are systems. Answers come after 50 ms each (or DELAY seconds). A black hole
is a listener whose queue is full: what connects is never answered.
"""

import asyncio
import contextlib
import json
import socket
import ssl
import sys
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

from tests.servers.certificates import Issued, authority, server_certificate

DOMAIN = "land.test"
DELAY = 0.05
BACKLOG = 4096
FILLING = 3  # connections that fill the queue of listen(0)

# Seconds before each answer.
patience = ContextVar("patience", default=DELAY)
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Places:
    """The ports of the country's servers; `ca` is the file of the authority that vouches for them."""

    dns: int
    smtp: int
    https: int
    expired: int
    ssh: int
    hole: int
    refused: int
    ca: str


def address_of(name: str) -> str:
    """Return the address of a name: always the same, somewhere in 127.64/10."""
    number = zlib.crc32(name.lower().encode()) & 0x3FFFFF
    return f"127.{64 + (number >> 16)}.{(number >> 8) & 255}.{number & 255 or 1}"


class NameServer(asyncio.DatagramProtocol):
    """Answers A for every name of the domain, and nothing else."""

    transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with contextlib.suppress(dns.exception.DNSException):
            self.transport.sendto(answer(dns.message.from_wire(data)).to_wire(), addr)


def answer(question: dns.message.Message) -> dns.message.Message:
    """Return the answer to a question."""
    asked = question.question[0]
    reply = dns.message.make_response(question)
    reply.flags |= dns.flags.RA
    name = asked.name.to_text(omit_final_dot=True)
    if asked.rdtype == dns.rdatatype.A and name.lower().endswith(f".{DOMAIN}"):
        reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", address_of(name)))
    return reply


async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
    """Talk as a mail relay does that knows every mailbox."""
    await say(writer, "220 relay.land.test ESMTP")
    while line := (await reader.readline()).decode("ascii", "replace").strip().upper():
        match line.split(":")[0].split()[0]:
            case "EHLO":
                secured = writer.get_extra_info("ssl_object") is not None
                await say(writer, "250 relay.land.test" if secured else "250-relay.land.test\r\n250 STARTTLS")
            case "STARTTLS":
                await say(writer, "220 go ahead")
                await writer.start_tls(context)
            case "QUIT":
                await say(writer, "221 bye")
                return
            case _:
                await say(writer, "250 2.1.0 ok")


async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request."""
    await reader.readuntil(b"\r\n\r\n")
    await say(writer, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n")


async def shell(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Greet as an SSH server and go: its cryptography would be measured, not ours (P8 has a real server)."""
    await say(writer, "SSH-2.0-Land_1.0")


async def say(writer: asyncio.StreamWriter, text: str) -> None:
    """Say something after the delay."""
    await asyncio.sleep(patience.get())
    writer.write(f"{text}\r\n".encode("ascii"))
    await writer.drain()


def kept(talk: Conversation) -> Conversation:
    """Return the conversation, ended properly whatever the other side does."""

    async def talked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await talk(reader, writer)
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()

    return talked


def context_of(certificate: Issued, folder: Path, name: str) -> ssl.SSLContext:
    """Return the TLS settings of a server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate.write(folder, name))
    return context


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """Give the port of a listener whose queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("0.0.0.0", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        for _ in range(FILLING):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


async def serve(folder: Path, say_where: Callable[[Places], None]) -> None:
    """Serve until cancelled; `say_where` is called once everything listens."""
    root = authority("Land")
    (folder / "ca.pem").write_bytes(root.pem)
    good = context_of(server_certificate(root, f"*.{DOMAIN}"), folder, "good")
    expired = context_of(server_certificate(root, f"*.{DOMAIN}", begins=-60, days=-1), folder, "expired")

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await mail(reader, writer, good)

    async def listening(talk: Conversation, context: ssl.SSLContext | None = None) -> int:
        server = await asyncio.start_server(kept(talk), "0.0.0.0", 0, ssl=context, backlog=BACKLOG)
        port: int = server.sockets[0].getsockname()[1]
        return port

    names, _ = await asyncio.get_running_loop().create_datagram_endpoint(NameServer, ("127.0.0.1", 0))
    with black_hole() as hole:
        say_where(
            Places(
                dns=names.get_extra_info("sockname")[1],
                smtp=await listening(relay),
                https=await listening(web, good),
                expired=await listening(web, expired),
                ssh=await listening(shell),
                hole=hole,
                refused=closed_port(),
                ca=str(folder / "ca.pem"),
            )
        )
        await asyncio.Event().wait()


def main() -> None:
    """Serve, and say where on one line."""

    def say_where(places: Places) -> None:
        sys.stdout.write(f"{json.dumps(asdict(places))}\n")
        sys.stdout.flush()

    if len(sys.argv) > 2:
        patience.set(float(sys.argv[2]))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1]), say_where))


if __name__ == "__main__":
    main()

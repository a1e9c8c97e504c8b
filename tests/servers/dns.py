"""A name server on a loopback port, answering from a table by UDP."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Records = dict[tuple[str, str], list[str]]


@dataclass
class DnsServer:
    """`records` maps (name, type) to the answers; `later` replaces them once a question was answered.

    A name in `silent` gets no answer at all, one in `broken` a SERVFAIL; `questions` lists what was asked.
    """

    records: Records = field(default_factory=dict)
    later: Records = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    questions: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, question: dns.message.Message) -> dns.message.Message | None:
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.questions.append((name, kind))
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        if name in self.silent:
            return None
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(known == name for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif texts := self.records.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(question.question[0].name, 0, "IN", kind, *texts))
            self.records.update({(name, kind): self.later[name, kind]} if (name, kind) in self.later else {})
        return reply


@contextmanager
def dns_server(records: Records | None = None) -> Iterator[DnsServer]:
    """Run a name server for the block; point `ADGANG_DNS_SERVERS` at its `address`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        server = DnsServer(records=records or {}, address=f"127.0.0.1:{sock.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(sock, server), daemon=True)
        thread.start()
        yield server
        sock.sendto(b"", sock.getsockname())
        thread.join()


def _serve(sock: socket.socket, server: DnsServer) -> None:
    while True:
        wire, peer = sock.recvfrom(4096)
        if not wire:
            return
        if reply := server.answer(dns.message.from_wire(wire)):
            sock.sendto(reply.to_wire(), peer)

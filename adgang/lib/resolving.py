"""Looking names up in the DNS: absolute, without search list, hosts file or cache, at the operator's servers."""

import contextlib
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
from django.conf import settings

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from adgang.lib.networks import IPAddress

DNS_SECONDS = 5
DNS_PORT = 53
# A name may carry any number of addresses; more would only make a port scanner of us.
MAX_ADDRESSES = 8
MAX_EXCHANGERS = 5


class NotResolved(Failure):
    """`code`: `dns.nxdomain`, `dns.no_address`, `dns.timeout` or `dns.failed`; `params` name the host."""

    def __init__(self, code: str, host: str) -> None:
        super().__init__(code, host=host)


@dataclass(frozen=True, kw_only=True)
class MailExchangers:
    """The hosts that take a domain's mail, best first; `null` when the domain says that it takes none (RFC 7505)."""

    hosts: list[str]
    null: bool = False


def addresses(name: str, *, deadline: Deadline) -> list[IPAddress]:
    """Return the IPv4, then the IPv6 addresses of an ASCII host name, at most `MAX_ADDRESSES`.

    Raises `NotResolved`; a failing look-up of one family is forgiven when the other has addresses.
    """
    within = deadline.within(DNS_SECONDS)
    found = _texts(name, "A", within)
    with contextlib.nullcontext() if not found else contextlib.suppress(NotResolved):
        found = found + _texts(name, "AAAA", within)
    if not found:
        raise NotResolved("dns.no_address", name)
    return [ip_address(text) for text in found[:MAX_ADDRESSES]]


def mail_exchangers(domain: str, *, deadline: Deadline) -> MailExchangers:
    """Return where the mail of an ASCII domain goes; no hosts at all when it has no MX. Raises `NotResolved`."""
    answers = sorted(
        (int(record.preference), record.exchange) for record in _records(domain, "MX", deadline.within(DNS_SECONDS))
    )
    if [exchange for _, exchange in answers] == [dns.name.root]:
        return MailExchangers(hosts=[], null=True)
    return MailExchangers(hosts=[exchange.to_text(omit_final_dot=True) for _, exchange in answers][:MAX_EXCHANGERS])


def _texts(name: str, kind: str, deadline: Deadline) -> list[str]:
    return [record.to_text() for record in _records(name, kind, deadline)]


def _records(name: str, kind: str, deadline: Deadline) -> list[Any]:
    try:
        answer = _resolver().resolve(
            dns.name.from_text(name, origin=dns.name.root),
            kind,
            search=False,
            raise_on_no_answer=False,
            lifetime=max(deadline.remaining(), 0.01),
        )
    except dns.resolver.NXDOMAIN as error:
        raise NotResolved("dns.nxdomain", name) from error
    except dns.exception.Timeout as error:
        raise NotResolved("dns.timeout", name) from error
    except (dns.exception.DNSException, OSError) as error:
        raise NotResolved("dns.failed", name) from error
    return list(answer.rrset or [])


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not settings.ADGANG_DNS_SERVERS)
    if settings.ADGANG_DNS_SERVERS:
        resolver.nameservers = [_nameserver(entry) for entry in settings.ADGANG_DNS_SERVERS]
    return resolver


def _nameserver(entry: str) -> dns.nameserver.Nameserver:
    address, _, port = entry.rpartition(":") if entry.count(":") == 1 or "]:" in entry else (entry, "", "")
    return dns.nameserver.Do53Nameserver(address.strip("[]"), int(port or DNS_PORT))

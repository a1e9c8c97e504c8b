"""R5: whatever a user types, no connection leaves for an address that is not a public server's."""

import socket
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Attempt, DialFailed, Ports, Target, dial, refusal, resolve
from adgang.lib.hosts import HostRefused, parse_host
from adgang.lib.networks import SPECIAL_RANGES, IPNetwork, parse_allowed, special_range, unwrapped
from adgang.lib.resolving import NotResolved, mail_exchangers
from tests.factories.addresses import HIDING, ODD, carriers, odd_notations, special_addresses, spellings
from tests.servers.dns import DnsServer, dns_server
from tests.servers.plain import black_hole, closed_port, saying, tcp_server

pytestmark = pytest.mark.once

CONNECTS: list[tuple[Any, ...]] = []
LISTENING: list[bool] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    # UDP "connects" of the resolver are not dials.
    if LISTENING and event == "socket.connect" and arguments[0].type == socket.SOCK_STREAM:
        CONNECTS.append(arguments[1])


sys.addaudithook(_watch)


@pytest.fixture
def connects() -> Iterator[list[tuple[Any, ...]]]:
    """Every TCP connection this process tries during the test, as the interpreter itself reports them."""
    CONNECTS.clear()
    LISTENING.append(True)
    yield CONNECTS
    LISTENING.clear()


@pytest.fixture
def names(settings: Any) -> Iterator[DnsServer]:
    with dns_server() as server:
        settings.ADGANG_DNS_SERVERS = [server.address]
        yield server


def dial_host(host: str, port: int = 443, *, ports: Ports = Ports.HTTPS, seconds: float = 2) -> tuple[Any, ...]:
    """Resolve and dial as a check does; return the peer's address and port."""
    deadline = Deadline(seconds)
    dialled = dial(resolve(host, deadline=deadline), port, ports=ports, deadline=deadline)
    with dialled.socket:
        peer: tuple[Any, ...] = dialled.socket.getpeername()
    return peer


@pytest.mark.parametrize("address", special_addresses())
def test_no_special_address_is_dialled(address: str, connects: list[Any], names: DnsServer) -> None:
    kind = "A" if ip_address(address).version == 4 else "AAAA"
    names.records = {("inside.example", kind): [address]}
    for host in (address, "inside.example"):
        with pytest.raises(DialFailed) as failed:
            dial_host(host)
        assert failed.value.code == "dial.blocked"
    assert connects == []


@pytest.mark.parametrize("address", HIDING)
def test_addresses_that_hide_another_are_seen_through(address: str, connects: list[Any]) -> None:
    with pytest.raises(DialFailed) as failed:
        dial_host(address)
    assert (failed.value.code, connects) == ("dial.blocked", [])


@pytest.mark.parametrize("host", ODD)
def test_odd_notations_are_refused(host: str, connects: list[Any]) -> None:
    with pytest.raises(HostRefused) as refused:
        dial_host(host)
    assert (refused.value.code, connects) == ("host.notation", [])


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "a..b",
        "-a.dk",
        "a-.dk",
        "a b.dk",
        "a_b.dk",
        "user@host.dk",
        "a/b",
        "a\x00.dk",
        "x" * 64 + ".dk",
        "æ" * 300,
    ],
)
def test_what_is_no_host_name_is_refused(host: str, connects: list[Any]) -> None:
    with pytest.raises(HostRefused) as refused:
        dial_host(host)
    assert (refused.value.code, connects) == ("host.malformed", [])


def test_names_are_read_as_people_write_them() -> None:
    assert parse_host(" Post.Ålborg.DK. ") == "post.xn--lborg-lra.dk"
    assert parse_host("8.8.4.4") == IPv4Address("8.8.4.4")
    assert parse_host("[2a00:1450::1]") == IPv6Address("2a00:1450::1")


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_the_same_in_every_disguise(number: int) -> None:
    address = IPv4Address(number)
    verdict = special_range(address)
    assert special_range(unwrapped(IPv6Address(f"::ffff:{address}"))) == verdict
    assert refusal(IPv6Address(f"64:ff9b::{address}"), 443, ports=Ports.HTTPS) is not None


def would_be_dialled(host: str) -> bool:
    """Say whether a host that is written out would be dialled."""
    try:
        address = parse_host(host)
    except HostRefused:
        return False
    assert not isinstance(address, str)  # a name: it would be asked for in the DNS
    return refusal(unwrapped(address), 443, ports=Ports.HTTPS) is None


def some_of(network: IPNetwork) -> st.SearchStrategy[Any]:
    return st.integers(0, network.num_addresses - 1).map(network.__getitem__)


V4 = [network for network in SPECIAL_RANGES if network.version == 4]


@given(st.sampled_from(V4).flatmap(some_of))
def test_no_disguise_of_a_special_ipv4_address_is_dialled(address: IPv4Address) -> None:
    disguises = [
        str(address),
        *odd_notations(address),
        *(text for one in carriers(address) for text in spellings(str(one))),
    ]
    assert [disguise for disguise in disguises if would_be_dialled(disguise)] == []


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_a_public_address_is_dialled_as_itself_and_in_no_odd_notation(address: IPv4Address) -> None:
    public = special_range(address) is None
    assert would_be_dialled(str(address)) is public
    assert [text for text in odd_notations(address) if text != str(address) and would_be_dialled(text)] == []
    mapped, *others = carriers(address)
    assert would_be_dialled(str(mapped)) is public
    assert [str(one) for one in others if would_be_dialled(str(one))] == []


@given(st.sampled_from(list(SPECIAL_RANGES)).flatmap(some_of))
def test_every_address_of_every_special_range_is_refused(address: Any) -> None:
    inner = unwrapped(address)
    assert inner != address or [text for text in spellings(str(address)) if would_be_dialled(text)] == []


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_name_an_address_or_refused(typed: str) -> None:
    try:
        parsed = parse_host(typed)
    except HostRefused:
        return
    if isinstance(parsed, str):
        assert parsed.isascii()
        assert not parsed.rpartition(".")[2].isdigit()


@given(st.integers(0, 2**128 - 1))
def test_ipv6_outside_global_unicast_is_never_public(number: int) -> None:
    address = IPv6Address(number)
    assert special_range(address) is not None or address in IPv6Network("2000::/3")


@pytest.mark.parametrize("address", ["1.1.1.1", "193.3.230.1", "100.63.255.255", "2a00:1450:400f::1", "2620:fe::fe"])
def test_public_addresses_are_let_through(address: str) -> None:
    assert refusal(ip_address(address), 443, ports=Ports.HTTPS) is None


@pytest.mark.parametrize(
    ("ports", "allowed", "refused"),
    [
        (Ports.SMTP, [25, 465, 587, 2525], [22, 80, 1025, 8025]),
        (Ports.SFTP, [22, 2022, 2222, 1024, 65535], [21, 23, 80, 443, 1023]),
        (Ports.HTTPS, [443, 8443, 1024, 65535], [22, 25, 80, 1023]),
        (Ports.REVOCATION, [80], [443, 8080]),
    ],
)
def test_only_the_ports_of_the_protocol(ports: Ports, allowed: list[int], refused: list[int]) -> None:
    public = IPv4Address("193.3.230.1")
    assert [refusal(public, port, ports=ports) for port in allowed] == [None] * len(allowed)
    assert [refusal(public, port, ports=ports) for port in refused] == [("dial.port", str(port)) for port in refused]


def test_rebinding_finds_nothing(connects: list[Any], names: DnsServer, settings: Any) -> None:
    """The second answer of a name is never asked for: the judged address is the one that is dialled."""
    with tcp_server(saying(b"hello")) as port:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.2/32:{port}"]
        names.records = {("flip.example", "A"): ["127.0.0.2"]}
        names.later = {("flip.example", "A"): ["127.0.0.1"]}
        with pytest.raises(DialFailed) as failed:
            dial_host("flip.example", port)
        assert (failed.value.code, connects) == ("dial.refused", [("127.0.0.2", port)])
        with pytest.raises(DialFailed) as failed:
            dial_host("flip.example", port)
    assert failed.value.code == "dial.blocked"
    assert connects == [("127.0.0.2", port)]


def test_blocked_addresses_of_a_name_are_passed_over(connects: list[Any], names: DnsServer, settings: Any) -> None:
    with tcp_server(saying(b"hello")) as port:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
        names.records = {("mixed.example", "A"): ["10.0.0.1", "127.0.0.1", "169.254.169.254"]}
        assert dial_host("mixed.example", port) == ("127.0.0.1", port)
    assert connects == [("127.0.0.1", port)]


def test_an_exception_holds_for_its_network_and_port_alone(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32:2599", "10.1.0.0/16", "[::1/128]:2599"]
    judged = {
        (address, port): refusal(ip_address(address), port, ports=Ports.SMTP)
        for address in ("127.0.0.1", "127.0.0.2", "10.1.2.3", "::1")
        for port in (25, 2599)
    }
    assert {place: verdict and verdict[0] for place, verdict in judged.items()} == {
        ("127.0.0.1", 25): "dial.blocked",
        ("127.0.0.1", 2599): None,
        ("127.0.0.2", 25): "dial.blocked",
        ("127.0.0.2", 2599): "dial.blocked",
        ("10.1.2.3", 25): None,
        ("10.1.2.3", 2599): "dial.port",
        ("::1", 25): "dial.blocked",
        ("::1", 2599): None,
    }


def test_an_allowed_translator_opens_no_door_to_private_addresses(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["64:ff9b::/96"]
    assert refusal(ip_address("64:ff9b::c103:e601"), 443, ports=Ports.HTTPS) is None
    assert refusal(ip_address("64:ff9b::a00:1"), 443, ports=Ports.HTTPS) == ("dial.blocked", "10.0.0.0/8 (private)")


@pytest.mark.parametrize("entry", ["", "example.dk", "127.0.0.1/33", "127.0.0.1:0", "127.0.0.1:x", "10.0.0.1/8"])
def test_a_wrong_exception_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_allowed(entry)


def test_refused_and_silent_hosts_are_told_apart(settings: Any) -> None:
    with black_hole() as hole:
        port = closed_port()
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}", f"127.0.0.1/32:{hole}"]
        with pytest.raises(DialFailed) as refused:
            dial_host("127.0.0.1", port)
        with pytest.raises(DialFailed) as silent:
            dial_host("127.0.0.1", hole, seconds=0.2)
    assert (refused.value.code, silent.value.code) == ("dial.refused", "dial.timeout")
    assert refused.value.params == {"host": "127.0.0.1", "address": "127.0.0.1", "port": port, "detail": ""}


def test_a_silent_address_leaves_time_for_the_next(settings: Any) -> None:
    """The black hole answers at 127.0.0.1 only; a listener on another loopback address is found after it."""
    with black_hole() as port, socket.create_server(("127.0.0.2", port)):
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.0/30:{port}"]
        target = Target(host="two.example", addresses=(ip_address("127.0.0.1"), ip_address("127.0.0.2")))
        dialled = dial(target, port, ports=Ports.HTTPS, deadline=Deadline(0.6))
        dialled.socket.close()
    assert [(str(tried.address), tried.outcome) for tried in dialled.attempts] == [
        ("127.0.0.1", "dial.timeout"),
        ("127.0.0.2", "connected"),
    ]
    assert isinstance(dialled.attempts[0], Attempt)


def test_what_the_dns_says_is_told_apart(names: DnsServer) -> None:
    names.records = {("empty.example", "TXT"): ['"x"']}
    names.silent, names.broken = {"silent.example"}, {"broken.example"}
    codes = {}
    for host in ("nowhere.example", "empty.example", "silent.example", "broken.example"):
        with pytest.raises(NotResolved) as failed:
            resolve(host, deadline=Deadline(0.3))
        codes[failed.value.params["host"]] = failed.value.code
    assert codes == {
        "nowhere.example": "dns.nxdomain",
        "empty.example": "dns.no_address",
        "silent.example": "dns.timeout",
        "broken.example": "dns.failed",
    }


def test_hosts_file_and_search_list_are_not_used(names: DnsServer) -> None:
    with pytest.raises(NotResolved) as failed:
        resolve("localhost", deadline=Deadline(1))
    assert (failed.value.code, names.questions) == ("dns.nxdomain", [("localhost", "A")])


def test_every_dial_is_logged(settings: Any) -> None:
    port = closed_port()
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
    with capture_logs() as logged:
        for host in ("127.0.0.1", "10.0.0.1"):
            with pytest.raises(DialFailed):
                dial_host(host, port)
    told = [(entry["event"], entry["address"], entry["port"], entry["outcome"]) for entry in logged]
    assert told == [("dial", "127.0.0.1", port, "dial.refused"), ("dial", "10.0.0.1", port, "dial.blocked")]


def test_both_families_are_found_and_many_addresses_cut(names: DnsServer) -> None:
    names.records = {
        ("both.example", "A"): ["193.3.230.1"],
        ("both.example", "AAAA"): ["2a00:1450:400f::1"],
        ("many.example", "A"): [f"193.3.230.{last}" for last in range(1, 21)],
    }
    assert resolve("both.example", deadline=Deadline(2)).addresses == (
        ip_address("193.3.230.1"),
        ip_address("2a00:1450:400f::1"),
    )
    assert len(resolve("many.example", deadline=Deadline(2)).addresses) == 8


def test_mail_exchangers_come_in_order(names: DnsServer) -> None:
    names.records = {
        ("a.example", "MX"): ["20 second.example.", "10 first.example."],
        ("null.example", "MX"): ["0 ."],
        ("none.example", "A"): ["193.3.230.1"],
    }
    deadline = Deadline(2)
    assert mail_exchangers("a.example", deadline=deadline).hosts == ["first.example", "second.example"]
    assert mail_exchangers("null.example", deadline=deadline).null is True
    none = mail_exchangers("none.example", deadline=deadline)
    assert (none.hosts, none.null) == ([], False)

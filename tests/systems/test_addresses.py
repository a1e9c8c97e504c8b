"""Allowed addresses: what people type, and what becomes of it."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from systems.addresses import MAX_IN_RANGE, address_findings, parse_network, read_networks, sorted_networks


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("192.0.2.10", "192.0.2.10"),
        (" 192.0.2.10 ", "192.0.2.10"),
        ("192.0.2.10/32", "192.0.2.10"),
        ("192.0.2.0/27", "192.0.2.0/27"),
        ("192.0.2.0/255.255.255.240", "192.0.2.0/28"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("2001:db8::/123", "2001:db8::/123"),
        ("2001:db8::1/128", "2001:db8::1"),
    ],
)
def test_one_form_for_each_network(typed, network):
    assert parse_network(typed) == network


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", "“” is neither an address nor a range such as 192.0.2.0/28."),
        ("post.example.dk", "“post.example.dk” is neither an address nor a range such as 192.0.2.0/28."),
        ("192.0.2", "“192.0.2” is neither an address nor a range such as 192.0.2.0/28."),
        ("192.0.2.010", "“192.0.2.010” is neither an address nor a range such as 192.0.2.0/28."),
        ("192.0.2.1-192.0.2.9", "“192.0.2.1-192.0.2.9” is neither an address nor a range such as 192.0.2.0/28."),
        ("fe80::1%eth0", "“fe80::1%eth0” is neither an address nor a range such as 192.0.2.0/28."),
        ("192.0.2.5/28", "192.0.2.5/28 does not begin a range. Did you mean 192.0.2.0/28?"),
        (
            "192.0.2.0/26",
            "192.0.2.0/26 covers 64 addresses; a range may cover at most 32 (/27 in IPv4, /123 in IPv6).",
        ),
        (
            "10.0.0.0/8",
            "10.0.0.0/8 covers 16\N{NO-BREAK SPACE}777\N{NO-BREAK SPACE}216 addresses; a range may cover at most 32 "
            "(/27 in IPv4, /123 in IPv6).",
        ),
    ],
)
def test_what_cannot_be_used_is_named(typed, text, english):
    with pytest.raises(ValidationError) as error:
        parse_network(typed)
    assert error.value.messages == [text]


def test_every_bad_line_is_named_at_once(english):
    with pytest.raises(ValidationError) as error:
        read_networks("192.0.2.1\n192.0.2.0/24\nnonsense, 192.0.2.1/32")
    assert error.value.messages == [
        "192.0.2.0/24 covers 256 addresses; a range may cover at most 32 (/27 in IPv4, /123 in IPv6).",
        "“nonsense” is neither an address nor a range such as 192.0.2.0/28.",
        "192.0.2.1 stands there twice.",
    ]


def test_lines_commas_and_blanks_divide_and_the_order_is_that_of_numbers():
    assert read_networks("2001:db8::1\r\n198.51.100.2; 198.51.100.10,\t9.9.9.9") == [
        "9.9.9.9",
        "198.51.100.2",
        "198.51.100.10",
        "2001:db8::1",
    ]
    assert read_networks("") == []


def test_no_more_than_two_hundred():
    many = "\n".join(f"198.51.{block}.{host}" for block in range(2) for host in range(101))
    with pytest.raises(ValidationError):
        read_networks(many)


def test_overlaps_are_a_warning_and_private_addresses_only_in_production(english):
    networks = ["10.0.0.0/28", "10.0.0.3", "2001:db8::1", "9.9.9.9"]
    assert [found.message for found in address_findings(networks, production=False)] == [
        "10.0.0.3 lies within 10.0.0.0/28."
    ]
    assert [(found.code, found.params["network"]) for found in address_findings(networks, production=True)] == [
        ("system.addresses_overlap", "10.0.0.3"),
        ("system.address_special", "10.0.0.0/28"),
        ("system.address_special", "10.0.0.3"),
        ("system.address_special", "2001:db8::1"),
    ]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(27, 32)), min_size=1, max_size=12))
def test_an_overlap_is_found_exactly_when_there_is_one(pairs):
    networks = {ip_network((0x09000000 + number, length), strict=False) for number, length in pairs}
    overlapping = any(one.overlaps(other) for one in networks for other in networks if one != other)
    texts = sorted_networks(str(network) for network in networks)
    assert bool(address_findings(texts, production=False)) == overlapping


@given(st.ip_addresses(), st.integers(0, 128))
def test_what_was_parsed_parses_to_itself_and_is_never_too_wide(address, length):
    network = ip_network((address, min(length, address.max_prefixlen)), strict=False)
    if network.num_addresses > MAX_IN_RANGE:
        with pytest.raises(ValidationError):
            parse_network(str(network))
    else:
        assert parse_network(parse_network(str(network))) == parse_network(str(network))

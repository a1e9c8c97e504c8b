"""Where a request comes from."""

import pytest
from django.test import RequestFactory

from adgang.lib.peers import client_address, is_on_this_machine, neighbourhood


def request(address, **headers):
    return RequestFactory(REMOTE_ADDR=address).get("/", headers=headers)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        ([], "192.0.2.1", "", "192.0.2.1"),
        ([], "192.0.2.1", "10.0.0.1", "192.0.2.1"),
        (["192.0.2.0/24"], "192.0.2.1", "198.51.100.7", "198.51.100.7"),
        (["192.0.2.1"], "192.0.2.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        (["192.0.2.1", "10.0.0.2"], "192.0.2.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (["192.0.2.1"], "192.0.2.1", "", "192.0.2.1"),
        (["192.0.2.0/24"], "::ffff:192.0.2.1", "198.51.100.7", "198.51.100.7"),
        (["unix"], "", "198.51.100.7", "198.51.100.7"),
        ([], "", "198.51.100.7", ""),
        (["2001:db8::/32"], "2001:db8::1", "2001:db8:ffff::2, 198.51.100.7", "198.51.100.7"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, peer, forwarded, expected):
    settings.ADGANG_TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(request(peer, **headers)) == expected


@pytest.mark.parametrize(
    ("peer", "headers", "expected"),
    [
        ("127.0.0.1", {}, True),
        ("127.9.9.9", {}, True),
        ("::1", {}, True),
        ("192.0.2.1", {}, False),
        ("", {}, False),
        ("nonsense", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("127.0.0.1", {"X-Forwarded-Host": "adgang.example.dk"}, False),
        ("127.0.0.1", {"Cf-Connecting-Ip": "127.0.0.1"}, False),
    ],
)
def test_this_machine_means_no_proxy_between(peer, headers, expected):
    assert is_on_this_machine(request(peer, **headers)) is expected


@pytest.mark.parametrize(
    ("address", "together"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_what_one_client_has_at_its_disposal_is_counted_together(address, together):
    assert neighbourhood(address) == together

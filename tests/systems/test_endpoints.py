"""Addresses to deliver to."""

import pytest

from systems.endpoints import NO_FRAGMENT, NO_LOGIN, NOT_EMAIL, NOT_HTTPS, NOT_URL, endpoint_fault, host_fault
from systems.protocols import EndpointKind


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("post@myndighed.dk", None),
        ("digital.post+ind@post.myndighed.dk", None),
        ("post@ærøskøbing.dk", None),
        ("post@", NOT_EMAIL),
        ("myndighed.dk", NOT_EMAIL),
        ("post@localhost_", NOT_EMAIL),
        ("post@a.dk, ind@b.dk", NOT_EMAIL),
        ("Post <post@a.dk>", NOT_EMAIL),
        ("post@a.dk\nBcc: alle@b.dk", NOT_EMAIL),
        ("post@[127.0.0.1x]", NOT_EMAIL),
        ("https://post.dk/ind", NOT_EMAIL),
    ],
)
def test_email(address, fault):
    assert endpoint_fault(EndpointKind.EMAIL, address) == fault


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://post.myndighed.dk/ind", None),
        ("https://post.myndighed.dk", None),
        ("https://post.myndighed.dk:8443/ind?a=b", None),
        ("https://[2001:db8::1]/ind", None),
        ("HTTPS://POST.MYNDIGHED.DK/", None),
        ("http://post.myndighed.dk/ind", NOT_HTTPS),
        ("ftp://post.myndighed.dk/", NOT_HTTPS),
        ("post.myndighed.dk/ind", NOT_HTTPS),
        ("javascript:alert(1)", NOT_HTTPS),
        ("https://bruger:kode@post.myndighed.dk/", NO_LOGIN),
        ("https://post.myndighed.dk/#ind", NO_FRAGMENT),
        ("https://", NOT_URL),
        ("https:///ind", NOT_URL),
        ("https://post myndighed.dk/", NOT_URL),
        ("https://post.myndighed.dk/\r\nHost: b", NOT_URL),
        ("https://post.myndighed.dk\\@b.dk/", NOT_URL),
        ("https://post.myndighed.dk:99999/", NOT_URL),
        ("https://0x7f000001/", NOT_URL),
        ("https://-a.dk/", NOT_URL),
        ("https://[::1/", NOT_URL),
    ],
)
def test_https(address, fault):
    assert endpoint_fault(EndpointKind.HTTPS, address) == fault


def test_a_protocol_without_addresses_takes_any():
    assert endpoint_fault(EndpointKind.NONE, "whatever") is None


@pytest.mark.parametrize("host", ["sftp.myndighed.dk", "192.0.2.1", "2001:db8::1", "ærø.dk"])
def test_hosts(host):
    assert host_fault(host) is None


@pytest.mark.parametrize("host", ["sftp myndighed.dk", "a_b.dk", "2130706433", "0177.0.0.1", "sftp://a.dk", "a.dk:22"])
def test_what_is_no_host(host):
    assert host_fault(host) is not None

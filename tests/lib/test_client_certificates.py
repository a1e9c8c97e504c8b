"""What a request tells of a client certificate counts only from our own proxy."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from adgang.lib.client_certificates import ClientCertificateMiddleware, handed_on
from tests.factories import certificates as make

DER = make.issued().der
PROXY, SECRET = "192.0.2.7", "the-secret-of-the-proxy-and-the-portal"


@pytest.fixture(autouse=True)
def trusting(settings) -> None:
    settings.ADGANG_TRUSTED_PROXIES = [PROXY]
    settings.ADGANG_PROXY_SECRET = SECRET


def seen(peer: str = PROXY, **headers: str) -> HttpRequest:
    """Return the request as views see it."""
    requests: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        requests.append(request)
        return HttpResponse()

    shown = make.escaped(DER)
    request = RequestFactory(REMOTE_ADDR=peer).get("/", headers={"X-Adgang-Client-Cert": shown} | headers)
    ClientCertificateMiddleware(view)(request)
    return requests[0]


def test_our_proxy_is_believed() -> None:
    assert handed_on(seen(**{"X-Adgang-Proxy-Secret": SECRET})) == DER


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        (PROXY, {}),
        (PROXY, {"X-Adgang-Proxy-Secret": "guessed"}),
        ("198.51.100.1", {"X-Adgang-Proxy-Secret": SECRET}),
        ("198.51.100.1", {"X-Adgang-Proxy-Secret": SECRET, "X-Forwarded-For": PROXY}),
    ],
)
def test_from_anybody_else_nothing_is_left(peer: str, headers: dict[str, str]) -> None:
    request = seen(peer, **headers)
    assert handed_on(request) is None
    assert not {"X-Adgang-Client-Cert", "X-Adgang-Proxy-Secret"} & set(request.headers)


def test_without_a_secret_of_ours_nobody_is_believed(settings) -> None:
    settings.ADGANG_PROXY_SECRET = ""
    assert handed_on(seen(**{"X-Adgang-Proxy-Secret": ""})) is None

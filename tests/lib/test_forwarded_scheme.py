"""A client that says it came over TLS is believed when one of our own proxies says so."""

import pytest
from django.test import Client

PROXY = "192.0.2.7"


@pytest.mark.parametrize(("peer", "is_believed"), [(PROXY, True), ("192.0.2.8", False), ("", False)])
def test_only_our_proxies_are_believed(settings, peer: str, is_believed: bool) -> None:
    settings.ADGANG_TRUSTED_PROXIES = [PROXY]
    settings.SECURE_PROXY_SSL_HEADER, settings.SECURE_SSL_REDIRECT = ("HTTP_X_FORWARDED_PROTO", "https"), True
    settings.SECURE_REDIRECT_EXEMPT = []
    answer = Client(REMOTE_ADDR=peer).get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == (200 if is_believed else 301)

"""The way to the host that asks for a certificate and back, without the proxy."""

from typing import Any

from django.test import Client

from certificates.kinds import Kind
from organisations.models import SignInIdentity, User
from tests.factories import certificates as make

PROXY, SECRET = "192.0.2.7", "the-secret-of-the-proxy-and-the-portal"
HERE, THERE = "https://adgang.test", "https://moces.adgang.test"


def install(settings: Any) -> None:
    """Set the installation up for signing in by certificate, with its authorities and a list in force."""
    settings.ADGANG_TRUSTED_PROXIES = [PROXY]
    settings.ADGANG_PROXY_SECRET = SECRET
    settings.ADGANG_BASE_URL, settings.ADGANG_MOCES_URL = HERE, THERE
    settings.ALLOWED_HOSTS = ["*"]
    make.publish_list()


def moces(**options: Any) -> Any:
    """Return an employee certificate with its key."""
    return make.issued(**{"kind": Kind.MOCES, "name": "Kim Ejer"} | options)


def bound(user: User, *, cvr: str = make.CVR, holder_id: str = make.HOLDER_ID) -> SignInIdentity:
    """Return the person's certificate as a way to sign in."""
    return SignInIdentity.objects.create(
        user=user, method="MOCES", issuer=f"OCES3 test {cvr}", subject=holder_id, cvr=cvr
    )


def left(client: Client, purpose: str = "sign_in", onward: str = "") -> str:
    """Start, and return the address on the other host."""
    return client.get("/log-ind/moces/", {"purpose": purpose, "next": onward}).url


def showed(address: str, der: bytes | None, *, secret: str = SECRET, peer: str = PROXY) -> Any:
    """Show a certificate on the other host, where the browser has no cookie of ours."""
    headers = {"X-Adgang-Proxy-Secret": secret, "X-Forwarded-Proto": "https"}
    if der is not None:
        headers["X-Adgang-Client-Cert"] = make.escaped(der)
    return Client(REMOTE_ADDR=peer).get(address.removeprefix(THERE), headers=headers)


def came_back(client: Client, response: Any) -> Any:
    """Follow the browser back to the portal."""
    return client.get(response.url.removeprefix(HERE))

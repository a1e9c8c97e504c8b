"""An employee signs in with a certificate: real nginx as configured for production, real curl, the real portal."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from adgang.demo import server_keys
from adgang.demo.addresses import Endpoint
from certificates.kinds import Kind
from certificates.uploading import receive_certificate
from systems import api_tokens, calls
from systems.models import Protocol, System
from tests.certificates import moces_sign_in as way
from tests.factories import certificates as make
from tests.factories import systems
from tests.factories.contacts import CALLER
from tests.factories.organisations import Role, organisation, user_with
from tests.servers.programs import free_port, program, workplace
from tests.servers.proxy import SECRET, adapted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
HERE, THERE = "adgang.test", "moces.adgang.test"


class Browser:
    """curl with a jar of cookies, to which both hosts are the proxy."""

    def __init__(self, curl: str, folder: Path, port: int) -> None:
        self._curl, self._folder, self.port = curl, folder, port

    def get(self, url: str, *, shows: object = None, user: str = "", **headers: str) -> tuple[int, str, str]:
        """Return status, the address it sends to, and the page."""
        jar, body = self._folder / "jar", self._folder / "body"
        command = [
            self._curl,
            "-sk",
            "-o",
            str(body),
            "-b",
            str(jar),
            "-c",
            str(jar),
            "-w",
            "%{http_code} %{redirect_url}",
        ]
        for host in (HERE, THERE):
            command += ["--resolve", f"{host}:{self.port}:127.0.0.1"]
        if user:
            command += ["-u", user]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        if shows is not None:
            command += ["--cert", str(self._pem(shows))]
        done = subprocess.run([*command, url], capture_output=True, text=True, timeout=20, check=True)
        status, _, onward = done.stdout.partition(" ")
        return int(status), onward, body.read_text()

    def _pem(self, issued: object) -> Path:
        path = self._folder / "client.pem"
        key = issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(issued.pem + key)
        return path


@pytest.fixture
def browser(live_server, settings, tmp_path: Path, require_service: Callable[..., str]) -> Iterator[Browser]:
    nginx, curl = require_service("nginx"), require_service("curl")
    way.install(settings)
    settings.ADGANG_TRUSTED_PROXIES, settings.ADGANG_PROXY_SECRET = ["127.0.0.1"], SECRET
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.VAR_DIR = tmp_path
    server_keys.tls_context(Endpoint.HTTPS)
    http, https = free_port(), free_port()
    settings.ADGANG_BASE_URL, settings.ADGANG_MOCES_URL = f"https://{HERE}:{https}", f"https://{THERE}:{https}"
    web = int(live_server.url.rpartition(":")[2])
    with workplace() as folder:
        path = folder / "nginx.conf"
        pem = tmp_path / "demo" / "https.pem"
        path.write_text(adapted(web=[web], http=http, https=https, certificate=pem, key=pem, folder=folder))
        with program([nginx, "-c", str(path), "-g", "daemon off;"], https, folder / "log"):
            yield Browser(curl, tmp_path, https)


@pytest.fixture
def kim():
    here = organisation(cvr_number=make.CVR)
    return user_with(Role.READER, organisation=here, name="Kim Ejer")


def test_who_shows_a_bound_certificate_is_let_in_and_nobody_else(browser: Browser, kim, settings) -> None:
    good = way.moces()
    way.bound(kim)

    def tried(shows: object, **headers: str) -> tuple[int, str]:
        _, there, _ = browser.get(f"{settings.ADGANG_BASE_URL}/log-ind/moces/?next=/mig/")
        status, back, page = browser.get(there, shows=shows, **headers)
        return (status, page) if status != 302 else browser.get(back)[:2]

    # No certificate, a header made up by the client (the proxy overwrites it), and one that is not an employee's.
    assert tried(None)[0] == 403
    forged = {"X-Adgang-Client-Cert": make.escaped(good.der), "X-Adgang-Proxy-Secret": SECRET}
    assert tried(None, **forged)[0] == 403
    assert "medarbejdercertifikat" in tried(way.moces(kind=Kind.FOCES))[1]
    # Expired, of another CVR, of a holder who bound nothing.
    assert tried(way.moces(until=make.AT.replace(year=2025)))[0] == 400  # nginx itself sees the date
    assert tried(way.moces(cvr="87654321"))[0] == 403
    assert tried(way.moces(holder_id="11111111-d9cb-469f-a165-70867728950e"))[0] == 403
    # Revoked: by then the portal has the issuer's newer list.
    revoked = way.moces()
    make.publish_list(revoked.certificate.serial_number)
    assert tried(revoked)[0] == 403
    assert browser.get(f"{settings.ADGANG_BASE_URL}/mig/")[0] == 302
    assert tried(good)[0] == 302
    assert "Kim Ejer" in browser.get(f"{settings.ADGANG_BASE_URL}/mig/")[2]


def test_the_other_host_hands_no_certificate_on(browser: Browser, kim, settings) -> None:
    status, _, page = browser.get(f"{settings.ADGANG_BASE_URL}/log-ind/moces/vis/?state=x", shows=way.moces())
    assert status == 403
    assert "Din browser viste intet medarbejdercertifikat" in page


def test_a_system_is_told_whether_its_certificate_is_accepted(browser: Browser, settings) -> None:
    here = organisation(cvr_number=make.CVR)
    its = make.issued(kind=Kind.VOCES)
    system = systems.system(protocol=Protocol.REST_PULL, organisation=here, active=True)
    token = api_tokens.renew(caller=CALLER, system=system, version=system.version, at=timezone.now())
    kept = receive_certificate(
        caller=CALLER, organisation=here, data=its.pem, at=timezone.now(), kinds=frozenset({Kind.VOCES})
    ).certificate
    System.objects.filter(pk=system.pk).update(certificate=kept)

    def told(url: str, shows: object) -> tuple[bool, str]:
        status, _, answer = browser.get(f"{url}/apis/adgang/v1/whoami", shows=shows, user=f"{system.pk}:{token}")
        assert status == 200
        part = json.loads(answer)["certificate"]
        return part["accepted"], part["code"]

    assert told(settings.ADGANG_MOCES_URL, its) == (True, "call.certificate_accepted")
    assert told(settings.ADGANG_MOCES_URL, make.issued(kind=Kind.VOCES)) == (False, "call.certificate_other")
    assert told(settings.ADGANG_MOCES_URL, None) == (False, "call.certificate_missing")
    assert told(settings.ADGANG_BASE_URL, its) == (False, "call.certificate_missing")
    assert settings.ADGANG_MOCES_URL in calls.curl(system)

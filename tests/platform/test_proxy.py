"""The TLS proxy's configuration, run by a real nginx in front of a server that repeats what it was told."""

import json
import re
import signal
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import override_settings

from adgang.demo import server_keys
from adgang.demo.addresses import Endpoint
from tests.servers.programs import PATIENCE, free_port, program, workplace
from tests.servers.proxy import adapted

TOKEN = "mN3q7ZkX0aPq8vJ2cYb6Lw5sTd1rUe4oGh9iKxA_-zQ"
UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"


class Repeating(BaseHTTPRequestHandler):
    """Answers with the headers it got."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Proxy:
    def __init__(self, *, http: int, https: int, log: Path, authority: Path, process: subprocess.Popen[bytes]) -> None:
        self.http, self.https, self._log, self._process = http, https, log, process
        self._trust = ssl.create_default_context(cafile=authority)

    def get(self, path: str, **headers: str) -> dict[str, str]:
        """Return the headers that reached the web process."""
        request = urllib.request.Request(f"https://127.0.0.1:{self.https}{path}", headers=headers)
        with urllib.request.urlopen(request, context=self._trust) as answer:
            return {name.lower(): value for name, value in json.load(answer).items()}

    def paths_logged_by_its_end(self) -> list[str]:
        """End the proxy and return the paths that it logged: it writes a line after the answer has gone out."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(PATIENCE)
        lines = self._log.read_text().splitlines()
        return [json.loads(line)["path"] for line in lines if line.startswith("{")]


@pytest.fixture
def proxy(tmp_path: Path, require_service: Callable[..., str]) -> Iterator[Proxy]:
    nginx = require_service("nginx")
    web = ThreadingHTTPServer(("127.0.0.1", 0), Repeating)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with override_settings(VAR_DIR=tmp_path), workplace() as folder:
        server_keys.tls_context(Endpoint.HTTPS)
        pem = tmp_path / "demo" / "https.pem"
        http, https = free_port(), free_port()
        path = folder / "nginx.conf"
        path.write_text(
            adapted(web=[web.server_address[1]], http=http, https=https, certificate=pem, key=pem, folder=folder)
        )
        with program([nginx, "-c", str(path), "-g", "daemon off;"], https, folder / "log") as process:
            authority = server_keys.authority()
            yield Proxy(http=http, https=https, log=folder / "log", authority=authority, process=process)
    web.shutdown()
    web.server_close()


@pytest.mark.parametrize("path", ["/", "/readyz"])
def test_what_a_client_claims_about_itself_does_not_pass(proxy: Proxy, path: str) -> None:
    claimed = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X-Adgang-Client-Cert": "-----BEGIN%20CERTIFICATE-----",
        "X-Adgang-Proxy-Secret": "guessed",
        "X-Request-ID": "chosen-by-the-client",
    }
    arrived = proxy.get(path, **claimed)
    assert re.fullmatch("[0-9a-f]{32}", arrived.pop("x-request-id"))
    assert {name: value for name, value in arrived.items() if name.startswith(("x-", "forwarded"))} == {
        "x-forwarded-proto": "https",
        "x-forwarded-for": "127.0.0.1",
    }


def test_secrets_of_links_are_not_logged(proxy: Proxy) -> None:
    for path in (f"/invitation/{TOKEN}/", f"/o/12345678/systemer/{UUID}/?q=Kim", f"/nulstil/{TOKEN}"):
        proxy.get(path)
    assert proxy.paths_logged_by_its_end() == [
        "/invitation/[removed]/",
        f"/o/12345678/systemer/{UUID}/",
        "/nulstil/[removed]",
    ]


def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{proxy.http}/o/12345678/")
    assert (raised.value.code, raised.value.headers["Location"]) == (308, "https://127.0.0.1/o/12345678/")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_tls_is_refused(proxy: Proxy) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")  # this side would, were the other willing
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(urllib.error.URLError, match="protocol version"):
        urllib.request.urlopen(f"https://127.0.0.1:{proxy.https}/", context=old)

"""A provider that says whatever a test wants: tokens of any content and signature, and answers that are none."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "adgang", "hemmelig:+%æ"


@dataclass
class Forger:
    """What it says, and what it heard. A test changes what it likes; `claims` of None are left out of the token."""

    issuer: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] | None = None
    token: dict[str, Any] = field(default_factory=dict)  # members of the answer of the token endpoint, in place of ours
    signing_key: Any = None
    status: int = 200
    raw: bytes | None = None  # said by the token endpoint, whatever was asked
    heard: list[tuple[str, dict[str, str], dict[str, list[str]]]] = field(default_factory=list)
    nonce: str = ""

    @cached_property
    def secret_key(self) -> ECKey:
        """Another key, that nobody published."""
        return ECKey.generate_key("P-256", {"kid": "one"})

    def id_token(self) -> str:
        """Return the token as the test wants it."""
        now = int(time.time())
        good = {"iss": self.issuer, "aud": CLIENT, "sub": "kim", "cvr": "12345678", "iat": now, "exp": now + 300}
        claims = good | {"nonce": self.nonce, "auth_time": now} | self.claims
        header = {"alg": "ES256", "kid": self.key.kid} | self.header
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, told, self.signing_key or self.key, algorithms=[header["alg"]])

    def says(self, path: str) -> tuple[int, bytes]:
        """Return status and body of an answer."""
        here = self.issuer
        match path:
            case "/.well-known/openid-configuration":
                addresses = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks"}
                addresses |= {"userinfo_endpoint": "me"} if self.user_info is not None else {}
                own = {name: f"{here}/{place}" for name, place in addresses.items()}
                return 200, json.dumps({"issuer": here} | own | self.document).encode()
            case "/jwks":
                listed = [{"kty": "OKP", "crv": "X448", "kid": "odd"}, "rubbish", self.key.as_dict(private=False)]
                return 200, json.dumps({"keys": listed}).encode()
            case "/me":
                return 200, json.dumps(self.user_info).encode()
            case "/token" if self.raw is not None:
                return self.status, self.raw
            case "/token":
                made = {"access_token": "abc", "token_type": "Bearer"}
                made |= {} if "id_token" in self.token else {"id_token": self.id_token()}
                return self.status, json.dumps(made | self.token).encode()
        return 404, b""


@contextmanager
def forger_server() -> Iterator[str]:
    """Serve `forger_server.now` (a `Forger`) for the block and give its issuer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        forger: Forger = forger_server.now  # type: ignore[attr-defined]
        forger.heard.append((self.path, dict(self.headers), parse_qs(body.decode())))
        status, said = forger.says(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Keep the tests' output clean."""

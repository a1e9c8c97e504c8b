"""A security key in software: it makes passkeys and signs with them as a browser's answer would carry it.

Everything that an attacker could vary can be varied: origin, host name, challenge, counter, flags, holder.
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

from organisations.models import Passkey, User

HOST, ORIGIN = "testserver", "http://testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def use_here(settings: Any) -> None:
    """Let passkeys belong to the host that test clients ask."""
    settings.ADGANG_PASSKEY_RP_ID, settings.ADGANG_PASSKEY_ORIGINS = HOST, [ORIGIN]


@dataclass
class Authenticator:
    """One passkey on a machine of somebody's; `counts` is False for those that always say 0."""

    counts: bool = True
    count: int = 0
    holder: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any], **forged: Any) -> str:
        """Return what a browser sends for `navigator.credentials.create`."""
        self.holder = base64url_to_bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + cbor2.dumps(public)
        data = self._data(ATTESTED, **forged) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": text(_client_data("webauthn.create", options, **forged)),
            "attestationObject": text(statement),
            "transports": ["internal", "of-tomorrow"],
        }
        return self._answer(response)

    def get(self, options: dict[str, Any], *, holder: bytes | None = b"", **forged: Any) -> str:
        """Return what a browser sends for `navigator.credentials.get`."""
        data, client_data = self._data(0, **forged), _client_data("webauthn.get", options, **forged)
        key = forged.get("key", self.key)
        signature = key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(client_data),
            "authenticatorData": text(data),
            "signature": text(signature),
        }
        if holder is not None:
            response["userHandle"] = text(holder or self.holder)
        return self._answer(response)

    def _data(self, flags: int, *, host: str = HOST, present: bool = True, verified: bool = True, **_: Any) -> bytes:
        self.count += self.counts
        flags |= PRESENT * present | VERIFIED * verified
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any]) -> str:
        id_ = text(self.credential_id)
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": response})


def _client_data(kind: str, options: dict[str, Any], *, origin: str = ORIGIN, challenge: str = "", **_: Any) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge or options["challenge"], "origin": origin}).encode()


def options_for(client: Client, name: str = "passkey_options", query: str = "") -> dict[str, Any]:
    """Return what the portal asks the browser of this session for."""
    answer = client.post(reverse(name) + query)
    assert answer.status_code == 200
    asked: dict[str, Any] = answer.json()
    return asked


def passkey(*, user: User, name: str = "Telefonen", **fields: Any) -> Passkey:
    """Return a passkey of the person's whose private half nobody has."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    return Passkey.objects.create(
        user=user, name=name, credential_id=text(os.urandom(32)), public_key=cbor2.dumps(public), **fields
    )

"""Secrets at rest: fields encrypted with versioned keys, tokens kept as hashes only."""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
TAG_BYTES = 6  # enough of a key's SHA-256 to tell which of a handful encrypted a value


class UnreadableSecret(Exception):
    """No installed key decrypts the value, or it was moved to another row."""


def _keys() -> list[bytes]:
    return [base64.urlsafe_b64decode(key) for key in settings.ADGANG_FIELD_KEYS]


def _tag(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:TAG_BYTES]


def key_names() -> list[str]:
    """Return what tells the installed keys apart, the one in force first; it gives none of them away."""
    return [_tag(key).hex() for key in _keys()]


def encrypt(plain: bytes, *, row: str) -> bytes:
    """Return `plain` encrypted with the first key; `row` (table and id) is bound to it as associated data."""
    key = _keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    return _tag(key) + nonce + AESGCM(key).encrypt(nonce, plain, row.encode())


def decrypt(kept: bytes, *, row: str) -> bytes:
    """Return what `encrypt` was given. Raises `UnreadableSecret`."""
    tag, nonce, body = kept[:TAG_BYTES], kept[TAG_BYTES : TAG_BYTES + NONCE_BYTES], kept[TAG_BYTES + NONCE_BYTES :]
    for key in _keys():
        if _tag(key) == tag:
            try:
                return AESGCM(key).decrypt(nonce, body, row.encode())
            except InvalidTag:
                break
    raise UnreadableSecret(row)


def renewed(kept: bytes, *, row: str) -> bytes | None:
    """Return a value encrypted anew with the first key; None when it is already. Raises `UnreadableSecret`."""
    if kept[:TAG_BYTES] == _tag(_keys()[0]):
        return None
    return encrypt(decrypt(kept, row=row), row=row)


def new_token() -> str:
    """Return a new secret for a link or a token: 32 random bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the SHA-256 of `token` in hex: all that is kept of one. Plain, for tokens have full entropy."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())

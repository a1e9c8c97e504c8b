"""SSH host keys: as servers send them, and as they are kept when an owner has confirmed one."""

import base64
import hashlib

from systems.steps.subject import PublicKey


def public_key(type_: str, blob: bytes) -> PublicKey:
    """Return a key with its fingerprint as `ssh-keygen -l` shows it."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(type=type_, blob=base64.b64encode(blob).decode(), fingerprint=f"SHA256:{digest}")


def pinned_key(line: str) -> PublicKey:
    """Read a pinned host key, kept as `type base64`."""
    type_, _, blob = line.partition(" ")
    return public_key(type_, base64.b64decode(blob))

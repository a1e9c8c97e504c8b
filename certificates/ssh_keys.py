"""Judging an SSH public key: one function that says everything there is to say. Pure: no network, no database."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adgang.lib.findings import Finding, accepted, finding
from certificates import keys, ssh_wire
from certificates.ssh_reading import read_ssh_key

REFUSED_BELOW, RECOMMENDED = 2048, 3071  # bits; a modulus of 3072 may begin with a zero bit


@dataclass(frozen=True, slots=True)
class SshVerdict:
    """What was found about an SSH key; a value that could not be read is None. `blob`: base64 of the wire form."""

    findings: tuple[Finding, ...]
    type: str | None = None
    bits: int | None = None
    fingerprint: str | None = None
    blob: str = ""
    comment: str = ""

    @property
    def accepted(self) -> bool:
        """Whether nothing refuses the key."""
        return accepted(self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the form that commands and the API show, texts in the reader's language."""
        return {
            "accepted": self.accepted,
            "type": self.type,
            "bits": self.bits,
            "fingerprint": self.fingerprint,
            "comment": self.comment or None,
            "findings": [found.as_text() for found in self.findings],
        }


def judge_ssh_key(data: bytes, *, refuse_short_rsa: bool = False) -> SshVerdict:
    """Return everything there is to say about an uploaded SSH public key.

    `data`: the file or the pasted text, as it came. `refuse_short_rsa`: refuse RSA below 3072 bits instead of warning.
    A private key is refused before anything is parsed and appears nowhere in the result. Raises nothing.
    """
    read = read_ssh_key(data)
    if isinstance(read, Finding):
        return SshVerdict((read,))
    key, comment, converted = read
    conversion = [finding("ssh.converted", form=converted)] if converted else []
    return SshVerdict(
        findings=(*conversion, *_judge_key(key, refuse_short_rsa=refuse_short_rsa)),
        type=key.type,
        bits=key.bits,
        fingerprint=fingerprint(key.blob),
        blob=key.base64,
        comment=comment,
    )


def fingerprint(blob: bytes) -> str:
    """Return the fingerprint of a key in wire form, as `ssh-keygen -l` writes it."""
    return "SHA256:" + b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def _judge_key(key: ssh_wire.WireKey, *, refuse_short_rsa: bool) -> Iterator[Finding]:
    if key.type == ssh_wire.DSA:
        yield finding("ssh.dsa")
    if key.type != ssh_wire.RSA:
        return
    if key.bits < REFUSED_BELOW:
        yield finding("ssh.rsa_too_short", bits=key.bits)
    elif key.bits < RECOMMENDED:
        yield finding("ssh.rsa_short_refused" if refuse_short_rsa else "ssh.rsa_short", bits=key.bits)
    if not keys.exponent_is_sound(key.exponent):
        yield finding("ssh.exponent", exponent=str(key.exponent))
    if weakness := keys.weakness(key.modulus, thorough=True):
        yield finding("ssh.weak", weakness=weakness)

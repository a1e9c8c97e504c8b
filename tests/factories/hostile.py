"""Hostile uploads without end: sound certificates, keys and containers, spoiled by dice."""

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

from tests.factories import certificates as make
from tests.factories import old_certificates as old

Mutation = Callable[[bytearray, random.Random], None]
SEED = 20261123
SHOWN = 24  # letters of a key's text that must appear nowhere


@dataclass(frozen=True)
class Original:
    """Something sound. `secret` is the text or bytes of the private key in it, b"" where there is none."""

    content: bytes
    secret: bytes = b""


@dataclass(frozen=True)
class Upload:
    """A spoiled upload; `secrets` are parts of a private key that was in it, long enough to be no chance."""

    content: bytes
    secrets: tuple[bytes, ...]

    def echoed(self, said: bytes) -> bool:
        """Say whether anything of the private key stands in what was answered."""
        return any(secret in said for secret in self.secrets)


@cache
def originals() -> tuple[Original, ...]:
    """Return what is spoiled: made once per process."""
    leaf, pki = make.issued(), make.the_pki()
    crl = pki.crl(range(1, 100), at=make.AT).public_bytes(Encoding.DER)
    chain = leaf.pem + pki.issuing.pem + pki.root.pem
    p7b = pkcs7.serialize_certificates([leaf.certificate, pki.issuing.certificate], Encoding.DER)
    sound = [
        *(leaf.der, leaf.pem, chain, old.oces2().der, pki.root.der, crl, p7b),
        *(make.ED25519.encode(), base64.b64encode(leaf.der), leaf.pem.decode().encode("utf-16")),
    ]
    return (*map(Original, sound), *_private(leaf.key_pem, leaf.pem))


def _private(key_pem: bytes, certificate_pem: bytes) -> Iterator[Original]:
    body = b"".join(key_pem.splitlines()[1:-1])
    for wrapped in (key_pem, certificate_pem + key_pem, body, b"<pre>" + key_pem + b"</pre>"):
        yield Original(wrapped, body)
    yield Original(base64.b64decode(body), body)
    locked = BestAvailableEncryption(b"hemmelig")
    for key in (ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1())):
        for form, encryption in ((PrivateFormat.OpenSSH, NoEncryption()), (PrivateFormat.PKCS8, locked)):
            pem = key.private_bytes(Encoding.PEM, form, encryption)
            yield Original(pem, b"".join(pem.splitlines()[1:-1]))
    bag = pkcs12.serialize_key_and_certificates(b"navn", make.pki.cheap_key(2048), None, None, NoEncryption())
    yield Original(bag, base64.b64encode(bag))


def _byte(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] = dice.randrange(256)


def _hole(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.choice([1, 4, 64])]


def _noise(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = dice.randbytes(dice.choice([1, 99]))


def _repeat(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = data[dice.randrange(len(data)) :]


def _prefix(data: bytearray, dice: random.Random) -> None:
    data[0:0] = dice.choice([b"\x30\x80", b"\0", b"\xff\xfe", b"-----BEGIN A-----", b"ssh-rsa AAAA", b"<br>", b"=3D"])


def _length(data: bytearray, dice: random.Random) -> None:
    """Change a byte that follows a constructed tag: lengths are what parsers stumble over."""
    places = [place for place in range(len(data) - 1) if data[place] in (0x30, 0x31, 0xA0, 0xA3)]
    if places:
        data[dice.choice(places) + 1] = dice.choice([0x80, 0x84, 0xFF, 0x00, 0x7F])


MUTATIONS: tuple[Mutation, ...] = (_byte, _byte, _hole, _noise, _repeat, _prefix, _length)


def uploads(count: int, *, limit: int = 64 * 1024) -> Iterator[Upload]:
    """Yield spoiled uploads, always the same ones for the same process's keys."""
    dice = random.Random(SEED)
    for _ in range(count):
        original = dice.choice(originals())
        data = bytearray(original.content)
        for _ in range(dice.choice([1, 1, 2, 4, 16])):
            dice.choice(MUTATIONS)(data, dice)
            data = data[: limit + 1] or bytearray(b"0")
        yield Upload(bytes(data), tuple(_parts(original.secret)))


def _parts(secret: bytes) -> Iterator[bytes]:
    middle = secret[40:-40]  # what begins and ends a key is the same for every key of its kind
    for start in range(0, len(middle) - SHOWN, SHOWN):
        yield middle[start : start + SHOWN]

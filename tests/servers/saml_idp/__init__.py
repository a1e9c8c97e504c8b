"""A real SAML identity provider: pysaml2, in an environment of its own, and the keys that both sides need."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.servers.programs import program, workplace

HERE = Path(__file__).parent


def key_pair(name: str) -> tuple[str, str]:
    """Return a certificate that signs itself, and its key, both in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    title, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM).decode(), pem.decode()


@contextmanager
def saml_idp(packages: Path, xmlsec: str, *, port: int, askers: dict[str, str], people: dict) -> Iterator[str]:
    """Run the provider for the block and give its metadata.

    `askers` is the metadata of those who may ask, by file name; `people` who can log in, and what becomes of it.
    """
    certificate, key = key_pair("idp")
    told = {"port": port, "xmlsec": xmlsec, "people": people, "metadata": list(askers)}
    with workplace() as folder:
        files = askers | {"idp.crt": certificate, "idp.key": key, "told.json": json.dumps(told)}
        for name, text in files.items():
            (folder / name).write_text(text)
        with program([str(packages / "bin" / "python"), str(HERE / "idp.py"), str(folder)], port, folder / "log"):
            yield (folder / "idp.xml").read_text()

"""Files to try out by hand: certificates, keys and messages, some right and others wrong in one way each."""

import datetime as dt
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from adgang.demo.equipping import (
    DAY,
    EXPIRED_SINCE,
    LIFETIME,
    SHARED_HOLDER,
    SHARED_NAME,
    new_public_key,
    system_certificate,
)
from adgang.demo.people import ORGANISATIONS
from adgang.demo.pki import Pki, holder, profile
from certificates.kinds import Kind
from memo.examples import EXAMPLES
from organisations.models import Organisation


def folder() -> Path:
    """Return where the files lie."""
    path: Path = settings.VAR_DIR / "demo" / "papers"
    return path


def write(hierarchy: Pki, organisation: Organisation, *, at: dt.datetime) -> None:
    """Write the files for the demo municipality. The private key among them opens nothing: it is to be refused."""
    folder().mkdir(parents=True, exist_ok=True)
    for name, content in _contents(hierarchy, organisation, at).items():
        (folder() / name).write_bytes(content)


def _contents(hierarchy: Pki, organisation: Organisation, at: dt.datetime) -> dict[str, bytes]:
    other = next(demo for demo in ORGANISATIONS if demo.cvr_number != organisation.cvr_number)
    stranger = Organisation(name=other.name, cvr_number=other.cvr_number)
    valid = system_certificate(hierarchy, organisation, name="Prøvesystem", at=at - DAY, until=at + LIFETIME)
    expired = system_certificate(
        hierarchy, organisation, name="Udløbet prøvesystem", at=at - LIFETIME, until=at - EXPIRED_SINCE
    )
    renewal = system_certificate(
        hierarchy, organisation, name=SHARED_NAME, at=at - DAY, until=at + LIFETIME, holder_id=SHARED_HOLDER
    )
    foreign = system_certificate(hierarchy, stranger, name="Fremmed system", at=at - DAY, until=at + LIFETIME)
    employee = hierarchy.issue(
        holder(Kind.MOCES, cvr=organisation.cvr_number, organisation=organisation.name, name="Prøve Prøvesen"),
        profile(Kind.MOCES),
        at=at - DAY,
    )
    private = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return {
        "gyldigt-systemcertifikat.pem": valid.pem,
        "udloebet-systemcertifikat.pem": expired.pem,
        "fornyelse-af-faelles-systemcertifikat.pem": renewal.pem,
        "forkert-cvr.pem": foreign.pem,
        "medarbejdercertifikat.pem": employee.pem,
        "gyldig-ssh-noegle.pub": new_public_key("proeve@demo"),
        "privat-noegle-maa-ikke-uploades.key": private,
        "tilbagekaldte.crl": hierarchy.crl(at=at, days=30).public_bytes(Encoding.DER),
        **{f"memo-{one.filename}": one.content(organisation, at=at) for one in EXAMPLES},
    }

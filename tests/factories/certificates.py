"""Certificates, keys and authorities for tests, made by the project's own demo PKI."""

import datetime as dt
import ssl
from functools import cache
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from adgang.demo import pki
from certificates.anchors import Anchor, Anchors
from certificates.details import read_details
from certificates.judging import judge
from certificates.kinds import Environment, Kind
from certificates.models import Certificate, RevocationList, SshKey, TrustAnchor
from certificates.revocation.lists import read_list
from certificates.trusting import trust
from certificates.uploading import receive_certificate, receive_ssh_key
from organisations.callers import Caller
from organisations.models import Organisation, User

CVR = "12345678"
HOLDER_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
AT = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJgJcHwhuxbUZBFpYqvXKWR27OVSPNCiCbVXoFqTE6ue"


@cache
def the_pki() -> pki.Pki:
    """Return one hierarchy per process; the CAs are valid from 2022 for fifteen years."""
    return pki.make_pki(at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))


@cache
def the_anchors() -> Anchors:
    """Return the hierarchy as installed authorities, without a database."""
    return anchors(the_pki())


def anchors(*hierarchies: pki.Pki, environment: Environment = Environment.TEST) -> Anchors:
    """Return hierarchies as installed authorities, without a database."""
    return Anchors(
        Anchor(read_details(issued.der), environment, is_root)
        for made in hierarchies
        for issued, is_root in ((made.root, True), (made.issuing, False))
    )


def issued(
    *,
    kind: Kind = Kind.FOCES,
    cvr: str = CVR,
    holder_id: str = HOLDER_ID,
    name: str = "Prøvesystem",
    at: dt.datetime | None = None,
    until: dt.datetime | None = None,
    key: pki.Key | None = None,
    hierarchy: pki.Pki | None = None,
    **profile: Any,
) -> pki.Issued:
    """Return a certificate with its key, valid around now; `profile` changes fields of the kind's OCES3 profile."""
    at = at or START
    until = until or max(at + pki.LIFETIME, timezone.now() + dt.timedelta(days=400))
    what = pki.replaced(pki.profile(kind), **profile)
    who = pki.holder(kind, cvr=cvr, organisation="Prøvekøbing Kommune", name=name, holder_id=holder_id)
    return (hierarchy or the_pki()).issue(who, what, at=at, until=until, key=key)


def install_anchors() -> list[TrustAnchor]:
    """Install the hierarchy in the database, as `trust add --unpinned` does."""
    files = [("root", the_pki().root.pem), ("issuing", the_pki().issuing.pem)]
    outcome = trust(caller=Caller.command("test"), files=files, environment=Environment.TEST, unpinned=True)
    return [*outcome.added, *outcome.present]


def certificate(*, organisation: Organisation, user: User | None = None, **options: Any) -> Certificate:
    """Return a kept certificate of the organisation, received the proper way."""
    install_anchors()
    kind, received_at = Kind.MOCES if user else Kind(options.get("kind", Kind.FOCES)), options.pop("received", None)
    made = issued(**{"cvr": organisation.cvr_number, **options, "kind": kind})
    received = receive_certificate(
        caller=Caller.command("test"),
        organisation=organisation,
        data=made.pem,
        at=received_at or timezone.now(),
        kinds=frozenset({kind}),
        user=user,
    )
    assert received.certificate is not None, [found.message for found in received.findings]
    return received.certificate


def ssh_key(*, organisation: Organisation, line: str = ED25519) -> SshKey:
    """Return a kept SSH key of the organisation, received the proper way."""
    received = receive_ssh_key(
        caller=Caller.command("test"), organisation=organisation, data=line.encode(), at=timezone.now()
    )
    assert received.key is not None, [found.message for found in received.findings]
    return received.key


def judged(made: pki.Issued, *, at: dt.datetime = AT, anchors: Anchors | None = None, **question: Any) -> list[str]:
    """Return the codes of what is found about a certificate in test."""
    known = the_anchors() if anchors is None else anchors
    verdict = judge(made.der, at=at, environment=Environment.TEST, anchors=known, **question)
    return [found.code for found in verdict.findings]


def escaped(der: bytes) -> str:
    """Return a certificate as nginx hands it on: `$ssl_client_escaped_cert`."""
    return quote(ssl.DER_cert_to_PEM_cert(der))


def publish_list(*revoked: int, at: dt.datetime | None = None) -> None:
    """Store the issuing authority's revocation list, good for a day from `at` (now), as fetching it does."""
    at = at or timezone.now()
    issuing = next(anchor for anchor in install_anchors() if not anchor.is_root)
    der = the_pki().crl(revoked, at=at).public_bytes(Encoding.DER)
    read = read_list(der, authority=read_details(issuing.der), address="", at=at)
    kept = {
        name: getattr(read, name) for name in ("number", "this_update", "next_update", "sha256", "count", "entries")
    }
    RevocationList.objects.update_or_create(anchor=issuing, defaults=kept)

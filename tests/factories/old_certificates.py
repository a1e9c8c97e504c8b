"""Certificates of generations and algorithms that no library makes any more, put together by hand for tests."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from adgang.demo import pki
from certificates.anchors import Anchor, Anchors
from certificates.details import read_details
from certificates.kinds import Environment

OCES2_POLICIES = {"MOCES": "1.2.208.169.1.1.1.2.5", "VOCES": "1.2.208.169.1.1.1.3.5", "FOCES": "1.2.208.169.1.1.1.4.5"}
OCES2_START = dt.datetime(2021, 6, 1, tzinfo=dt.UTC)


def name(**parts: str) -> x509.Name:
    """Return a name from common_name, unit, organisation and serial_number."""
    oids = {
        "organisation": NameOID.ORGANIZATION_NAME,
        "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "common_name": NameOID.COMMON_NAME,
        "serial_number": NameOID.SERIAL_NUMBER,
        "organisation_identifier": NameOID.ORGANIZATION_IDENTIFIER,
    }
    return x509.Name([x509.NameAttribute(oids[part], value) for part, value in parts.items()])


@dataclass(frozen=True)
class Subject:
    """A holder whose subject is given outright."""

    subject: x509.Name


@cache
def oces2_pki() -> pki.Pki:
    """Return a hierarchy that bears the names of OCES2's."""
    start = dt.datetime(2012, 1, 1, tzinfo=dt.UTC)
    root_name = name(organisation="TRUST2408", common_name="TRUST2408 OCES Primary CA")
    issuing_name = name(organisation="TRUST2408", common_name="TRUST2408 OCES CA III")
    root_key, issuing_key = pki.cheap_key(2048), pki.new_key(2048)
    return pki.Pki(
        pki.issue_ca(root_name, root_key, root_name, root_key, at=start, path_length=None),
        pki.issue_ca(issuing_name, issuing_key, root_name, root_key, at=start, path_length=0),
    )


@cache
def oces2_anchors(environment: Environment = Environment.PRODUCTION) -> Anchors:
    """Return the OCES2 hierarchy as installed authorities."""
    made = oces2_pki()
    return Anchors(
        [
            Anchor(read_details(made.root.der), environment, True),
            Anchor(read_details(made.issuing.der), environment, False),
        ]
    )


def latin1_policy(oid: str) -> x509.UnrecognizedExtension:
    """Return certificatePolicies with Latin-1 in a VisibleString, as OCES2 certificates have it."""
    value = asn1.CertificatePolicies(
        [
            {
                "policy_identifier": oid,
                "policy_qualifiers": [
                    {
                        "policy_qualifier_id": "user_notice",
                        "qualifier": {"explicit_text": asn1.DisplayText("visible_string", core.VisibleString("x" * 9))},
                    }
                ],
            }
        ]
    ).dump()
    broken = value.replace(b"x" * 9, "For anvendelse på".encode("latin-1")[:9][:8] + b"\xe6")
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.32"), broken)


def oces2(
    *,
    form: str = "FID",
    policy: str = OCES2_POLICIES["FOCES"],
    cvr: str = "12345678",
    bits: int = 2048,
    at: dt.datetime = OCES2_START,
    until: dt.datetime | None = None,
    **profile: Any,
) -> pki.Issued:
    """Return an OCES2 certificate: RSA 2048, sha256WithRSA, the CVR number in the serialNumber."""
    subject = name(
        organisation="PRØVEKØBING KOMMUNE // CVR:" + cvr,
        common_name="Prøvesystem (funktionscertifikat)",
        serial_number=f"CVR:{cvr}-{form}:1286368361234",
    )
    what = pki.Profile(
        policies=[],
        key_usage=pki.PROFILE_USAGES["FOCES"],
        further=[(latin1_policy(policy), False)],
        hash=hashes.SHA256(),
        pss=False,
    )
    return oces2_pki().issue(
        Subject(subject), pki.replaced(what, **profile), at=at, until=until, key=pki.cheap_key(bits)
    )

"""Path validation: what refuses, and agreement with `openssl verify` over many generated chains."""

import datetime as dt
import itertools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509

from adgang.demo import pki
from certificates.anchors import Anchor, Anchors
from certificates.authorities import DENIED
from certificates.details import read_details
from certificates.kinds import Environment
from certificates.path import check_path
from certificates.profile import read_profile
from tests.factories import certificates as make
from tests.factories import old_certificates as old

DAY = dt.timedelta(days=1)
ROOT = old.name(common_name="Rod")
ISSUING = old.name(common_name="Udsteder")


def codes(made: pki.Issued, anchors: Anchors, at: dt.datetime = make.AT) -> list[str]:
    details = read_details(made.der)
    return [found.code for found in check_path(details, read_profile(details), anchors, at=at).findings]


def installed(*authorities: pki.Issued) -> Anchors:
    return Anchors(
        Anchor(read_details(made.der), Environment.TEST, made.certificate.issuer == made.certificate.subject)
        for made in authorities
    )


def hierarchy(
    *,
    root_until: dt.datetime | None = None,
    issuing_from: dt.datetime = make.START,
    issuing_until: dt.datetime | None = None,
    root_key: pki.Key | None = None,
) -> pki.Pki:
    root_key, issuing_key = root_key or pki.cheap_key(4096), pki.cheap_key(2048)
    return pki.Pki(
        pki.issue_ca(ROOT, root_key, ROOT, root_key, at=make.START, until=root_until, path_length=None),
        pki.issue_ca(ISSUING, issuing_key, ROOT, root_key, at=issuing_from, until=issuing_until, path_length=0),
    )


def test_an_unknown_issuer_is_named() -> None:
    made = make.issued(hierarchy=hierarchy())
    assert codes(made, make.the_anchors()) == ["path.unknown_issuer"]
    assert codes(made, Anchors([])) == ["path.unknown_issuer"]


def test_a_self_signed_certificate_is_named() -> None:
    key = pki.cheap_key()
    builder = x509.CertificateBuilder(ROOT, ROOT, key.public_key(), 5, make.START, make.AT + DAY)
    assert codes(pki.Issued(builder.sign(key, pki.hashes.SHA256()), key), make.the_anchors()) == ["path.self_signed"]


def test_a_name_without_the_key_is_a_forgery() -> None:
    impostor = pki.make_pki(at=make.START, root_key=pki.cheap_key(2048), issuing_key=pki.cheap_key(3072))
    made = make.issued(hierarchy=impostor)
    assert made.certificate.issuer == make.the_pki().issuing.certificate.subject
    assert codes(made, make.the_anchors()) == ["path.signature"]


def test_a_missing_root_is_named() -> None:
    whole = hierarchy()
    made = make.issued(hierarchy=whole)
    assert codes(made, installed(whole.issuing)) == ["path.root_missing"]
    assert codes(made, installed(whole.issuing, hierarchy(root_key=pki.cheap_key(3072)).root)) == ["path.root_missing"]
    assert codes(made, installed(whole.root, whole.issuing)) == []


def test_a_root_issues_no_certificates_itself() -> None:
    whole = hierarchy()
    made = make.issued(hierarchy=pki.Pki(whole.root, whole.root))
    assert codes(made, installed(whole.root, whole.issuing)) == ["path.unknown_issuer"]


def test_only_one_ca_may_stand_between() -> None:
    whole = hierarchy()
    key = pki.cheap_key(3072)
    name = old.name(common_name="For langt ude")
    further = pki.issue_ca(name, key, ISSUING, whole.issuing.key, at=make.START, path_length=None)
    made = make.issued(hierarchy=pki.Pki(whole.root, further))
    assert codes(made, installed(whole.root, whole.issuing, further)) == ["path.root_missing"]


def test_an_authority_outside_its_own_dates_is_named() -> None:
    expired = hierarchy(issuing_until=make.AT - DAY)
    assert codes(make.issued(hierarchy=expired), installed(expired.root, expired.issuing)) == ["path.ca_dates"]
    rootless = hierarchy(root_until=make.AT - DAY)
    assert codes(make.issued(hierarchy=rootless), installed(rootless.root, rootless.issuing)) == ["path.ca_dates"]


def test_an_expired_certificate_has_a_path_all_the_same() -> None:
    made = make.issued(until=make.AT - DAY)
    assert codes(made, make.the_anchors()) == []
    assert codes(make.issued(at=make.AT + DAY), make.the_anchors()) == []


def test_a_leaf_cannot_issue() -> None:
    whole = hierarchy()
    middle = make.issued(hierarchy=whole, name="Mellemled", key=pki.cheap_key(3072))
    below = make.issued(hierarchy=pki.Pki(whole.root, middle))
    assert codes(below, installed(whole.root, whole.issuing, middle)) != []


def test_denied_authorities_are_never_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    fingerprint = read_details(make.the_pki().issuing.der).sha256
    monkeypatch.setattr("certificates.anchors.DENIED", DENIED | {fingerprint})
    assert codes(make.issued(), make.anchors(make.the_pki())) == ["path.unknown_issuer"]


# --- Against openssl -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chain:
    label: str
    hierarchy: pki.Pki
    leaf: pki.Issued
    at: dt.datetime


def _authority(*, ca: bool, usage: x509.KeyUsage | None, path_length: int | None) -> pki.Pki:
    """A hierarchy whose issuing CA has the given extensions."""
    good = hierarchy()
    builder = x509.CertificateBuilder(
        ROOT, ISSUING, good.issuing.key.public_key(), x509.random_serial_number(), make.START, make.AT + 3650 * DAY
    )
    builder = builder.add_extension(x509.BasicConstraints(ca, path_length if ca else None), critical=True)
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(good.root.key.public_key()), critical=False
    )
    signed = builder.sign(good.root.key, pki.hashes.SHA512(), rsa_padding=pki._pss(pki.hashes.SHA512()))
    return pki.Pki(good.root, pki.Issued(signed, good.issuing.key))


def chains() -> Iterator[Chain]:
    good = hierarchy()
    hierarchies = {
        "good": good,
        "issuing CA expired": hierarchy(issuing_until=make.AT - DAY),
        "issuing CA not yet valid": hierarchy(issuing_from=make.AT + DAY),
        "root expired": hierarchy(root_until=make.AT - DAY),
        "issuing is no CA": _authority(ca=False, usage=pki.key_usage("key_cert_sign"), path_length=None),
        "issuing may not sign": _authority(ca=True, usage=pki.key_usage("crl_sign"), path_length=0),
        "issuing good, no path length": _authority(ca=True, usage=pki.key_usage("key_cert_sign"), path_length=None),
    }
    profiles = {
        "FOCES": {},
        "VOCES": {"kind": make.Kind.VOCES},
        "PKCS#1 v1.5": {"pss": False},
        "SHA-512": {"hash": pki.hashes.SHA512()},
        "2048 bits": {"key": pki.cheap_key(2048)},
        "client EKU": {"extended_key_usage": [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]},
        "server EKU": {"extended_key_usage": [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]},
        "no constraints": {"basic_constraints": None},
    }
    times = {"now": make.AT, "day before it begins": make.START - DAY, "years later": make.AT + 4000 * DAY}
    for (case, made), (what, options), (when, at) in itertools.product(
        hierarchies.items(), profiles.items(), times.items()
    ):
        leaf = make.issued(hierarchy=made, until=make.AT + 365 * DAY, **options)
        yield Chain(f"{case}, {what}, {when}", made, leaf, at)
    forged = make.issued(hierarchy=pki.Pki(good.root, pki.Issued(good.issuing.certificate, pki.cheap_key(3072))))
    yield Chain("forged", good, forged, make.AT)


def openssl_accepts(openssl: str, folder: Path, chain: Chain) -> bool:
    files = {"root": chain.hierarchy.root, "issuing": chain.hierarchy.issuing, "leaf": chain.leaf}
    for name, made in files.items():
        (folder / name).write_bytes(made.pem)
    command = [openssl, "verify", "-CAfile", str(folder / "root"), "-untrusted", str(folder / "issuing")]
    command += ["-purpose", "sslclient", "-no-CApath", "-no-CAstore", "-attime", str(int(chain.at.timestamp()))]
    return subprocess.run([*command, str(folder / "leaf")], capture_output=True, check=False).returncode == 0


def we_accept(chain: Chain) -> bool:
    found = make.judged(chain.leaf, at=chain.at, anchors=installed(chain.hierarchy.root, chain.hierarchy.issuing))
    return not [code for code in found if code.startswith(("path.", "date.not", "date.expired", "kind.ext", "kind.ca"))]


def test_openssl_agrees_about_every_chain(tmp_path: Path, require_service) -> None:
    openssl = require_service("openssl")
    every = list(chains())
    ours = {chain.label: we_accept(chain) for chain in every}
    theirs = {chain.label: openssl_accepts(openssl, tmp_path, chain) for chain in every}
    assert ours == theirs
    assert len(every) == 169
    assert sum(ours.values()) == 14  # two sound hierarchies × seven profiles at the one time

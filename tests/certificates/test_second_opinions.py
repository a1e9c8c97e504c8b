"""Our verdict beside those of two others, pyhanko-certvalidator and `openssl verify`, on several hundred chains.

Where we differ, the tables below say why; a difference without a reason fails, and so does a reason without one.
"""

import asyncio
import datetime as dt
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from adgang.demo import pki
from adgang.lib.findings import Severity
from certificates.anchors import Anchor, Anchors
from certificates.details import read_details
from certificates.judging import judge
from certificates.kinds import Environment, Kind
from certificates.verdicts import Verdict
from tests.factories import certificates as make
from tests.factories.forged import Extension, Plan, Signing, forge
from tests.factories.old_certificates import name

pytestmark = pytest.mark.once

DAY = dt.timedelta(days=1)
# Where a browser was driven before, the test's own thread has an event loop already, and takes no second one.
_elsewhere = ThreadPoolExecutor(1)
ROOT, ISSUING, FURTHER = (name(common_name=text) for text in ("Rod", "Udsteder", "Mellemled"))
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
EKU = x509.oid.ExtendedKeyUsageOID
IS_CA, IS_NO_CA = x509.BasicConstraints(True, None), x509.BasicConstraints(False, None)
CA_USAGE = pki.key_usage("key_cert_sign", "crl_sign")
CA_SIGNING, LEAF_SIGNING = Signing("sha512"), Signing("sha256")


@dataclass(frozen=True)
class Ca:
    """An authority of a chain; the fields change one thing of a sound one."""

    constraints: x509.BasicConstraints | None = IS_CA
    constraints_critical: bool = True
    usage: x509.KeyUsage | None = CA_USAGE
    further: tuple[Extension, ...] = ()
    signing: Signing = CA_SIGNING
    start: dt.datetime = make.START - 365 * DAY
    end: dt.datetime = make.AT + 3650 * DAY
    bits: int = 2048
    tampered: str = ""

    @property
    def extensions(self) -> list[Extension]:
        """Everything that stands in it."""
        stated: list[tuple[x509.ExtensionType | None, bool]] = [
            (self.constraints, self.constraints_critical),
            (self.usage, True),
            *self.further,
        ]
        return [(extension, critical) for extension, critical in stated if extension is not None]


@dataclass(frozen=True)
class Leaf(Ca):
    """The certificate at the end of a chain."""

    constraints: x509.BasicConstraints | None = IS_NO_CA
    usage: x509.KeyUsage | None = pki.PROFILE_USAGES[Kind.FOCES]
    policies_critical: bool = False
    signing: Signing = LEAF_SIGNING
    start: dt.datetime = make.START
    end: dt.datetime = make.AT + 365 * DAY
    bits: int = 3072
    serial_number: int = 0x0F8FAD5B

    @property
    def extensions(self) -> list[Extension]:
        """Everything that stands in it."""
        policy = x509.PolicyInformation(x509.ObjectIdentifier(pki.PROFILE_POLICIES[Kind.FOCES]), None)
        return [*super().extensions, (x509.CertificatePolicies([policy]), self.policies_critical)]


@dataclass(frozen=True)
class Hierarchy:
    """The authorities above a leaf: `further` stands between issuing CA and leaf, `rogue` signs in the CA's name."""

    root: Ca = Ca()
    issuing: Ca = field(default_factory=lambda: Ca(constraints=x509.BasicConstraints(True, 0)))
    further: Ca | None = None
    rogue: bool = False


FOREIGN_KEY = 2056  # bits of a key that nobody else has: the size only tells keys apart

HIERARCHIES = {
    "good": Hierarchy(),
    "PKCS#1 v1.5 above": Hierarchy(root=Ca(signing=Signing(pss=False)), issuing=Ca(signing=Signing(pss=False))),
    "no path length": Hierarchy(issuing=Ca()),
    "issuing CA expired": Hierarchy(issuing=Ca(end=make.AT - DAY)),
    "issuing CA not yet valid": Hierarchy(issuing=Ca(start=make.AT + DAY)),
    "root expired": Hierarchy(root=Ca(end=make.AT - DAY)),
    "issuing is no CA": Hierarchy(issuing=Ca(constraints=x509.BasicConstraints(False, None))),
    "issuing without constraints": Hierarchy(issuing=Ca(constraints=None)),
    "issuing may not sign": Hierarchy(issuing=Ca(usage=pki.key_usage("crl_sign"))),
    "issuing of unknown critical extension": Hierarchy(issuing=Ca(further=((UNKNOWN, True),))),
    "issuing of unknown extension": Hierarchy(issuing=Ca(further=((UNKNOWN, False),))),
    "issuing tampered": Hierarchy(issuing=Ca(tampered="content")),
    "issuing signed with SHA-1": Hierarchy(issuing=Ca(signing=Signing("sha1", pss=False))),
    "issuing of 1536 bits": Hierarchy(issuing=Ca(bits=1536)),
    "rogue CA of the same name": Hierarchy(rogue=True),
    "one CA too many": Hierarchy(further=Ca()),
    "one CA too many for the root": Hierarchy(root=Ca(constraints=x509.BasicConstraints(True, 0)), further=Ca()),
}
LEAVES = {
    "FOCES": Leaf(),
    "VOCES": Leaf(usage=pki.PROFILE_USAGES[Kind.VOCES]),
    "PKCS#1 v1.5": Leaf(signing=Signing(pss=False)),
    "PSS with SHA-384": Leaf(signing=Signing("sha384")),
    "PSS with SHA-512": Leaf(signing=Signing("sha512")),
    "PSS with a salt of 20 bytes": Leaf(signing=Signing(salt=20)),
    "PSS with SHA-1": Leaf(signing=Signing("sha1")),
    "SHA-1": Leaf(signing=Signing("sha1", pss=False)),
    "1024 bits": Leaf(bits=1024),
    "2048 bits": Leaf(bits=2048),
    "expired": Leaf(end=make.AT - DAY),
    "not yet valid": Leaf(start=make.AT + DAY),
    "client EKU": Leaf(further=((x509.ExtendedKeyUsage([EKU.CLIENT_AUTH, EKU.EMAIL_PROTECTION]), False),)),
    "server EKU": Leaf(further=((x509.ExtendedKeyUsage([EKU.SERVER_AUTH]), False),)),
    "any EKU": Leaf(further=((x509.ExtendedKeyUsage([EKU.ANY_EXTENDED_KEY_USAGE]), False),)),
    "encipherment alone": Leaf(usage=pki.key_usage("key_encipherment")),
    "no key usage": Leaf(usage=None),
    "no constraints": Leaf(constraints=None),
    "a CA": Leaf(constraints=x509.BasicConstraints(True, None)),
    "unknown critical extension": Leaf(further=((UNKNOWN, True),)),
    "unknown extension": Leaf(further=((UNKNOWN, False),)),
    "critical policies": Leaf(policies_critical=True),
    "e-mail as other name": Leaf(further=((x509.SubjectAlternativeName([x509.RFC822Name("a@example.dk")]), False),)),
    "e-mail as critical other name": Leaf(
        further=((x509.SubjectAlternativeName([x509.RFC822Name("a@example.dk")]), True),)
    ),
    "tampered content": Leaf(tampered="content"),
    "tampered signature": Leaf(tampered="signature"),
    "serial number of 20 bytes": Leaf(serial_number=2**158 + 1),
}


@dataclass(frozen=True)
class Chain:
    """A generated chain: certificates in DER, the root first; `rest` are those between root and leaf."""

    hierarchy: str
    leaf: str
    root: bytes
    rest: tuple[bytes, ...]
    end: bytes

    @property
    def label(self) -> str:
        """What to call it."""
        return f"{self.hierarchy} / {self.leaf}"


def made(what: Ca, subject: x509.Name, issuer: x509.Name, key: pki.Key, issuer_key: pki.Key) -> bytes:
    plan = Plan(subject, issuer, key.public_key(), what.extensions, what.start, what.end)
    if isinstance(what, Leaf):
        plan = replace(plan, serial_number=what.serial_number)
    return forge(plan, issuer_key, what.signing, tampered=what.tampered)


@cache
def authorities(label: str) -> tuple[bytes, tuple[bytes, ...], x509.Name, pki.Key]:
    """Return root, what stands below it, and name and key of whoever signs the leaf. Made once for all its leaves."""
    planned = HIERARCHIES[label]
    root_key, issuing_key, last_key = pki.cheap_key(2048), pki.cheap_key(planned.issuing.bits), pki.cheap_key(2064)
    if planned.issuing.bits == 2048:
        issuing_key = pki.cheap_key(2072)
    root = made(planned.root, ROOT, ROOT, root_key, root_key)
    rest = [made(planned.issuing, ISSUING, ROOT, issuing_key, root_key)]
    if planned.further:
        rest.append(made(planned.further, FURTHER, ISSUING, last_key, issuing_key))
        return root, tuple(rest), FURTHER, last_key
    return root, tuple(rest), ISSUING, pki.cheap_key(FOREIGN_KEY) if planned.rogue else issuing_key


HOLDER = pki.holder(Kind.FOCES, cvr=make.CVR, organisation="Prøve", name="System", holder_id=make.HOLDER_ID).subject


@cache
def chains() -> list[Chain]:
    """Return every leaf below every hierarchy."""
    return list(_chains())


def _chains() -> Iterator[Chain]:
    for hierarchy in HIERARCHIES:
        root, rest, issuer, issuer_key = authorities(hierarchy)
        for label, leaf in LEAVES.items():
            end = made(leaf, HOLDER, issuer, pki.cheap_key(leaf.bits), issuer_key)
            yield Chain(hierarchy, label, root, rest, end)


# --- Three opinions ------------------------------------------------------------------------------------------------


@cache
def ours() -> dict[str, bool]:
    """Return what we say of each chain."""
    return {chain.label: we_say(chain).accepted for chain in chains()}


def we_say(chain: Chain) -> Verdict:
    installed = Anchors(
        Anchor(read_details(der), Environment.TEST, der is chain.root) for der in (chain.root, *chain.rest)
    )
    return judge(chain.end, at=make.AT, environment=Environment.TEST, anchors=installed)


def pyhanko_accepts(chain: Chain) -> bool:
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(chain.root)],
        moment=make.AT,
        best_signature_time=make.AT,
        weak_hash_algos={"md5", "sha1"},
        other_certs=[asn1.Certificate.load(der) for der in chain.rest],
    )
    validator = CertificateValidator(asn1.Certificate.load(chain.end), validation_context=context)
    usage = validator.async_validate_usage({"digital_signature"}, {"client_auth"}, extended_optional=True)
    try:
        _elsewhere.submit(asyncio.run, usage).result()
    except (ValidationError, PathBuildingError):
        return False
    return True


def openssl_accepts(openssl: str, folder: Path, hierarchy: str) -> set[str]:
    """Return the labels of the chains below a hierarchy that openssl accepts: one process for all of them."""
    root, rest, _issuer, _key = authorities(hierarchy)
    below = {f"{number}.pem": chain for number, chain in enumerate(chains()) if chain.hierarchy == hierarchy}
    for name_, ders in {"root": [root], "rest": rest, **{file: [chain.end] for file, chain in below.items()}}.items():
        pems = [x509.load_der_x509_certificate(der).public_bytes(pki.Encoding.PEM) for der in ders]
        (folder / name_).write_bytes(b"".join(pems))
    command = [openssl, "verify", "-CAfile", "root", "-untrusted", "rest", "-purpose", "sslclient"]
    command += ["-no-CApath", "-no-CAstore", "-attime", str(int(make.AT.timestamp())), *below]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    return {chain.label for file, chain in below.items() if f"{file}: OK" in said.splitlines()}


# --- Where we differ, and why --------------------------------------------------------------------------------------
# Every difference is of one kind: we refuse what another lets pass. By a leaf's or a hierarchy's name.

OCES = "OCES3 asks for RSA of 3072 bits; path validation alone asks for no size of the certificate's own key"
SALT = "OCES signs PSS with a salt as long as the hash; RFC 4055 allows any, our library none but that"
SHA1 = "collisions are made in SHA-1 since 2017; openssl takes it in certificates at its default security level"
A_CA = "RFC 5280 lets a path end in a CA certificate; a system or person is none"
PYHANKO_LETS_PASS = {
    "2048 bits": OCES,
    "1024 bits": OCES,
    "PSS with a salt of 20 bytes": SALT,
    "a CA": A_CA,
    "root expired": "RFC 5280 §6.1.1 knows no dates of a trust anchor; ours is to be renewed",
}
OPENSSL_LETS_PASS = {
    "2048 bits": OCES,
    "1024 bits": OCES,
    "PSS with a salt of 20 bytes": SALT,
    "a CA": A_CA,
    "SHA-1": SHA1,
    "PSS with SHA-1": SHA1,
    "issuing signed with SHA-1": SHA1,
    "issuing of 1536 bits": "openssl counts 1536 bits as enough by default; 2048 are the least today",
    "no key usage": "RFC 5280 §4.2.1.3: without keyUsage a key may do everything; OCES certificates all state it",
}


def unexplained(theirs: dict[str, bool], reasons: dict[str, str]) -> list[str]:
    return [
        chain.label
        for chain in chains()
        if ours()[chain.label] != theirs[chain.label]
        and not (theirs[chain.label] and (chain.leaf in reasons or chain.hierarchy in reasons))
    ]


def test_pyhanko_agrees_but_for_known_reasons() -> None:
    theirs = {chain.label: pyhanko_accepts(chain) for chain in chains()}
    assert unexplained(theirs, PYHANKO_LETS_PASS) == []
    for reason in PYHANKO_LETS_PASS:  # none is idle
        differing = [chain for chain in chains() if ours()[chain.label] != theirs[chain.label]]
        assert any(reason in (chain.leaf, chain.hierarchy) for chain in differing), reason


def test_openssl_agrees_but_for_known_reasons(tmp_path: Path, require_service) -> None:
    openssl = require_service("openssl")
    accepted = set[str]().union(*(openssl_accepts(openssl, tmp_path, hierarchy) for hierarchy in HIERARCHIES))
    theirs = {chain.label: chain.label in accepted for chain in chains()}
    assert unexplained(theirs, OPENSSL_LETS_PASS) == []
    assert len(accepted) >= sum(ours().values())


def test_there_are_hundreds_and_the_sound_ones_are_accepted() -> None:
    assert len(chains()) == 459
    assert sum(ours().values()) == 4 * 12


TOLD = {
    "PSS with a salt of 20 bytes": ["path.algorithm"],
    "PSS with SHA-1": ["signature.weak"],
    "SHA-1": ["signature.weak"],
    "1024 bits": ["key.size"],
    "2048 bits": ["key.size"],
    "expired": ["date.expired"],
    "not yet valid": ["date.not_yet_valid"],
    "server EKU": ["kind.extended_key_usage"],
    "any EKU": ["kind.extended_key_usage"],
    "encipherment alone": ["kind.digital_signature"],
    "no key usage": ["kind.key_usage_missing"],
    "a CA": ["kind.ca"],
    "unknown critical extension": ["path.critical_extension"],
    "tampered content": ["path.signature"],
    "tampered signature": ["path.signature"],
    "issuing CA expired": ["path.ca_dates"],
    "issuing CA not yet valid": ["path.ca_dates"],
    "root expired": ["path.ca_dates"],
    "issuing is no CA": ["path.issuer_unfit"],
    "issuing without constraints": ["path.issuer_unfit"],
    "issuing may not sign": ["path.issuer_unfit"],
    "issuing of unknown critical extension": ["path.issuer_unfit"],
    "issuing tampered": ["path.root_missing"],
    "issuing signed with SHA-1": ["path.issuer_unfit"],
    "issuing of 1536 bits": ["path.issuer_unfit"],
    "rogue CA of the same name": ["path.signature"],
    "one CA too many": ["path.root_missing"],
    "one CA too many for the root": ["path.root_missing"],
}


@pytest.mark.parametrize("fault", TOLD)
def test_one_fault_is_told_as_that_fault_and_nothing_else(fault: str) -> None:
    chain = next(chain for chain in chains() if (chain.hierarchy, chain.leaf) in ((fault, "FOCES"), ("good", fault)))
    found = we_say(chain).findings
    assert [finding.code for finding in found if finding.severity is Severity.ERROR] == TOLD[fault]
    assert all(len(finding.message) < 600 for finding in found)

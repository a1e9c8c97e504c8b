"""Certificates that no honest authority makes: odd signatures, odd extensions, bytes changed after signing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from asn1crypto import algos, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from adgang.demo import pki

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
Extension = tuple[x509.ExtensionType, bool]  # with whether it is critical


@dataclass(frozen=True)
class Signing:
    """How a certificate is signed; `salt` is the length of PSS's (None: that of the hash), `pss` False PKCS#1 v1.5."""

    hash: str = "sha256"
    pss: bool = True
    salt: int | None = None

    @property
    def salt_length(self) -> int:
        """The length of PSS's salt in bytes."""
        return HASHES[self.hash].digest_size if self.salt is None else self.salt

    @property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        """The algorithm as it stands in a certificate."""
        if not self.pss:
            return algos.SignedDigestAlgorithm({"algorithm": f"{self.hash}_rsa", "parameters": core.Null()})
        digest = algos.DigestAlgorithm({"algorithm": self.hash, "parameters": core.Null()})
        mask = algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": digest})
        parameters = {"hash_algorithm": digest, "mask_gen_algorithm": mask, "salt_length": self.salt_length}
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(parameters)})

    def sign(self, key: pki.Key, data: bytes) -> bytes:
        """Return the signature of `data`."""
        algorithm = HASHES[self.hash]
        scheme = padding.PSS(padding.MGF1(algorithm), self.salt_length) if self.pss else padding.PKCS1v15()
        return key.sign(data, scheme, algorithm)


@dataclass(frozen=True)
class Plan:
    """What is to stand in a certificate, all of it given."""

    subject: x509.Name
    issuer: x509.Name
    key: rsa.RSAPublicKey
    extensions: Sequence[Extension]
    not_before: dt.datetime
    not_after: dt.datetime
    serial_number: int = 0x0F8FAD5B


def forge(plan: Plan, issuer_key: pki.Key, signing: Signing, *, tampered: str = "") -> bytes:
    """Return the certificate in DER; `tampered`: "content" or "signature" is changed after signing."""
    builder = x509.CertificateBuilder(
        plan.issuer, plan.subject, plan.key, plan.serial_number, plan.not_before, plan.not_after
    )
    for extension, critical in plan.extensions:
        builder = builder.add_extension(extension, critical)
    draft = builder.sign(_any_key(), hashes.SHA256())
    certificate = asn1.Certificate.load(draft.public_bytes(pki.Encoding.DER))
    certificate["tbs_certificate"]["signature"] = certificate["signature_algorithm"] = signing.algorithm
    content = certificate["tbs_certificate"].dump(force=True)
    signature = bytearray(signing.sign(issuer_key, content))
    if tampered == "signature":
        signature[20] ^= 1
    if tampered == "content":
        certificate["tbs_certificate"]["serial_number"] = plan.serial_number + 1
    certificate["signature_value"] = bytes(signature)
    return certificate.dump(force=True)


@cache
def _any_key() -> pki.Key:
    """A key whose signature is replaced; the quicker the better."""
    return pki.cheap_key(1024)

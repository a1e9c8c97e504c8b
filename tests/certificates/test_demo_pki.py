"""The demo's own public-key infrastructure."""

import stat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from adgang.demo import pki
from certificates.details import read_details
from certificates.kinds import Kind
from tests.factories import certificates as make


def test_the_hierarchy_has_the_oces3_profile() -> None:
    made = make.the_pki()
    root, issuing, leaf = made.root.certificate, made.issuing.certificate, make.issued().certificate
    assert [each.public_key().key_size for each in (root, issuing, leaf)] == [4096, 3072, 3072]
    signatures = [(each.signature_hash_algorithm.name, each.signature_algorithm_parameters._salt_length)
                  for each in (root, issuing, leaf)]  # fmt: skip
    assert signatures == [("sha512", 64), ("sha512", 64), ("sha256", 32)]
    assert read_details(made.issuing.der).extensions.policies == ()
    assert issuing.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_it_is_kept_between_starts_with_its_keys_closed(tmp_path: Path) -> None:
    folder = tmp_path / "pki"
    assert pki.kept(folder) is None
    pki.keep(make.the_pki(), folder)
    again = pki.kept(folder)
    assert again is not None
    assert (again.root.pem, again.issuing.key_pem) == (make.the_pki().root.pem, make.the_pki().issuing.key_pem)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.key")} == {0o600}
    assert make.judged(make.issued(hierarchy=again)) == ["revocation.unknown"]


def test_a_renewal_keeps_the_holder() -> None:
    first, second = (pki.holder(Kind.VOCES, cvr="12345678", organisation="a", name="b", holder_id=make.HOLDER_ID)
                     for _ in range(2))  # fmt: skip
    assert first == second


def test_the_list_of_revoked_is_signed_by_the_issuing_ca() -> None:
    made = make.the_pki()
    crl = made.crl([7, 9], at=make.AT, days=2)
    assert crl.is_signature_valid(made.issuing.certificate.public_key())
    assert [entry.serial_number for entry in crl] == [7, 9]
    assert (crl.next_update_utc - crl.last_update_utc).days == 2
    assert x509.load_der_x509_crl(crl.public_bytes(Encoding.DER)) == crl

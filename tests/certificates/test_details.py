"""A certificate is read the same way by either reader of extensions."""

import dataclasses

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from adgang.demo import pki
from certificates import details
from certificates.kinds import Kind
from tests.factories import certificates as make
from tests.factories import old_certificates as old

EKU = x509.oid.ExtendedKeyUsageOID
VARIANTS = {
    "FOCES": {},
    "VOCES": {"kind": Kind.VOCES},
    "MOCES": {"kind": Kind.MOCES},
    "no usage": {"key_usage": None},
    "every usage": {
        "key_usage": pki.key_usage(
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only"),
        )
    },
    "extended usage": {"extended_key_usage": [EKU.CLIENT_AUTH, EKU.SERVER_AUTH]},
    "no constraints": {"basic_constraints": None},
    "CA": {"basic_constraints": x509.BasicConstraints(True, 2)},
    "no policy": {"policies": []},
    "two policies": {"policies": ["1.2.3", "1.2.208.169.1.1.1.3.7.8"]},
    "critical": {"further": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0"), True)]},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_both_readers_of_extensions_agree(variant: str) -> None:
    der = make.issued(**VARIANTS[variant]).der
    assert details.read_details(der).extensions == details._lenient_extensions(der)


def test_latin1_in_a_visible_string_is_no_hindrance() -> None:
    made = old.oces2()
    with pytest.raises(ValueError):
        made.certificate.extensions  # noqa: B018
    assert details.read_details(made.der).extensions.policies == (old.OCES2_POLICIES["FOCES"],)


@pytest.mark.parametrize("der", [b"", b"0", b"\x30\x00", b"\x30\x82\x01\x00" + bytes(256)])
def test_what_is_no_certificate_raises_one_exception(der: bytes) -> None:
    with pytest.raises(details.UnreadableCertificate):
        details.read_details(der)


def test_control_characters_in_names_never_reach_a_terminal() -> None:
    found = details.read_details(make.issued(name="a\x1b[31mb\u202ec").der)
    assert found.title == "a?[31mb?c"
    assert found.subject.startswith("CN=a?[31mb?c,")


def test_a_name_in_latin1_that_calls_itself_t61_is_read() -> None:
    der = make.issued(name="Prøve").der
    odd = der.replace(b"\x0c\x06Pr\xc3\xb8ve", b"\x14\x06Pr\xf8ve.")
    assert odd != der
    found, plain = details.read_details(odd), details.read_details(der)
    assert found.title == "Prøve."
    assert found.issuer == plain.issuer
    assert found.issuer_der == plain.issuer_der
    assert found.subject_der == plain.subject_der.replace(b"\x0c\x06Pr\xc3\xb8ve", b"\x14\x06Pr\xf8ve.")
    assert found.not_after == plain.not_after


OIDS = [*details._SHORT_NAMES, NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, x509.ObjectIdentifier("1.2.3.4")]
TEXTS = st.text(min_size=1, max_size=12) | st.text(' #"+,;<>=\\\0\nabø', min_size=1, max_size=6)
PARTS = st.builds(x509.NameAttribute, st.sampled_from(OIDS), TEXTS)
RELATIVE = st.lists(PARTS, min_size=1, max_size=2, unique_by=lambda part: part.oid)


@given(st.lists(RELATIVE.map(x509.RelativeDistinguishedName), max_size=4).map(x509.Name))
def test_names_are_written_as_rfc_4514_says(name: x509.Name) -> None:
    assert details.name_text(name) == details.printable(name.rfc4514_string(details._SHORT_NAMES))


def test_an_attribute_that_stands_twice_is_none() -> None:
    found = details.read_details(make.issued(name="Prøve").der)
    assert found.subject_attribute(NameOID.COMMON_NAME) == "Prøve"
    twice = x509.Name([*found.subject_name, x509.NameAttribute(NameOID.COMMON_NAME, "Anden")])
    assert dataclasses.replace(found, subject_name=twice).subject_attribute(NameOID.COMMON_NAME) is None
    assert found.subject_attribute(NameOID.TITLE) is None

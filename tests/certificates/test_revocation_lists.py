"""Revocation lists: read, verified, and refused by name for whatever is wrong with them."""

import datetime as dt
import random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from adgang.demo import pki
from certificates.details import read_details
from certificates.revocation.entries import MalformedList, UnknownExtension, dotted, find
from certificates.revocation.lists import ListRefused, ReadList, read_list
from certificates.revocation.packing import packed
from tests.factories import certificates as make

AT = make.AT
HOUR = dt.timedelta(hours=1)
ADDRESS = "http://ca.example/issuing.crl"
AUTHORITY = read_details(make.the_pki().issuing.der)
SERIALS = [1, 127, 128, 2**64, 2**159 - 1, 0xDEADBEEF]


def entry(serial: int, reason: x509.ReasonFlags | None = None, *others: tuple[x509.ExtensionType, bool]):
    builder = x509.RevokedCertificateBuilder(serial_number=serial, revocation_date=AT - HOUR)
    if reason:
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    for extension, critical in others:
        builder = builder.add_extension(extension, critical)
    return builder.build()


def crl(
    *entries: x509.RevokedCertificate,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    key: pki.Key | None = None,
    name: x509.Name | None = None,
    made: dt.datetime = AT - HOUR,
    until: dt.datetime = AT + HOUR,
    algorithm: hashes.HashAlgorithm | None = None,
    pss: bool = True,
) -> bytes:
    authority, algorithm = make.the_pki().issuing, algorithm or hashes.SHA512()
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=name or authority.certificate.subject, last_update=made, next_update=until
    )
    for one in entries:
        builder = builder.add_revoked_certificate(one)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    form = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else None
    return builder.sign(key or authority.key, algorithm, rsa_padding=form).public_bytes(Encoding.DER)


def read(der: bytes, *, at: dt.datetime = AT) -> ReadList:
    return read_list(der, authority=AUTHORITY, address=ADDRESS, at=at)


def refused(der: bytes, *, at: dt.datetime = AT) -> str:
    with pytest.raises(ListRefused) as caught:
        read(der, at=at)
    return caught.value.code


@pytest.mark.parametrize("pss", [True, False], ids=["PSS", "PKCS#1"])
def test_every_entry_is_found_and_no_other(*, pss: bool) -> None:
    got = read(crl(*map(entry, SERIALS), extensions=((x509.CRLNumber(7), False),), pss=pss))
    assert (got.number, got.count, got.this_update, got.next_update) == ("7", len(SERIALS), AT - HOUR, AT + HOUR)
    for serial in SERIALS:
        assert find(got.entries, serial).at == AT - HOUR
        assert find(got.entries, serial + 1) is None or serial + 1 in SERIALS
    assert [find(got.entries, odd) for odd in (0, -1, 2**160, 2**400)] == [None] * 4


def test_an_empty_list_revokes_nothing() -> None:
    got = read(crl())
    assert (got.number, got.count, find(got.entries, 1)) == ("", 0, None)


def test_reasons_are_told_and_what_is_taken_off_the_list_is_not_revoked() -> None:
    flags = x509.ReasonFlags
    invalid = (x509.InvalidityDate(AT), False)
    got = read(
        crl(
            entry(1, flags.key_compromise),
            entry(2, flags.superseded, invalid),
            entry(3),
            entry(4, flags.remove_from_crl),
            entry(5, None, invalid),
        )
    )
    said = [getattr(find(got.entries, serial), "reason", None) for serial in range(1, 6)]
    assert said == ["keyCompromise", "superseded", "", None, ""]


def test_old_and_far_times_are_read() -> None:
    old, far = dt.datetime(1999, 5, 6, tzinfo=dt.UTC), dt.datetime(2051, 1, 2, tzinfo=dt.UTC)
    made = [x509.RevokedCertificateBuilder(number, time).build() for number, time in ((1, old), (2, far))]
    got = read(crl(*made))
    assert (find(got.entries, 1).at, find(got.entries, 2).at) == (old, far)


def scope(*, users: bool = False, cas: bool = False, indirect: bool = False, at: str = "", reasons=None):
    return x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier(at)] if at else None,
        relative_name=None,
        only_contains_user_certs=users,
        only_contains_ca_certs=cas,
        only_some_reasons=reasons,
        indirect_crl=indirect,
        only_contains_attribute_certs=False,
    )


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
ELSEWHERE = x509.CertificateIssuer([x509.DirectoryName(x509.Name([]))])
REFUSED = {
    "crl.signature": lambda: crl(key=pki.cheap_key()),
    "crl.issuer": lambda: crl(name=make.the_pki().root.certificate.subject),
    "crl.expired": lambda: crl(made=AT - 3 * HOUR, until=AT - HOUR),
    "crl.times": lambda: crl(made=AT + HOUR, until=AT + 2 * HOUR),
    "crl.delta": lambda: crl(extensions=((x509.DeltaCRLIndicator(1), True),)),
    "crl.indirect": lambda: crl(extensions=((scope(indirect=True), True),)),
    "crl.partial": lambda: crl(extensions=((scope(at="http://ca.example/other.crl"), True),)),
    "crl.critical_extension": lambda: crl(extensions=((UNKNOWN, True),)),
    "crl.malformed": lambda: crl()[:-3],
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_used_is_refused_by_name(code: str) -> None:
    assert refused(REFUSED[code]()) == code


def test_further_partial_lists_are_refused() -> None:
    assert refused(crl(extensions=((scope(cas=True), True),))) == "crl.partial"
    assert refused(crl(extensions=((scope(reasons=frozenset({x509.ReasonFlags.superseded})), True),))) == "crl.partial"


def test_an_entry_of_another_issuer_is_refused() -> None:
    assert refused(crl(entry(5, None, (ELSEWHERE, True)))) == "crl.critical_extension"


def test_what_narrows_nothing_is_accepted() -> None:
    harmless = ((scope(users=True, at=ADDRESS), True), (UNKNOWN, False))
    assert read(crl(entry(1), extensions=harmless)).count == 1


def test_the_authority_must_be_allowed_to_sign_lists() -> None:
    made = make.issued()
    name = made.certificate.subject
    with pytest.raises(ListRefused) as caught:
        read_list(crl(name=name, key=made.key), authority=read_details(made.der), address=ADDRESS, at=AT)
    assert caught.value.code == "crl.not_allowed"


def test_a_changed_byte_is_noticed_wherever_it_stands() -> None:
    """Bounded fuzz: mutated, cut and lengthened lists end in a refusal or in the very same list, never otherwise."""
    whole = crl(*map(entry, SERIALS), entry(9, x509.ReasonFlags.superseded), extensions=((x509.CRLNumber(7), False),))
    same, dice = read(whole), random.Random(3)
    for _ in range(400):
        changed = bytearray(whole)
        for _ in range(dice.choice((1, 1, 2, 8))):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        if bytes(changed) == whole:
            continue
        with pytest.raises(ListRefused):
            read(bytes(changed))
    for cut in range(0, len(whole), 7):
        with pytest.raises(ListRefused):
            read(whole[:cut])
    assert (refused(whole + b"\0"), read(whole)) == ("crl.malformed", same)


def test_hostile_entries_raise_only_what_is_said() -> None:
    """The walk over the entries meets unsigned bytes in no case, and still must not loop or overrun."""
    dice = random.Random(4)
    sound = crl(*(entry(n, x509.ReasonFlags.superseded) for n in SERIALS))
    start = sound.index(b"\x30\x24" if b"\x30\x24" in sound else b"\x30\x20")
    for _ in range(3000):
        data = bytearray(sound[start : start + 120])
        for _ in range(dice.randrange(1, 12)):
            data[dice.randrange(len(data))] = dice.choice((0, 1, 2, 0x17, 0x30, 0x7F, 0x80, 0x84, 0xFF))
        try:
            assert len(packed(bytes(data), 0, dice.randrange(len(data) + 1))) % 36 == 0
        except (MalformedList, UnknownExtension):
            continue


@pytest.mark.parametrize(
    ("encoded", "name"), [(b"\x55\x1d\x14", "2.5.29.20"), (b"\x2a\x03\x04", "1.2.3.4"), (b"", ""), (b"\xff", "")]
)
def test_object_identifiers_as_people_write_them(encoded: bytes, name: str) -> None:
    assert dotted(encoded) == name

"""Path validation: what refuses. Agreement with others over many chains: `test_second_opinions.py`."""

import datetime as dt

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

pytestmark = pytest.mark.once

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

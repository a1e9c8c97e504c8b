"""The verdict on a certificate: everything that is wrong is said, in order, with its values."""

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from adgang.demo import pki
from certificates.anchors import Anchors
from certificates.judging import judge
from certificates.kinds import EMPLOYEE_KIND, SYSTEM_KINDS, Environment, Generation, Kind
from certificates.verdicts import Verdict
from tests.factories import certificates as make
from tests.factories import forged
from tests.factories import old_certificates as old

pytestmark = pytest.mark.once

DAY = dt.timedelta(days=1)
NOTHING_WRONG = ["revocation.unknown"]
EKU = x509.oid.ExtendedKeyUsageOID


def verdict(made: pki.Issued, **question: Any) -> Verdict:
    question = {"at": make.AT, "environment": Environment.TEST, "anchors": make.the_anchors()} | question
    return judge(made.der, **question)


def codes(made: pki.Issued, **question: Any) -> list[str]:
    return [found.code for found in verdict(made, **question).findings]


@pytest.mark.parametrize("kind", Kind)
def test_a_certificate_of_each_kind_is_read_and_accepted(kind: Kind) -> None:
    found = verdict(make.issued(kind=kind), cvr=make.CVR, kinds=frozenset({kind}))
    assert found.accepted
    assert [finding.code for finding in found.findings] == NOTHING_WRONG
    assert (found.kind, found.generation, found.environment) == (kind, Generation.OCES3, Environment.TEST)
    assert (found.cvr, found.holder_id) == (make.CVR, make.HOLDER_ID)


def test_the_wire_form_has_the_fixed_keys() -> None:
    made = make.issued(until=dt.datetime(2027, 6, 1, tzinfo=dt.UTC))
    shown = verdict(made).as_json()
    assert shown == {
        "accepted": True,
        "kind": "FOCES",
        "generation": "OCES3",
        "environment": "test",
        "cvr": make.CVR,
        "holder_id": make.HOLDER_ID,
        "sha256": made.certificate.fingerprint(hashes.SHA256()).hex(),
        "subject": f"CN=Prøvesystem,serialNumber=UI:DK-O:G:{make.HOLDER_ID},O=Prøvekøbing Kommune,"
        f"organizationIdentifier=NTRDK-{make.CVR},C=DK",
        "issuer": "CN=Adgang Demo OCES udstedende-CA 1,OU=Demo,O=Adgang,C=DK",
        "serial_number": f"{made.certificate.serial_number:x}",
        "not_before": "2024-01-01T00:00:00Z",
        "not_after": "2027-06-01T00:00:00Z",
        "revocation": "unknown",
        "findings": [
            {
                "code": "revocation.unknown",
                "severity": "info",
                "message": "Det er ikke kontrolleret, om certifikatet er spærret.",
                "remedy": "I kan se certifikatets tilstand i MitID Erhverv.",
            }
        ],
    }


def test_what_cannot_be_read_is_none() -> None:
    shown = judge(b"0\x82", at=make.AT, environment=Environment.TEST, anchors=Anchors([])).as_json()
    assert [found["code"] for found in shown.pop("findings")] == ["upload.malformed"]
    assert shown.pop("accepted") is False
    assert shown.pop("revocation") == "unknown"
    assert set(shown.values()) == {None}


# --- Dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (-dt.timedelta(seconds=1), ["date.expired"]),
        (dt.timedelta(), ["date.expires_soon"]),
        (30 * DAY, ["date.expires_soon"]),
        (30 * DAY + dt.timedelta(seconds=1), ["date.expires"]),
        (90 * DAY, ["date.expires"]),
        (90 * DAY + dt.timedelta(seconds=1), []),
    ],
)
def test_expiry_is_told_ninety_and_thirty_days_before(until: dt.timedelta, expected: list[str]) -> None:
    assert codes(make.issued(until=make.AT + until)) == expected + NOTHING_WRONG


def test_a_certificate_not_yet_valid_is_refused() -> None:
    made = make.issued(at=make.AT + DAY)
    assert codes(made) == ["date.not_yet_valid", *NOTHING_WRONG]
    assert codes(made, at=make.AT + DAY) == NOTHING_WRONG


def test_dates_are_said_in_danish_time() -> None:
    found = verdict(make.issued(until=dt.datetime(2026, 11, 1, 22, 30, tzinfo=dt.UTC))).findings[0]
    assert found.message == "Certifikatet udløb den 1. november 2026 kl. 23.30."
    assert found.remedy == "Bestil et nyt systemcertifikat (FOCES) i MitID Erhverv."
    with override("en"):
        assert found.message == "The certificate expired on 1 November 2026 at 23:30."


# --- Kind and usage ------------------------------------------------------------------------------------------------


def test_an_employee_certificate_never_serves_a_system() -> None:
    assert codes(make.issued(kind=Kind.MOCES), kinds=SYSTEM_KINDS) == ["kind.employee", *NOTHING_WRONG]


@pytest.mark.parametrize("kind", sorted(SYSTEM_KINDS))
def test_either_kind_serves_a_system_but_not_where_one_is_asked_for(kind: Kind) -> None:
    other = next(iter(SYSTEM_KINDS - {kind}))
    assert codes(make.issued(kind=kind), kinds=SYSTEM_KINDS) == NOTHING_WRONG
    assert codes(make.issued(kind=kind), kinds=frozenset({other})) == ["kind.wrong", *NOTHING_WRONG]
    assert codes(make.issued(kind=kind), kinds=EMPLOYEE_KIND) == ["kind.wrong", *NOTHING_WRONG]


def test_policy_and_serial_number_must_agree() -> None:
    made = make.issued(kind=Kind.FOCES, policies=[pki.PROFILE_POLICIES[Kind.MOCES]])
    assert codes(made) == ["kind.mismatch", *NOTHING_WRONG]


def test_the_generation_of_the_policy_and_of_the_holders_form_must_agree() -> None:
    subject = old.name(organisation="Prøve", common_name="a", serial_number=f"CVR:{make.CVR}-FID:12345678")
    profile = pki.profile(Kind.FOCES)
    found = verdict(make.the_pki().issue(old.Subject(subject), profile, at=make.START, until=make.AT + 365 * DAY))
    assert [finding.code for finding in found.findings] == ["kind.form", *NOTHING_WRONG]
    assert "OCES3" in found.findings[0].message
    assert "OCES2" in found.findings[0].message


def test_policies_are_matched_by_whole_arcs() -> None:
    assert verdict(make.issued(policies=["1.2.208.169.1.1.1.3.7"])).generation == Generation.OCES3
    assert codes(make.issued(policies=["1.2.208.169.1.1.1.37.1"])) == ["generation.unknown", *NOTHING_WRONG]
    assert verdict(make.issued(policies=["1.2.208.169.1.1.1.3.70"])).generation == Generation.OCES2


def test_a_certificate_without_an_oces_policy_is_no_oces_certificate() -> None:
    assert codes(make.issued(policies=[])) == ["generation.unknown", *NOTHING_WRONG]


@pytest.mark.parametrize("policy", ["1.2.208.169.1.1.1.1.3", "1.3.6.1.4.1.31313.2.4.6.1.3"])
def test_a_private_persons_certificate_is_refused_by_name(policy: str) -> None:
    assert "kind.personal" in codes(make.issued(policies=[policy]), cvr=make.CVR)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"extended_key_usage": [EKU.CLIENT_AUTH]}, []),
        ({"extended_key_usage": [EKU.SERVER_AUTH, EKU.CLIENT_AUTH]}, []),
        ({"extended_key_usage": [EKU.SERVER_AUTH]}, ["kind.extended_key_usage"]),
        ({"extended_key_usage": [EKU.ANY_EXTENDED_KEY_USAGE]}, ["kind.extended_key_usage"]),
        ({"key_usage": None}, ["kind.key_usage_missing"]),
        ({"key_usage": pki.key_usage("key_encipherment")}, ["kind.digital_signature"]),
        ({"key_usage": pki.key_usage("digital_signature")}, ["kind.key_encipherment"]),
        ({"basic_constraints": None}, []),
        ({"basic_constraints": x509.BasicConstraints(True, None)}, ["kind.ca"]),
    ],
)
def test_usage_is_checked(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(make.issued(**changes)) == expected + NOTHING_WRONG


def test_a_critical_policy_is_understood_and_an_unknown_critical_extension_is_not() -> None:
    policy = x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(pki.PROFILE_POLICIES[Kind.FOCES]), None)]
    )
    assert codes(make.issued(policies=[], further=[(policy, True)])) == NOTHING_WRONG
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0")
    assert codes(make.issued(further=[(unknown, False)])) == NOTHING_WRONG
    assert codes(make.issued(further=[(unknown, True)])) == ["path.critical_extension", *NOTHING_WRONG]


# --- CVR -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"cvr": "12345678"}, []),
        ({"cvr": "87654321"}, ["cvr.wrong"]),
        ({"cvr": "87654321", "delegated_cvr": "12345678"}, ["cvr.delegated"]),
        ({"cvr": "87654321", "delegated_cvr": "11223344"}, ["cvr.wrong_delegated"]),
        ({"cvr": "12345678", "delegated_cvr": "11223344"}, []),
    ],
)
def test_the_cvr_number_is_the_organisations_or_its_vendors(question: dict[str, str], expected: list[str]) -> None:
    assert codes(make.issued(cvr="12345678"), **question) == expected + NOTHING_WRONG


def test_a_foreign_employee_certificate_is_told_as_such() -> None:
    made = make.issued(kind=Kind.MOCES, cvr="12345678")
    assert codes(made, cvr="87654321", kinds=EMPLOYEE_KIND) == ["cvr.wrong_employee", *NOTHING_WRONG]


def test_the_wrong_cvr_number_is_named_with_the_one_that_is_wanted() -> None:
    found = verdict(make.issued(cvr="12345678"), cvr="87654321").findings[0]
    assert found.message.replace("\xa0", " ") == (
        "Certifikatet tilhører CVR 12 34 56 78, og der skal bruges CVR 87 65 43 21."
    )


@pytest.mark.parametrize("identifier", ["NTRDK-123456789", "NTRSE-12345678", "xNTRDK-12345678", "NTRDK-1234567a"])
def test_the_cvr_number_is_read_anchored(identifier: str) -> None:
    subject = old.name(
        organisation_identifier=identifier,
        organisation="CVR:12345678",
        common_name="NTRDK-12345678",
        serial_number=f"UI:DK-O:G:{make.HOLDER_ID}",
    )
    made = make.the_pki().issue(old.Subject(subject), pki.profile(Kind.FOCES), at=make.START, until=make.AT + 365 * DAY)
    assert verdict(made).cvr is None
    assert codes(made) == ["cvr.none", *NOTHING_WRONG]
    assert codes(made, cvr="12345678") == ["cvr.missing", *NOTHING_WRONG]


@pytest.mark.parametrize(
    "serial_number", ["UI:DK-O:G:", f"XUI:DK-O:G:{make.HOLDER_ID}", f"UI:DK-O:C:{make.HOLDER_ID}", "1234"]
)
def test_the_holder_is_read_anchored(serial_number: str) -> None:
    subject = old.name(organisation_identifier="NTRDK-12345678", common_name="a", serial_number=serial_number)
    made = make.the_pki().issue(old.Subject(subject), pki.profile(Kind.FOCES), at=make.START, until=make.AT + 365 * DAY)
    assert verdict(made).holder_id is None
    assert codes(made) == ["kind.holder_missing", *NOTHING_WRONG]


# --- Generation and environment ------------------------------------------------------------------------------------


def test_an_oces2_certificate_is_refused_now_and_told_what_to_order() -> None:
    found = verdict(old.oces2(), anchors=old.oces2_anchors(), environment=Environment.PRODUCTION)
    assert [finding.code for finding in found.findings] == ["generation.closed", "date.expired", *NOTHING_WRONG]
    assert found.findings[0].severity == "error"
    assert found.findings[0].remedy == "Bestil et nyt systemcertifikat (FOCES) i MitID Erhverv."
    assert (found.generation, found.kind, found.cvr) == (Generation.OCES2, Kind.FOCES, "12345678")
    assert found.holder_id == "FID:1286368361234"


def test_an_oces2_certificate_is_accepted_at_a_past_time_with_a_warning() -> None:
    at = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    found = verdict(old.oces2(), anchors=old.oces2_anchors(), environment=Environment.PRODUCTION, at=at)
    assert found.accepted
    assert [(finding.code, finding.severity) for finding in found.findings] == [
        ("generation.closed", "warning"),
        ("revocation.unknown", "info"),
    ]


def test_an_oces2_certificate_is_not_accepted_after_the_end_however_long_it_says_it_lasts() -> None:
    made = old.oces2(until=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    question: dict[str, Any] = {"anchors": old.oces2_anchors(), "environment": Environment.PRODUCTION}
    assert verdict(made, at=dt.datetime(2023, 10, 31, 22, 59, tzinfo=dt.UTC), **question).accepted
    assert not verdict(made, at=dt.datetime(2023, 10, 31, 23, 0, tzinfo=dt.UTC), **question).accepted


def test_an_oces2_certificate_without_its_authorities_is_recognised_all_the_same() -> None:
    found = codes(old.oces2(), environment=Environment.PRODUCTION)
    assert found == ["generation.closed", "path.not_installed", "date.expired", *NOTHING_WRONG]


@pytest.mark.parametrize(("form", "kind"), [("RID", Kind.MOCES), ("UID", Kind.VOCES), ("FID", Kind.FOCES)])
@pytest.mark.parametrize("arc", ["1.2.208.169.1.1.1", "1.3.6.1.4.1.31313.2.4.6"])
def test_the_kinds_of_oces2_are_read(form: str, kind: Kind, arc: str) -> None:
    last = {Kind.MOCES: 2, Kind.VOCES: 3, Kind.FOCES: 4}[kind]
    found = verdict(old.oces2(form=form, policy=f"{arc}.{last}.5"))
    assert (found.generation, found.kind, found.cvr) == (Generation.OCES2, kind, "12345678")
    assert found.environment == (Environment.PRODUCTION if arc.startswith("1.2.208") else Environment.TEST)


def test_an_oces1_certificate_is_refused_by_name() -> None:
    key = pki.cheap_key(2048)
    issuer = old.name(organisation="TDC", common_name="TDC OCES CA")
    subject = old.name(common_name="Gammel", serial_number="CVR:12345678-UID:25351738")
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), 5, make.START, make.AT + DAY)
    made = pki.Issued(builder.sign(key, hashes.SHA256()), key)
    assert "generation.oces1" in codes(made)
    assert verdict(made).generation == Generation.OCES1


def test_a_certificate_of_the_other_environment_is_named() -> None:
    assert codes(make.issued(), environment=Environment.PRODUCTION) == ["environment.wrong", *NOTHING_WRONG]
    found = verdict(make.issued(), environment=Environment.PRODUCTION).findings[0]
    assert found.message == "Certifikatet er til test, og dette er produktion."


@pytest.mark.parametrize(("unit", "environment"), [("Test - cti", "test"), ("Test - st", "test"), (None, "production")])
def test_the_issuers_whole_name_tells_the_environment_where_nothing_is_installed(
    unit: str | None, environment: str
) -> None:
    parts = {"organisation": "Den Danske Stat"} | ({"unit": unit} if unit else {})
    name = old.name(**parts, common_name="Den Danske Stat OCES udstedende-CA 1")
    key = pki.cheap_key(2048)
    authority = pki.issue_ca(name, key, name, key, at=make.START, path_length=0)
    made = make.issued(hierarchy=pki.Pki(authority, authority))
    found = verdict(made, environment=Environment(environment))
    assert (found.environment, [finding.code for finding in found.findings]) == (
        environment,
        ["path.not_installed", *NOTHING_WRONG],
    )


def test_names_with_test_in_them_prove_nothing() -> None:
    assert verdict(make.issued(name="PROD kasse 1")).environment == Environment.TEST
    production = make.anchors(make.the_pki(), environment=Environment.PRODUCTION)
    assert verdict(make.issued(name="TEST kasse 1"), anchors=production).environment == Environment.PRODUCTION


# --- Keys and signatures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bits", "expected"), [(1024, ["key.size"]), (2048, ["key.size"]), (3072, [])])
def test_an_oces3_key_has_3072_bits(bits: int, expected: list[str]) -> None:
    assert codes(make.issued(key=pki.cheap_key(bits))) == expected + NOTHING_WRONG


@pytest.mark.parametrize(("bits", "expected"), [(1024, ["key.size"]), (2048, [])])
def test_an_oces2_key_has_2048_bits(bits: int, expected: list[str]) -> None:
    question: dict[str, Any] = {"anchors": old.oces2_anchors(), "environment": Environment.PRODUCTION}
    at = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    assert codes(old.oces2(bits=bits), at=at, **question) == ["generation.closed", *expected, *NOTHING_WRONG]


def test_other_keys_than_rsa_are_refused() -> None:
    made = make.issued(key=ec.generate_private_key(ec.SECP256R1()))
    assert codes(made) == ["key.type", *NOTHING_WRONG]


def test_a_key_that_can_only_sign_is_refused(tmp_path: Path, require_service) -> None:
    openssl, key = require_service("openssl"), tmp_path / "key"
    subprocess.run([openssl, "genpkey", "-algorithm", "rsa-pss", "-out", str(key)], check=True, capture_output=True)
    command = [openssl, "req", "-new", "-x509", "-key", str(key), "-subj", "/CN=egen", "-outform", "DER"]
    der = subprocess.run(command, check=True, capture_output=True).stdout
    verdict = judge(der, at=make.AT, environment=Environment.TEST, anchors=make.the_anchors())
    assert "key.type" in [found.code for found in verdict.findings]


@pytest.mark.parametrize("number", [-5, 1 << 200])
def test_a_serial_number_that_the_standard_forbids_is_named(number: int) -> None:
    certificate = asn1.Certificate.load(make.issued().der)
    certificate["tbs_certificate"]["serial_number"] = number
    content = certificate["tbs_certificate"].dump(force=True)
    certificate["signature_value"] = forged.Signing().sign(make.the_pki().issuing.key, content)
    verdict = judge(certificate.dump(force=True), at=make.AT, environment=Environment.TEST, anchors=make.the_anchors())
    assert [found.code for found in verdict.findings] == ["path.serial_number", *NOTHING_WRONG]


def test_a_small_exponent_is_refused() -> None:
    made = make.issued(key=rsa.generate_private_key(public_exponent=3, key_size=3072))
    assert codes(made) == ["key.exponent", *NOTHING_WRONG]


def test_a_signature_with_sha1_is_refused(tmp_path: Path, require_service) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(pki.cheap_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    command = [require_service("openssl"), "req", "-x509", "-sha1", "-key", str(key), "-subj", "/CN=gammel"]
    der = subprocess.run([*command, "-outform", "DER"], check=True, capture_output=True).stdout
    found = judge(der, at=make.AT, environment=Environment.TEST, anchors=Anchors([]))
    weak = [finding for finding in found.findings if finding.code == "signature.weak"]
    assert [finding.params for finding in weak] == [{"algorithm": "SHA1"}]


def test_everything_that_is_wrong_is_said_at_once_in_order() -> None:
    made = make.issued(
        kind=Kind.MOCES,
        until=make.AT - DAY,
        key=pki.cheap_key(1024),
        extended_key_usage=[EKU.SERVER_AUTH],
        key_usage=pki.key_usage("digital_signature"),
    )
    question: dict[str, Any] = {"environment": Environment.PRODUCTION, "cvr": "87654321", "kinds": SYSTEM_KINDS}
    assert codes(made, **question) == [
        "environment.wrong",
        "date.expired",
        "kind.employee",
        "kind.extended_key_usage",
        "kind.key_encipherment",
        "cvr.wrong",
        "key.size",
        "revocation.unknown",
    ]


ORIGINALS = [make.issued().der, old.oces2().der, make.the_pki().root.der]


@settings(max_examples=400)
@given(st.data())
def test_mutated_certificates_are_judged_without_an_exception(data: st.DataObject) -> None:
    original = bytearray(data.draw(st.sampled_from(ORIGINALS)))
    for _ in range(data.draw(st.integers(1, 6))):
        original[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    found = judge(bytes(original), at=make.AT, environment=Environment.TEST, anchors=make.the_anchors())
    found.as_json()
    assert found.findings

"""`manage.py trust`: known authorities by fingerprint, unknown ones in test only, all files or none."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certificates.authorities import DENIED, Authority
from certificates.details import read_details
from certificates.kinds import Environment, Generation
from certificates.models import TrustAnchor
from organisations.models import Event
from tests.factories import certificates as make

pytestmark = pytest.mark.django_db
FINGERPRINT = "certificates.trusting.KNOWN"


def trust(*arguments: object) -> tuple[int, str, str]:
    """Run the command; return its exit code, and what it wrote to either stream."""
    out, err = StringIO(), StringIO()
    try:
        call_command("trust", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.cer"
    path.write_bytes(make.the_pki().root.der)
    return path


@pytest.fixture
def issuing(tmp_path: Path) -> Path:
    path = tmp_path / "issuing.pem"
    path.write_bytes(make.the_pki().issuing.pem)
    return path


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hierarchy of the tests be a known one of production."""
    pki = make.the_pki()
    monkeypatch.setattr(
        FINGERPRINT,
        {
            sha256: Authority(sha256, Generation.OCES3, Environment.PRODUCTION, "navn")
            for sha256 in (read_details(made.der).sha256 for made in (pki.root, pki.issuing))
        },
    )


def installed() -> list[tuple[str, bool, bool]]:
    return sorted(TrustAnchor.objects.values_list("environment", "is_root", "pinned"))


def test_an_unknown_authority_is_taken_in_test_with_a_warning(root: Path, issuing: Path) -> None:
    code, out, err = trust("add", root, issuing)
    assert code == 0
    assert out.count("installeret (test): ") == 2
    assert err.count("[trust.unpinned]") == 2
    assert installed() == [("test", False, False), ("test", True, False)]


def test_unpinned_silences_the_warning(root: Path) -> None:
    assert trust("add", "--unpinned", root)[2] == ""
    assert installed() == [("test", True, False)]


def test_an_unknown_authority_is_refused_in_production(root: Path, settings) -> None:
    assert trust("add", root, "--environment", "production")[0] == 1
    settings.ADGANG_ENVIRONMENT = "production"
    code, _out, err = trust("add", "--unpinned", root)
    assert (code, "[trust.unknown]" in err) == (1, True)
    assert trust("add", "--unpinned", root, "--environment", "test")[0] == 1
    assert installed() == []


def test_a_known_authority_goes_where_it_belongs(known: None, root: Path, issuing: Path) -> None:
    code, out, err = trust("add", root, issuing)
    assert (code, out.count("installeret (produktion): "), err) == (0, 2, "")
    assert installed() == [("production", False, True), ("production", True, True)]


def test_an_environment_that_contradicts_the_pin_is_refused(known: None, root: Path) -> None:
    code, _out, err = trust("add", root, "--environment", "test")
    assert (code, "[trust.environment]" in err) == (1, True)
    assert installed() == []
    assert trust("add", root, "--environment", "production")[0] == 0


def test_installing_again_changes_nothing(root: Path) -> None:
    trust("add", "--unpinned", root)
    code, out, _err = trust("add", "--unpinned", root)
    assert (code, out.startswith("allerede installeret (test): ")) == (0, True)
    assert (TrustAnchor.objects.count(), Event.objects.count()) == (1, 1)


def test_all_files_are_installed_or_none(root: Path, tmp_path: Path) -> None:
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(make.issued().pem)
    code, out, err = trust("add", "--unpinned", root, leaf)
    assert (code, out, "[trust.not_ca]" in err) == (1, "", True)
    assert (installed(), Event.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (make.issued().key_pem, "upload.private_key"),
        (make.issued().pem + make.issued().key_pem, "upload.private_key"),
        (b"hej", "upload.unrecognised"),
        (make.ED25519.encode(), "upload.ssh_key"),
    ],
)
def test_anything_else_is_refused_by_name(content: bytes, finding: str, tmp_path: Path) -> None:
    path = tmp_path / "fil"
    path.write_bytes(content)
    code, _out, err = trust("add", "--unpinned", path)
    assert (code, f"[{finding}]" in err, installed()) == (1, True, [])


def test_a_denied_authority_is_refused_everywhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = read_details(root.read_bytes()).sha256
    monkeypatch.setattr("certificates.trusting.DENIED", DENIED | {sha256})
    code, _out, err = trust("add", "--unpinned", root)
    assert (code, "[trust.denied]" in err, installed()) == (1, True, [])


def test_an_issuing_ca_must_be_signed_by_the_root_it_names(root: Path, tmp_path: Path) -> None:
    trust("add", "--unpinned", root)
    other = make.pki.make_pki(at=make.START, root_key=make.pki.cheap_key(2048), issuing_key=make.pki.cheap_key(3072))
    forged = tmp_path / "forged.pem"
    forged.write_bytes(other.issuing.pem)
    code, _out, err = trust("add", "--unpinned", forged)
    assert (code, "[trust.signature]" in err) == (1, True)


def test_an_issuing_ca_without_its_root_is_taken_with_a_warning(issuing: Path) -> None:
    code, _out, err = trust("add", "--unpinned", issuing)
    assert (code, "[trust.root_missing]" in err, installed()) == (0, True, [("test", False, False)])


def test_a_missing_file_is_wrong_usage(root: Path, tmp_path: Path) -> None:
    assert trust("add", root, tmp_path / "findes-ikke")[0] == 2
    assert installed() == []


def test_the_list_names_fingerprints(root: Path) -> None:
    trust("add", "--unpinned", root)
    out = trust("list")[1]
    assert out.splitlines() == [
        "test  rodcertifikat  ukendt  28. december 2036  CN=Adgang Demo OCES rod-CA,OU=Demo,O=Adgang,C=DK",
        f"    SHA-256 {read_details(root.read_bytes()).sha256}",
    ]


def test_an_event_stands_in_the_operators_chain(root: Path) -> None:
    trust("add", "--unpinned", root)
    event = Event.objects.get()
    assert (event.tag, event.organisation_id.int, event.object_label) == (
        "TRUST_ANCHOR_ADDED",
        0,
        "CN=Adgang Demo OCES rod-CA,OU=Demo,O=Adgang,C=DK",
    )
    assert "BEGIN CERTIFICATE" not in event.payload

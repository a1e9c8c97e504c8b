"""`manage.py check_certificate`: exit codes and JSON are a contract."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from certificates.kinds import Kind
from certificates.models import Certificate
from tests.factories import certificates as make

pytestmark = pytest.mark.django_db
KEYS = [
    *("accepted", "kind", "generation", "environment", "cvr", "holder_id", "sha256", "subject", "issuer"),
    *("serial_number", "not_before", "not_after", "revocation", "findings"),
]


def check(*arguments: object) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_certificate", *map(str, arguments), stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def check_json(*arguments: object) -> tuple[int, Any]:
    code, out = check(*arguments, "--json")
    return code, json.loads(out)


@pytest.fixture(autouse=True)
def authorities() -> None:
    make.install_anchors()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pem"
    path.write_bytes(make.issued().pem)
    return path


@pytest.fixture
def expired(tmp_path: Path) -> Path:
    path = tmp_path / "expired.cer"
    path.write_bytes(make.issued(until=make.AT.replace(year=2025)).der)
    return path


def test_an_accepted_certificate_is_zero(good: Path) -> None:
    code, shown = check_json(good)
    assert (code, list(shown), shown["accepted"], shown["kind"]) == (0, KEYS, True, "FOCES")


def test_a_refused_certificate_is_one_and_says_why(expired: Path) -> None:
    code, shown = check_json(expired)
    assert (code, shown["accepted"]) == (1, False)
    assert [(found["code"], found["severity"]) for found in shown["findings"]] == [
        ("date.expired", "error"),
        ("revocation.unknown", "info"),
    ]
    assert set(shown["findings"][0]) == {"code", "severity", "message", "remedy"}


def test_several_files_are_a_list_and_one_refused_is_one(good: Path, expired: Path) -> None:
    code, shown = check_json(good, expired)
    assert (code, [each["accepted"] for each in shown]) == (1, [True, False])


def test_a_missing_file_is_two_and_writes_nothing(good: Path, tmp_path: Path) -> None:
    assert check(good, tmp_path / "findes-ikke", "--json") == (2, "")
    assert check(tmp_path) == (2, "")


@pytest.mark.parametrize(
    "arguments",
    [["--cvr", "1234"], ["--at", "i går"], ["--kind", "POCES"], ["--environment", "demo"]],
)
def test_wrong_usage_is_refused(good: Path, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("check_certificate", str(good), *arguments)


def test_the_questions_reach_the_judgement(good: Path, expired: Path) -> None:
    assert check(good, "--cvr", "12 34 56 78")[0] == 0
    assert check(good, "--cvr", "87654321")[0] == 1
    assert check(good, "--kind", "FOCES")[0] == 0
    assert check(good, "--kind", "VOCES")[0] == 1
    assert check(good, "--environment", "production")[0] == 1
    assert check(expired, "--at", "2025-01-01T12:00:00Z")[0] == 0
    assert check(expired, "--at", "2025-01-01")[0] == 0


def test_a_private_key_is_refused_and_not_echoed(tmp_path: Path) -> None:
    path = tmp_path / "begge.pem"
    made = make.issued()
    path.write_bytes(made.pem + made.key_pem)
    code, shown = check_json(path)
    assert (code, [found["code"] for found in shown["findings"]]) == (1, ["upload.private_key"])
    assert (shown["sha256"], shown["kind"]) == (None, None)
    assert made.key_pem.splitlines()[3].decode() not in check(path)[1]


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stor.bin"
    path.write_bytes(bytes(5 * 1024 * 1024))
    assert [found["code"] for found in check_json(path)[1]["findings"]] == ["upload.too_large"]


def test_people_read_danish(good: Path) -> None:
    code, out = check(good)
    assert code == 0
    assert out.splitlines()[:2] == [f"{good}: godtaget", "  systemcertifikat (FOCES), OCES3, test"]


def test_nothing_is_kept(good: Path) -> None:
    check(good)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_accepted_where_none_is_asked_for(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "c.pem"
    path.write_bytes(make.issued(kind=kind).pem)
    assert check_json(path)[1]["kind"] == kind

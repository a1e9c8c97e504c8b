"""Findings: a code and its values; the texts are made for the reader."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from adgang.lib import findings_document
from adgang.lib.findings import Finding, FindingText, Severity, accepted, finding, register, texts

FOUND = finding("cvr.wrong", found="12345678", expected="87654321")


def test_a_finding_survives_being_stored() -> None:
    stored = FOUND.as_json()
    assert stored == {
        "code": "cvr.wrong",
        "severity": "error",
        "params": {"found": "12345678", "expected": "87654321"},
    }
    assert Finding.from_json(stored) == FOUND


def test_the_text_is_made_for_the_reader() -> None:
    assert FOUND.message.replace("\xa0", " ").startswith("Certifikatet tilhører CVR 12 34 56 78")
    with override("en"):
        assert FOUND.message.replace("\xa0", " ").startswith("The certificate belongs to CVR 12 34 56 78")
        assert set(FOUND.as_text()) == {"code", "severity", "message", "remedy"}


def test_times_are_stored_in_utc_and_shown_in_danish_time() -> None:
    summer = dt.datetime(2026, 7, 1, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    found = finding("date.not_yet_valid", not_before=summer)
    assert found.params == {"not_before": "2026-07-01T12:05:00Z"}
    assert found.message == "Certifikatet gælder først fra 1. juli 2026 kl. 14.05."


def test_a_value_that_an_older_version_did_not_keep_is_a_dash() -> None:
    assert Finding("path.unknown_issuer", Severity.ERROR).message.startswith("Certifikatet er udstedt af –,")


def test_only_errors_refuse() -> None:
    assert accepted([finding("use.other_organisation"), finding("revocation.unknown")])
    assert not accepted([FOUND])
    assert accepted([FOUND.softened()])


def test_an_unknown_code_is_a_programmers_error() -> None:
    with pytest.raises(KeyError):
        finding("no.such")
    with pytest.raises(KeyError):
        Finding.from_json({"code": "no.such", "severity": "error", "params": {}})


def test_a_code_is_defined_once() -> None:
    with pytest.raises(ValueError, match=r"cvr\.wrong"):
        register({"cvr.wrong": FindingText(Severity.INFO, "something else", "")})


def test_the_document_is_current() -> None:
    call_command("findings", "--check")
    document = findings_document.path().read_text(encoding="utf-8")
    assert [code for code in texts() if f"## `{code}` – " not in document] == []


def test_a_stale_document_is_told(tmp_path, settings) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError):
        call_command("findings", "--check")
    call_command("findings")
    call_command("findings", "--check")

"""The frame of the benchmarks: what it writes, and what its exit code means."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import report
from benchmarks.registry import BENCHMARKS, Entry, Measurement

FAST = Measurement(value=1.5, unit="s", reference=1.0, bar="≤ 2 ×", met=True)
ALONE = Measurement(value=7, unit="queries", bar="≤ 5", met=False, notes="two more than allowed")


def test_json_has_the_agreed_keys() -> None:
    assert json.loads(report.as_json({"P3": FAST, "P4": ALONE})) == [
        {
            "id": "P3",
            "value": 1.5,
            "unit": "s",
            "reference": 1.0,
            "ratio": 1.5,
            "bar": "≤ 2 ×",
            "met": True,
            "notes": "",
        },
        {
            "id": "P4",
            "value": 7,
            "unit": "queries",
            "reference": None,
            "ratio": None,
            "bar": "≤ 5",
            "met": False,
            "notes": "two more than allowed",
        },
    ]


def test_table() -> None:
    assert report.as_table({"P3": FAST, "P4": ALONE}).splitlines() == [
        "|     | measured  | reference | ratio | bar   | met |",
        "| --- | --------- | --------- | ----- | ----- | --- |",
        "| P3  | 1.5 s     | 1 s       | 1.50  | ≤ 2 × | yes |",
        "| P4  | 7 queries | –         | –     | ≤ 5   | NO  |",
        "",
        "- P4: two more than allowed",
    ]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two benchmarks, of which one cannot be measured, and no database to be made."""

    def broken() -> Measurement:
        raise RuntimeError("no server")

    entries = {"P1": Entry("P1", "works", lambda: ALONE), "P2": Entry("P2", "does not", broken)}
    for id in list(BENCHMARKS):
        monkeypatch.delitem(BENCHMARKS, id)
    for id, entry in entries.items():
        monkeypatch.setitem(BENCHMARKS, id, entry)
    monkeypatch.setattr(command, "prepare", lambda: None)
    monkeypatch.setattr(command, "database", nullcontext)


def test_missing_a_bar_is_no_failure(two: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["p1", "--json", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_text())[0]["met"] is False
    assert "| P1 " in capsys.readouterr().out


def test_what_cannot_be_measured_is_a_failure(two: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 1
    captured = capsys.readouterr()
    assert "| P1 " in captured.out
    assert "P2 could not be measured" in captured.err


def test_an_unknown_id_is_misuse(two: None) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["P99"])
    assert ended.value.code == 2


def test_what_takes_an_hour_is_measured_by_name_only(
    two: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(BENCHMARKS, "P2", Entry("P2", "takes an hour", lambda: FAST, only_by_name=True))
    assert command.main([]) == 0
    assert "| P2 " not in capsys.readouterr().out
    assert command.main(["P2"]) == 0
    assert "| P2 " in capsys.readouterr().out

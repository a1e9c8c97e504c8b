"""The commands that check messages and receipts, to the letter of their contract."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from memo import containers
from tests.factories.messages import header, message, written
from tests.memo.test_containers import letter
from tests.memo.test_receipts import RIGHT

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["code", "severity", "path", "line", "message", "remedy", "ngdp_code"]


def run(command, *arguments):
    """Return exit code, what went to standard output, and what to standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as exit_:
        return exit_.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "god.xml"
    path.write_bytes(written())
    return path


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "dårlig.xml"
    path.write_bytes(
        written(message(message_header=header(message_type="NEMSMS", notification=None), message_body=None))
    )
    return path


def test_one_file_is_an_object(good):
    code, out, _err = run("check_memo", good, "--json")
    result = json.loads(out)
    assert (code, list(result), result["valid"], result["version"]) == (
        0,
        ["valid", "version", "findings"],
        True,
        "1.1",
    )


def test_several_files_are_a_list_and_one_refused_is_one(good, bad):
    code, out, _err = run("check_memo", good, bad, "--json")
    first, second = json.loads(out)
    assert (code, first["valid"], second["valid"]) == (1, True, False)
    error = next(one for one in second["findings"] if one["severity"] == "error")
    assert list(error) == KEYS
    assert error["ngdp_code"] == "empty.notification.not.allowed"
    assert error["path"] == "/memo:Message/memo:MessageHeader"
    assert error["line"] == 3
    assert all(one["ngdp_code"] is None for one in second["findings"] if one["severity"] == "info")


def test_what_is_no_message_has_no_version(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"hej")
    code, out, _err = run("check_memo", path, "--json")
    result = json.loads(out)
    assert (code, result["version"], result["findings"][0]["path"]) == (1, None, None)


def test_a_missing_file_is_two(tmp_path, good):
    assert run("check_memo", good, tmp_path / "findes-ikke.xml", "--json")[:2] == (2, "")
    assert run("check_memo", tmp_path)[0] == 2


def test_for_people(good, bad):
    code, out, _err = run("check_memo", good, bad)
    assert code == 1
    assert f"{good}: godkendt (MeMo 1.1)" in out or f"{good}: accepteret (MeMo 1.1)" in out or "(MeMo 1.1)" in out
    assert "[memo.notification.missing]" in out
    assert "linje 3" in out


def test_a_container(tmp_path):
    path = tmp_path / "post.tar.lzma"
    with path.open("wb") as out:
        containers.write([letter(), (letter()[0], b"hej")], out)
    code, text, _err = run("check_memo", path, "--json")
    result = json.loads(text)
    assert (code, result["valid"], result["version"]) == (1, False, None)
    assert [one["valid"] for one in result["messages"]] == [True, False]


def test_standard_input():
    command = [sys.executable, "manage.py", "check_memo", "-", "--json"]
    done = subprocess.run(command, input=written(), capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["valid"] is True


def test_receipts(tmp_path):
    good, bad = tmp_path / "god.json", tmp_path / "nul.json"
    good.write_text(json.dumps(RIGHT))
    bad.write_text(json.dumps(RIGHT | {"errorCode": 0}))
    code, out, _err = run("check_receipt", good, bad, "--json")
    first, second = json.loads(out)
    assert (code, first["accepted"], first["positive"], second["positive"]) == (1, True, True, False)
    assert run("check_receipt", good)[0] == 0
    assert "[receipt.zero]" in run("check_receipt", bad)[1]
    assert run("check_receipt", tmp_path / "findes-ikke")[0] == 2


def test_the_schemas_are_written(monkeypatch, tmp_path):
    from memo import schema_writing

    monkeypatch.setattr(schema_writing, "FOLDER", tmp_path / "schemas")
    assert run("memo_schemas")[0] == 0
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == schema_writing.files().keys()

"""`manage.py check_ssh_key`: exit codes and JSON are a contract."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.management import CommandError, call_command

from adgang.demo import pki
from tests.factories import certificates as make

pytestmark = pytest.mark.once


def check(*arguments: object) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_ssh_key", *map(str, arguments), stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pub"
    path.write_text(f"{make.ED25519} system@kommune\n")
    return path


def test_an_accepted_key_is_zero(good: Path) -> None:
    code, out = check(good, "--json")
    shown = json.loads(out)
    assert code == 0
    assert list(shown) == ["accepted", "type", "bits", "fingerprint", "comment", "findings"]
    assert (shown["type"], shown["bits"], shown["comment"]) == ("ssh-ed25519", 256, "system@kommune")


def test_a_refused_key_is_one(tmp_path: Path, good: Path) -> None:
    private = tmp_path / "key"
    private.write_bytes(make.issued().key_pem)
    code, out = check(good, private, "--json")
    assert (code, [each["accepted"] for each in json.loads(out)]) == (1, [True, False])
    assert json.loads(out)[1]["findings"][0]["code"] == "ssh.private_key"


def test_a_missing_file_is_two(tmp_path: Path) -> None:
    assert check(tmp_path / "findes-ikke") == (2, "")


def test_short_rsa_keys_are_refused_where_the_setting_says_so(tmp_path: Path, settings) -> None:
    path = tmp_path / "rsa.pub"
    key = pki.cheap_key(2048).public_key()
    path.write_bytes(key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH))
    assert check(path)[0] == 0
    settings.ADGANG_REFUSE_SHORT_RSA = True
    assert check(path)[0] == 1


def test_people_read_danish(good: Path) -> None:
    assert check(good)[1].splitlines()[0] == f"{good}: godtaget"


# --- As a process --------------------------------------------------------------------------------------------------


def process(*arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "check_ssh_key", *arguments]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | variables
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.fixture
def danish_key(tmp_path: Path) -> str:
    path = tmp_path / "noegle.pub"
    path.write_text(f"{make.ED25519} på Ærø")
    return str(path)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_whatever_letters_the_terminal_has(danish_key: str, encoding: str) -> None:
    with process(danish_key, "--json", PYTHONIOENCODING=encoding) as run:
        said, complained = run.communicate()
    assert (run.returncode, json.loads(said)["comment"], complained) == (0, "på Ærø", b"")
    with process(danish_key, PYTHONIOENCODING=encoding) as run:
        complained = run.communicate()[1]
    assert (run.returncode, complained) == (0, b"")


def test_a_reader_who_leaves_gets_no_traceback(danish_key: str) -> None:
    with process(danish_key, "--json") as run:
        run.stdout.close()
        assert (run.stderr.read(), run.wait()) == (b"", 141)

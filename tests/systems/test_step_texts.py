"""The table of what checks can find: every code that is raised stands in it, and none that is not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from adgang.lib.findings import Severity, finding, texts
from systems.step_codes import NOT_PROVEN, StepCode
from systems.step_texts import SEVERITIES, TABLE, step_finding
from systems.steps.protocols import PROTOCOLS
from systems.steps.subject import Subject

ROOT = Path(__file__).resolve().parents[2]
RAISING = [
    *(ROOT / "systems" / "steps").glob("*.py"),
    *(ROOT / "systems" / name for name in ("checking.py", "sweeping.py", "check_limits.py", "pinning.py")),
    *(ROOT / "systems" / name for name in ("probing.py", "probe_messages.py", "batches.py")),
    *(ROOT / "adgang" / "lib" / name for name in ("dial.py", "hosts.py", "resolving.py")),
]
CODE = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
NO_CODES = {"adgang.checks", "adgang.dial", "adgang.ssh", "http.1", "smime.p7m"}


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            yield node.value


# What begins with the room's name is a task.
RAISED = {code for path in RAISING for code in codes_in(path) if not code.startswith("systems.")} - NO_CODES


def test_every_code_that_is_raised_has_its_texts() -> None:
    assert sorted(RAISED - texts().keys()) == []


def test_every_row_is_raised_somewhere() -> None:
    anywhere = {
        code
        for path in (*(ROOT / "systems").rglob("*.py"), *(ROOT / "adgang").rglob("*.py"))
        if path.name not in ("step_texts.py", "probe_texts.py")
        for code in codes_in(path)
    }
    assert sorted(TABLE.keys() - RAISED - anywhere) == []


@pytest.mark.parametrize("code", sorted(TABLE))
def test_what_is_wrong_comes_with_what_to_do(code: str) -> None:
    row = TABLE[code]
    assert (row.remedy == "") == (row.severity is Severity.INFO)


@pytest.mark.parametrize("code", sorted(TABLE))
def test_texts_are_different_in_the_two_languages(code: str) -> None:
    found = finding(code)
    spoken = {}
    for language in ("da", "en"):
        with override(language):
            spoken[language] = (found.message, found.remedy)
    assert spoken["da"][0] != spoken["en"][0]


def test_mail_servers_are_judged_more_mildly() -> None:
    mild = {code: step_finding(code, "SMTP").severity for code in SEVERITIES["SMTP"]}
    assert set(mild.values()) == {Severity.WARNING}
    assert {step_finding(code, "REST_PUSH").severity for code in mild} == {Severity.ERROR}
    assert step_finding("tls.expired", "SMTP").severity is Severity.ERROR


def test_every_protocol_has_steps_and_says_what_it_does_not_prove() -> None:
    assert PROTOCOLS.keys() == NOT_PROVEN.keys()
    for name, protocol in PROTOCOLS.items():
        assert protocol.once[0] is StepCode.CREDENTIAL
        assert all(code in StepCode for code in protocol.per_place(Subject(protocol=name), ""))

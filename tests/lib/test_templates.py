"""What holds for every template: nothing inline, a comment that says what it is, short enough to be read."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
# Django's own widget templates are overridden line by line; a comment in them would be sent with every field.
WIDGETS = ROOT / "django"
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:"),
    "an address elsewhere": re.compile(r"(?:src|href)=[\"'](?:https?:)?//"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_holds_nothing_that_the_content_security_policy_refuses(path, what):
    assert FORBIDDEN[what].findall(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_is_short(path):
    assert len(path.read_text().splitlines()) <= 130


@pytest.mark.parametrize("path", [path for path in TEMPLATES if WIDGETS not in path.parents], ids=name)
def test_begins_by_saying_what_it_is(path):
    assert path.read_text().startswith("{#")

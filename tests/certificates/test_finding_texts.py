"""The table of findings is complete in both languages, and every row is used."""

import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

import certificates
from certificates.finding_texts import TABLE, WORDS

SOURCES = "".join(path.read_text() for path in Path(certificates.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("code", TABLE)
def test_every_text_is_danish_too(code: str) -> None:
    for text in filter(None, (TABLE[code].message, TABLE[code].remedy)):
        with override("da"):
            danish = gettext(text)
        assert danish != text
        assert set(re.findall(r"%\(\w+\)s", danish)) == set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize("code", TABLE)
def test_every_code_is_found_somewhere(code: str) -> None:
    assert SOURCES.count(f'"{code}"') >= 2  # in the table, and where it is found


@pytest.mark.parametrize("code", TABLE)
def test_what_refuses_or_warns_says_what_to_do(code: str) -> None:
    assert TABLE[code].remedy or TABLE[code].severity == "info"


def test_every_word_has_a_text() -> None:
    with override("da"):
        assert all(gettext(text) for text in WORDS.values())

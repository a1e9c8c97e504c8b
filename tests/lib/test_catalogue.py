"""The Danish catalogue: extracted from Python and templates, checked, compiled."""

import ast
import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from adgang.lib import catalogue

pytestmark = pytest.mark.once

TEMPLATE = """
{% load i18n %}
   <p>{% translate "Hello (you)" %}</p> {# gettext("not this") #}
 {% blocktranslate count n=found trimmed %}
     One system
   {% plural %}
     {{ n }} systems, 100% "here"
 {% endblocktranslate %}
{% include "x.html" with submit=_("Save") %} {{ name|default:_("Nobody") }}
"""
PYTHON = """
from django.utils.translation import gettext_lazy as _
LABEL = _("Name of %(what)s")
COUNT = ngettext("%(n)s point", "%(n)s points", 2)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "adgang").mkdir()
    (tmp_path / "adgang" / "words.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def po(tmp_path: Path) -> Path:
    return tmp_path / "django.po"


def translated(po: Path, root: Path, texts: dict) -> Catalog:
    made = catalogue.update(po, root)
    for message_id, text in texts.items():
        made.get(message_id).string = text
    catalogue.save(made, po)
    return made


DANISH = {
    "Hello (you)": "Hej (dig)",
    "One system": ("Ét system", '%(n)s systemer, 100%% "her"'),
    "Save": "Gem",
    "Nobody": "Ingen",
    "Name of %(what)s": "Navn på %(what)s",
    "%(n)s point": ("%(n)s punkt", "%(n)s punkter"),
}


def test_finds_the_messages_of_python_and_templates(root):
    found = {message.id for message in catalogue.read_sources(catalogue.source_files(root)) if message.id}
    assert found == {
        "Hello (you)",
        ("One system", '%(n)s systems, 100%% "here"'),
        "Save",
        "Nobody",
        "Name of %(what)s",
        ("%(n)s point", "%(n)s points"),
    }


def test_names_what_lacks_danish(root, po):
    catalogue.update(po, root)
    assert catalogue.faults(po, root) == sorted(f"{key!r} has no Danish text" for key in DANISH)


def test_is_content_with_a_complete_catalogue(root, po):
    translated(po, root, DANISH)
    assert catalogue.faults(po, root) == []


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("Name of %(what)s", "Navn på %(hvad)s", "has other placeholders in Danish"),
        ("Name of %(what)s", "Navn", "has other placeholders in Danish"),
        ("%(n)s point", ("%(n)s punkt", "punkter"), "has other placeholders in Danish"),
        ("%(n)s point", ("Ét punkt", "%(n)s punkter"), "has other placeholders in Danish"),
        ("%(n)s point", ("%(n)s punkt", ""), "has no Danish text"),
    ],
)
def test_names_what_is_wrong(root, po, key, text, fault):
    translated(po, root, {**DANISH, key: text})
    assert catalogue.faults(po, root) == [f"{key!r} {fault}"]


def test_a_singular_may_leave_out_what_the_english_one_leaves_out(root, po):
    translated(po, root, {**DANISH, "One system": ("%(n)s system", '%(n)s systemer, 100%% "her"')})
    assert catalogue.faults(po, root) == []


def test_names_a_fuzzy_and_a_missing_message(root, po):
    made = translated(po, root, DANISH)
    made.get("Save").flags.add("fuzzy")
    made.delete("Nobody")
    catalogue.save(made, po)
    assert catalogue.faults(po, root) == ["'Nobody' is not in the catalogue", "'Save' is marked fuzzy"]


def test_extracting_again_changes_nothing(root, po):
    translated(po, root, DANISH)
    before = po.read_bytes()
    catalogue.update(po, root)
    assert po.read_bytes() == before


def test_extracting_drops_what_the_sources_no_longer_say(root, po):
    translated(po, root, DANISH)
    (root / "adgang" / "words.py").write_text("")
    catalogue.update(po, root)
    assert "Navn på" not in po.read_text()
    assert "Gem" in po.read_text()


def test_compiles_to_what_gettext_reads(root, po):
    translated(po, root, DANISH)
    with catalogue.compile_catalogue(po).open("rb") as compiled:
        danish = gettext.GNUTranslations(compiled)
    assert danish.gettext("Save") == "Gem"
    assert danish.ngettext("%(n)s point", "%(n)s points", 1) == "%(n)s punkt"
    assert danish.ngettext("%(n)s point", "%(n)s points", 2) == "%(n)s punkter"


def test_every_text_of_the_portal_has_danish():
    assert catalogue.faults() == []


def test_no_text_to_translate_inside_an_f_string():
    """What extracts sees an f-string as one word, so a text inside would never get its Danish."""
    found = {
        f"{path.name}:{call.lineno}"
        for path in catalogue.source_files()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in catalogue.KEYWORDS
    }
    assert found == set()

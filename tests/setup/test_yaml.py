"""YAML as it is written and read: every text comes back, and a hostile file is refused with its line."""

import pytest
import yaml
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from adgang.setup import yaml_reading, yaml_writing
from adgang.setup.finding_texts import PROBLEMS
from adgang.setup.nodes import Entries, Items, Text, Unreadable
from adgang.setup.yaml_writing import Remarked

# Every text that a database holds: no NUL, and no half of a pair.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# What looks like YAML, like a number, or like the end of a line.
SIGNS = [
    "- x",
    "x: y",
    "x #y",
    "#x",
    "'",
    '"',
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "[a",
    "{a",
    "a:",
    "? a",
    ">",
    "|",
    "<<",
]
WORDS = ["no", "ja", "~", "null", "", " ", "---", "...", "1e3", "01", "2026-01-01", "a\\b", "ÆØÅ", "🦆", "="]
LINES = [
    "a\nb",
    "a\n\nb",
    "a\n b",
    " a\nb",
    "a\nb\n",
    "a \nb",
    "a\r\nb",
    "a\u2028b",
    "a\x85b",
    "\ufeffa",
    "\ta\nb",
    "a: b\nc",
]
HARD = st.sampled_from([*SIGNS, *WORDS, *LINES])
VALUES = st.one_of(TEXTS, HARD)
TREES = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.lists(VALUES | st.dictionaries(VALUES, inner, min_size=1, max_size=3), max_size=4),
        st.dictionaries(VALUES, inner, max_size=4),
    ),
    max_leaves=12,
)


def plain(node):
    match node:
        case Text():
            return node.value
        case Items():
            return [plain(item) for item in node.items]
        case Entries():
            return {key: plain(value) for key, value in node.entries.items()}


@given(st.dictionaries(VALUES, TREES, min_size=1, max_size=4))
def test_everything_comes_back(tree):
    text = "\n".join(yaml_writing.lines(tree)) + "\n"
    assert plain(yaml_reading.read(text.encode())) == tree


@given(st.dictionaries(VALUES, VALUES, min_size=1))
def test_other_readers_of_yaml_find_the_same_texts(pairs):
    text = "\n".join(yaml_writing.lines(pairs))
    read = yaml.safe_load(text)
    for key, value in pairs.items():
        # Times and such may be more than texts to them; what is a text, is the same text.
        assert not isinstance(read.get(key), str) or read[key] == value


def test_a_remark_stands_behind_its_value():
    assert list(yaml_writing.lines({"also": Remarked("x", "Bolig # 2\nstøtte")})) == ["also: x  # Bolig # 2 støtte"]


def test_nothing_and_switches_and_numbers():
    lines = list(yaml_writing.lines({"a": None, "b": True, "c": 5, "d": [], "e": {}, "f": yaml_writing.Bare("2.50")}))
    assert lines == ["b: true", "c: 5", "d: []", "e: {}", "f: 2.50"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "setup.empty", None),
        ("# kun en bemærkning\n", "setup.empty", None),
        ("a: 1\n b: 2\n", "setup.yaml", 2),
        ("a: [1\nb: 2\n", "setup.yaml", 2),
        ("a: 1\na: 2\n", "setup.key_twice", 2),
        ("a: &x 1\nb: 2\n", "setup.reference", 1),
        ("b: 2\na: *x\n", "setup.reference", 2),
        ("a: !!python/object/apply:os.system [ls]\n", "setup.reference", 1),
        ("? [a]\n: 2\n", "setup.key_form", 1),
        ("a: 1\n---\nb: 2\n", "setup.documents", 3),
        ("[" * 5000, "setup.deep", 1),
        ("a:\n" + "\n".join(f"{' ' * depth}- " for depth in range(400)), "setup.deep", None),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(text, code, line):
    with pytest.raises(Unreadable) as refused:
        yaml_reading.read(text.encode())
    found = refused.value.found
    assert found.finding.code == code
    assert found.line == line or line is None
    assert found.finding.message
    assert found.finding.remedy


@pytest.mark.parametrize(
    "text", ["a: [1\nb: 2\n", "a: 1\n b: 2\n", "- a\nb: c\n", "a: 'x\n", "a: @b\n", "a: - b\n", "a: 1\n- b"]
)
def test_what_is_no_yaml_is_told_in_the_readers_words(text):
    with pytest.raises(Unreadable) as refused:
        yaml_reading.read(text.encode())
    found = refused.value.found.finding
    assert found.params["problem"] in PROBLEMS
    with override("da"):
        assert found.params["problem"] not in found.message


@pytest.mark.parametrize("content", [b"a: \xff\n", b"\x00", b"a: \x01", "a: 1".encode("utf-16-le")[:-1]])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(Unreadable) as refused:
        yaml_reading.read(content)
    assert refused.value.found.finding.code in ("setup.encoding", "setup.yaml")

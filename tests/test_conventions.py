"""What every room keeps to, read from files and syntax trees, so that one who knows a room knows them all."""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine
from django.urls import URLPattern, URLResolver, get_resolver

from adgang.lib import slots
from adgang.lib.api.operations import OPERATIONS
from adgang.lib.urls import ROUTES, Route
from organisations import mail
from organisations.event_tags import Tag

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("adgang", "organisations", "certificates", "systems", "contacts", "memo")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TEMPLATE_LINES = 130
FILE_LINES = 300
MEDIAN_FUNCTION_LINES = 10
# Tables are as long as what they list.
TABLES = {"csv_columns.py", "event_tags.py", "finding_texts.py", "lines.py", "refusals.py", "step_texts.py"}
# The one list component, which is understood as a whole or not at all.
LONG_FOR_A_REASON = {"adgang/lib/lists.py"}
# Django's own views and those that hand out files; everything else is a route with a policy.
WITHOUT_POLICY = {"api_unknown", "set_language"}

get_resolver().url_patterns  # noqa: B018 – importing the URL configuration fills ROUTES


def sources() -> list[Path]:
    """Return the product's Python files, without migrations."""
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def inside(path: Path) -> str:
    """Return a path as it stands in the repository."""
    return str(path.relative_to(ROOT))


# --- One name ---


def routes() -> list[Route]:
    """Return every page, by name."""
    return [ROUTES[name] for name in sorted(ROUTES)]


def source_of(route: Route) -> Path:
    """Return the file in which a view is written."""
    return ROOT / Path(*route.view.__module__.split(".")).with_suffix(".py")


def templates_of(route: Route) -> list[str]:
    """Return the names of the templates that the view itself names."""
    for node in tree(source_of(route)).body:
        if isinstance(node, ast.FunctionDef) and node.name == route.name:
            return [text for text in _texts(node) if text.endswith(".html")]
    raise AssertionError(f"{route.name} is not a function of {source_of(route)}")


def _texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


# The same page of two logs.
SHARED_PAGES = {"operations_event"}


def test_a_view_renders_the_template_of_its_name():
    """Views that only send on, or ask in `confirm.html`, name none; a part that htmx fetches comes beside the page."""
    named = {route.name: {Path(template).stem for template in templates_of(route)} for route in routes()}
    assert {name for name, stems in named.items() if stems and name not in stems} - SHARED_PAGES == set()


def test_templates_that_views_name_exist():
    engine = Engine.get_default()
    for route in routes():
        for template in templates_of(route):
            engine.get_template(template)


def test_every_page_is_tested_by_name():
    """In a file of its name, or where the page it belongs to is tested."""
    files = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    said = {text for path in (ROOT / "tests").rglob("test_*.py") for text in _texts(tree(path))}
    assert [route.name for route in routes() if route.name not in files | said] == []


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Yield every URL pattern below a resolver."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def test_every_address_has_a_policy():
    operations = {f"api_{name}" for name in OPERATIONS}  # they state theirs as pages do
    assert {pattern.name for pattern in patterns(get_resolver())} - WITHOUT_POLICY == ROUTES.keys() | operations


# --- No places for everything ---


def test_no_file_is_named_for_nothing():
    refused = {"services.py", "utils.py", "util.py", "helpers.py", "signals.py", "common.py", "misc.py"}
    assert [inside(path) for path in sources() if path.name in refused] == []


def test_no_signals():
    """Rooms meet in slots; `post_migrate`, which makes triggers, is a hook of the database and not of models."""
    refused = {"receiver", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "Signal"}
    found = {
        f"{inside(path)}: {alias.name}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in refused
    }
    assert found == set()


def test_no_import_by_text():
    found = {
        f"{inside(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name) and node.id in ("import_string", "__import__")
    }
    assert found == set()


# --- Small ---


def test_files_are_read_at_a_sitting():
    long = {
        inside(path): lines
        for path in sources()
        if path.name not in TABLES
        and inside(path) not in LONG_FOR_A_REASON
        and (lines := path.read_text(encoding="utf-8").count("\n")) > FILE_LINES
    }
    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_functions_are_short(room):
    lengths = [
        (node.end_lineno or 0) - node.body[0].lineno + 1 - _docstring_lines(node)
        for path in sources()
        if path.is_relative_to(ROOT / room)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    ]
    assert statistics.median(lengths) < MEDIAN_FUNCTION_LINES


def _docstring_lines(node: ast.FunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def test_public_functions_and_classes_say_what_they_do():
    silent = [
        f"{inside(path)}: {node.name}"
        for path in sources()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and not _of_django(node)
    ]
    assert silent == []


def _of_django(node: ast.stmt) -> bool:
    """An AppConfig says nothing beyond its name; a Command says it in `help`."""
    return isinstance(node, ast.ClassDef) and (node.name == "Command" or node.name.endswith("Config"))


# --- Templates ---


@pytest.mark.parametrize("path", TEMPLATES, ids=inside)
def test_template_is_short_and_says_what_it_needs(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= TEMPLATE_LINES
    if any("{% extends" in line for line in lines):
        assert lines[0].startswith("{#"), "a page begins with a comment that lists its context"


INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style[\s>]", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape off"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=inside)
def test_template_obeys_the_security_policy(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


def test_every_template_is_used():
    named = {text for path in [*sources(), *TEMPLATES] for text in _template_names(path)}
    overriding = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    unused = [
        inside(path)
        for path in TEMPLATES
        if (name := str(path.relative_to(ROOT / "templates"))) not in named | overriding
        and not name.startswith("django/")
    ]
    assert unused == []


def _template_names(path: Path) -> Iterator[str]:
    # A partial is named after its template: "lists/list.html#row".
    yield from re.findall(r"[\"']([\w/]+\.html)(?:#\w+)?[\"']", path.read_text(encoding="utf-8"))


# --- Tables ---


def asked_and_filled() -> dict[str, set[str]]:
    """Return the slot names that code asks for and fills, by function."""
    found: dict[str, set[str]] = {"fill": set(), "fillings": set()}
    for path in sources():
        for node in ast.walk(tree(path)):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="slots"), attr=("fill" | "fillings") as act),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    found[act].add(name)
    return found


def test_slots_are_listed_filled_and_asked_for():
    found = asked_and_filled()
    assert found["fill"] == found["fillings"] == slots.SLOTS.keys()
    assert [name for name in slots.SLOTS if not slots.fillings(name)] == []


def test_every_event_tag_is_used():
    used = {
        node.attr
        for path in sources()
        if path.name != "event_tags.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Tag"
    }
    assert {tag.name for tag in Tag} - used == set()


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_mail_has_its_text(language):
    missing = [kind for kind in mail.kinds() if not (ROOT / "templates" / "mail" / f"{kind}.{language}.txt").exists()]
    assert missing == []


def test_no_text_for_a_mail_that_is_not_sent():
    files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "mail").glob("*.txt")}
    included = {name for text in files.values() for name in re.findall(r'{% include "mail/([\w.]+)" %}', text)}
    assert {name.split(".")[0] for name in files.keys() - included} - set(mail.kinds()) == set()

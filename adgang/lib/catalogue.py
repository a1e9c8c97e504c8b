"""The Danish catalogue: extracted from Python and templates, compiled, and checked, all with Babel.

``python -m adgang.lib.catalogue extract|compile|check``

* ``extract`` brings ``adgang/locale/da/LC_MESSAGES/django.po`` up to date with the sources,
* ``compile`` writes ``django.mo`` beside it (made at set-up, never committed),
* ``check`` exits 1 and names every message that lacks Danish or whose placeholders differ.

Message ids are English and serve as the English texts. The file carries no source locations and is
sorted, so that two branches which add different messages merge without a conflict.
"""

import argparse
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "adgang" / "locale" / "da" / "LC_MESSAGES" / "django.po"
SOURCES = ("adgang", "organisations", "certificates", "systems", "contacts", "memo")
TEMPLATES = "templates"
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg"}
LINE_WIDTH = 120

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif](?![a-z])|\{\w+\}")


def extract_django(fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Generator[Any, None, None]:
    """Yield the messages of a Django template, in the shape Babel expects of an extraction method.

    Django turns the template into a row of ``gettext()`` calls between blanked-out text; the
    parentheses around it let Python's tokenizer accept whatever indentation is left.
    """
    calls = re.sub(r"[^\S\n]", " ", templatize(fileobj.read().decode()))
    return extract_python(BytesIO(f"(\n{calls}\n)".encode()), keywords, comment_tags, options)


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """Yield every file below ``root`` that may hold messages, in a stable order."""
    for room in SOURCES:
        yield from sorted((root / room).rglob("*.py"))
    for path in sorted((root / TEMPLATES).rglob("*")):
        if path.suffix in TEMPLATE_SUFFIXES:
            yield path


def read_sources(files: Iterable[Path]) -> Catalog:
    """Return a template catalogue with every message of ``files``."""
    template = Catalog()
    for path in files:
        method: Any = "python" if path.suffix == ".py" else extract_django
        with path.open("rb") as fileobj:
            for _line, message, comments, context in extract(method, fileobj, KEYWORDS, comment_tags=("Translators:",)):
                template.add(message, auto_comments=comments, context=context)
    return template


def new_catalogue() -> Catalog:
    """Return an empty Danish catalogue whose header holds nothing that changes from day to day."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return Catalog(
        locale="da",
        project="Adgang",
        header_comment="# Danish texts of Adgang. The message ids are the English texts.",
        creation_date=day,
        revision_date=day,
        last_translator="Adgang",
        language_team="Danish",
        msgid_bugs_address="",
        fuzzy=False,
    )


def load(path: Path = CATALOGUE) -> Catalog:
    """Return the catalogue stored at ``path``, or an empty one when there is none yet."""
    if not path.exists():
        return new_catalogue()
    with path.open("rb") as fileobj:
        return read_po(fileobj, locale="da")


def save(catalogue: Catalog, path: Path = CATALOGUE) -> None:
    """Write ``catalogue`` to ``path``: sorted, without locations and obsolete messages."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as fileobj:
        write_po(
            fileobj,
            catalogue,
            width=LINE_WIDTH,
            no_location=True,
            sort_output=True,
            ignore_obsolete=True,
        )


def update(path: Path = CATALOGUE, root: Path = ROOT) -> Catalog:
    """Bring the file at ``path`` up to date with the sources below ``root``; return the catalogue."""
    catalogue = load(path)
    # A guess at the Danish of a changed text would be worse than a text that is known to be missing.
    catalogue.update(
        read_sources(source_files(root)),
        no_fuzzy_matching=True,
        update_creation_date=False,
    )
    save(catalogue, path)
    return catalogue


def compile_catalogue(path: Path = CATALOGUE) -> Path:
    """Write the binary catalogue that Django reads beside ``path`` and return where."""
    target = path.with_suffix(".mo")
    with target.open("wb") as fileobj:
        write_mo(fileobj, load(path))
    return target


def forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the texts of a message id or translation: one (maybe empty), or singular and plural."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def placeholders(text: str) -> frozenset[str]:
    """Return the names a text expects to be filled in, such as ``%(name)s`` and ``{name}``."""
    return frozenset(PLACEHOLDER.findall(text))


def same_placeholders(message: Message) -> bool:
    """Tell whether the Danish asks for what the English asks for.

    The Danish singular may say what the English singular says or what the plural says ("One system", "{n} systems").
    """
    ids, strings = forms(message.id), forms(message.string)
    if len(ids) == 1:
        return placeholders(strings[0]) == placeholders(ids[0])
    singular, plural = map(placeholders, ids)
    return placeholders(strings[0]) in (singular, plural) and placeholders(strings[1]) == plural


def fault(message: Message | None) -> str | None:
    """Return what is wrong with one stored message, or None when it is complete."""
    if message is None:
        return "is not in the catalogue"
    if message.fuzzy:
        return "is marked fuzzy"
    if not all(forms(message.string)):
        return "has no Danish text"
    if not same_placeholders(message):
        return "has other placeholders in Danish"
    return None


def faults(path: Path = CATALOGUE, root: Path = ROOT) -> list[str]:
    """Return one line for each message of the sources that is missing or wrong in the catalogue."""
    stored = load(path)
    found = []
    for wanted in read_sources(source_files(root)):
        # The header is the message with the empty id.
        if wanted.id and (wrong := fault(stored.get(wanted.id, wanted.context))):
            found.append(f"{forms(wanted.id)[0]!r} {wrong}")
    return sorted(found)


def check() -> int:
    """Print what is wrong with the catalogue; return the exit code (1 when anything is)."""
    found = faults()
    for line in found:
        sys.stderr.write(f"{CATALOGUE.name}: {line}\n")
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three commands and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m adgang.lib.catalogue", description=__doc__)
    parser.add_argument("command", choices=("extract", "compile", "check"))
    command = parser.parse_args(arguments).command
    if command == "check":
        return check()
    update() if command == "extract" else compile_catalogue()
    return 0


if __name__ == "__main__":
    sys.exit(main())

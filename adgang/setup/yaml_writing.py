"""Writing YAML that reads well and changes little: keys in a fixed order, one value a line, quotes where needed."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

INDENT = "  "
# Texts that every reader of YAML takes for the text they are.
PLAIN = re.compile(r"[^\W\d_](?:[\w .,()/+@%-]*[\w.()/+%-])?")
ADDRESS = re.compile(r"https?://[\w./?=&%+~@:-]*[\w/=-]")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# What must not stand in a file of YAML as it is, or ends a line in it, beside what JSON escapes.
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


class Bare(str):
    """Digits of a number, which stand without quotes."""


class Words(list[str]):
    """Words of a fixed choice, which stand on one line."""


@dataclass(frozen=True)
class Remarked:
    """A value with a remark behind it."""

    value: Any
    remark: str


def lines(value: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Yield the lines of a map of texts, numbers, switches, lists and maps; what is None is left out."""
    indent = INDENT * depth
    for key, one in value.items():
        yield from _entry(f"{indent}{scalar(key)}:", one, depth)


def _entry(head: str, value: Any, depth: int) -> Iterator[str]:
    match value:
        case None:
            return
        case Mapping() if not value:
            yield f"{head} {{}}"
        case Mapping():
            yield head
            yield from lines(value, depth + 1)
        case list() | tuple() if not value:
            yield f"{head} []"
        case Words():
            yield f"{head} [{', '.join(map(scalar, value))}]"
        case list() | tuple():
            yield head
            yield from _items(value, depth)
        case str() if is_block(value):
            yield f"{head} |-"
            yield from (f"{INDENT * (depth + 1)}{line}" if line else "" for line in value.split("\n"))
        case Remarked():
            yield f"{head} {scalar(value.value)}{remark(value.remark)}"
        case _:
            yield f"{head} {scalar(value)}"


def _items(values: Iterable[Any], depth: int) -> Iterator[str]:
    indent = INDENT * depth
    for value in values:
        if isinstance(value, Mapping):
            inner = lines(value, depth + 1)
            yield f"{indent}- {next(inner).lstrip()}"
            yield from inner
        else:
            yield f"{indent}- {scalar(value)}"


def remark(text: str) -> str:
    """Return a text as a remark on one line; "" for none."""
    line = " ".join(UNPRINTABLE.sub(" ", text).split())
    return f"  # {line}" if line else ""


def is_block(text: str) -> bool:
    """Say whether a text of several lines can stand as it is, line by line."""
    if "\n" not in text or UNPRINTABLE.search(text) or any(character < " " and character != "\n" for character in text):
        return False
    parts = text.split("\n")
    return bool(parts[0].strip() and parts[-1].strip()) and all(
        not part or (part == part.rstrip() and not part.startswith(" ")) for part in parts
    )


def scalar(value: Any) -> str:
    """Return a text, number or switch as it stands behind its key."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Bare():
            return str(value)
        case str() if UUID.fullmatch(value) or TIME.fullmatch(value) or ADDRESS.fullmatch(value):
            return value
        case str() if PLAIN.fullmatch(value) and value.casefold() not in WORDS:
            return value
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(str(value), ensure_ascii=False))

"""Properties of the registry's objects, read with care: anything may be missing, null or of another type."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from contacts.csv_columns import MAX_ID
from contacts.texts import one_line, paragraphs

Document = Mapping[str, Any]

ZERO = uuid.UUID(int=0)


def id_of(value: Any) -> uuid.UUID | None:
    """Return the id that a property holds; None when it is not set. Raises ValueError for nonsense."""
    if value is None or value == "":
        return None
    found = uuid.UUID(str(value))
    return None if found == ZERO else found


def label(document: Document) -> str:
    """Return what an object is called in a finding about it."""
    return f"{text(document, 'name')} {document.get('id', '')}".strip()[:120]


def text(document: Document, name: str) -> str:
    """Return a property as one line, "" when it is not set."""
    value = document.get(name)
    return "" if value is None else one_line(str(value))


def long_text(document: Document, name: str) -> str:
    """Return a property as a longer text, "" when it is not set."""
    value = document.get(name)
    return "" if value is None else paragraphs(str(value))


def parts(document: Document, name: str) -> Iterator[Document]:
    """Yield the objects of a list."""
    value = document.get(name)
    yield from (one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))


def whole_number(value: Any) -> int | None:
    """Return a number that fits a 64-bit column; None for anything else."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    return number if number is not None and 0 <= number <= MAX_ID else None

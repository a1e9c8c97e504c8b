"""Texts in the one form in which they are kept and compared."""

import re

# Characters that nobody sees, and halves of surrogate pairs, which no database takes.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return a name or term: no control characters, no blanks at the ends, single blanks within."""
    return " ".join(CONTROL.sub("", text).split())


def paragraphs(text: str) -> str:
    """Return a longer text: no control characters, lines that end in a plain line feed, no blanks at the ends."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def folded(text: str) -> str:
    """Return `text` as it is searched: without regard to case, in any script (a database folds a–z only)."""
    return text.casefold()

"""CPR numbers never reach a log: what looks like one is masked."""

import re

# Day (of a replacement number 60 more), month, year and four digits, with or without a hyphen, or the dash that a word
# processor makes of it, and blanks between; not inside a longer number or an id.
DAY = r"(?:[06][1-9]|[1278]\d|[39][01])"
BETWEEN = r"(?:[ \u00a0]?[-\u2010-\u2015\u2212][ \u00a0]?|[ \u00a0])?"
CPR = re.compile(rf"(?<![\w-])({DAY}(?:0[1-9]|1[0-2])\d\d)({BETWEEN})\d{{4}}(?![\w-])")


def masked(text: str) -> str:
    """Return `text` with the last four digits of every CPR number replaced by `xxxx`."""
    return CPR.sub(r"\1\2xxxx", text)

"""CPR numbers never reach a log: what looks like one is masked."""

import re

# Day, month, year and four digits, with or without a hyphen or space; not inside a longer number or an id.
CPR = re.compile(r"(?<![\w-])((?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d)([- ]?)\d{4}(?![\w-])")


def masked(text: str) -> str:
    """Return `text` with the last four digits of every CPR number replaced by `xxxx`."""
    return CPR.sub(r"\1\2xxxx", text)

"""CVR numbers: as people read and type them, and their check."""

import re

WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def spaced(cvr: object) -> str:
    """Return eight digits as "12 34 56 78", held together by no-break spaces; anything else as it is."""
    text = str(cvr or "")
    if len(text) != 8 or not text.isdigit():
        return text
    return "\N{NO-BREAK SPACE}".join(text[start : start + 2] for start in range(0, 8, 2))


def digits(typed: str) -> str:
    """Return what was typed without the spaces, dots and "DK" that people write around a CVR number."""
    return re.sub(r"^DK|[\s.\N{NO-BREAK SPACE}-]", "", typed.strip().upper())


def has_valid_check(cvr: str) -> bool:
    """Say whether eight digits pass the modulus-11 check of the CVR register; fictitious test numbers may not."""
    if len(cvr) != len(WEIGHTS) or not (cvr.isascii() and cvr.isdigit()):
        return False
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, cvr, strict=True)) % 11 == 0

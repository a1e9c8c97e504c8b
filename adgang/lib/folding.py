"""Text in the one form in which it is compared: no capitals, no accents, and æ, ø and å written ae, oe and aa."""

import unicodedata

DANISH = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ð": "d", "þ": "th"})


def folded(text: str) -> str:
    """Return `text` without capitals and accents, and with æ, ø and å written out."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(DANISH)
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign)).casefold()

"""Faults of XML itself: which of the parser's is which finding."""

from xml.parsers import expat


def is_markup(first: bytes) -> bool:
    """Say whether a file that begins so is meant to be XML, whatever its encoding."""
    text = first.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    return text.lstrip(b"\xff\xfe \t\r\n").startswith(b"<")


codes = expat.errors.codes
# What the parser calls a fault, and the finding that tells it to people.
SYNTAX = {
    codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: "memo.xml.entity",
    codes[expat.errors.XML_ERROR_TAG_MISMATCH]: "memo.xml.mismatch",
    codes[expat.errors.XML_ERROR_INVALID_TOKEN]: "memo.xml.letter",
    codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: "memo.xml.attribute_twice",
    codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: "memo.xml.after_end",
    codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]: "memo.xml.unbound",
    codes[expat.errors.XML_ERROR_BAD_CHAR_REF]: "memo.xml.reference",
    codes[expat.errors.XML_ERROR_MISPLACED_XML_PI]: "memo.xml.declaration",
    codes[expat.errors.XML_ERROR_XML_DECL]: "memo.xml.declaration",
    codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]: "memo.xml.encoding",
    codes[expat.errors.XML_ERROR_INCORRECT_ENCODING]: "memo.xml.encoding",
    codes[expat.errors.XML_ERROR_PARTIAL_CHAR]: "memo.xml.encoding",
}

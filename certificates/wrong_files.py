"""Naming what people upload where a certificate is wanted: other things of the trade, other files, damaged ones."""

import re
from collections.abc import Callable
from enum import Enum, auto

from adgang.lib.findings import Finding, finding


class Content(Enum):
    """What a piece of an upload is."""

    CERTIFICATE = auto()
    PKCS7 = auto()
    CSR = auto()
    CRL = auto()
    PUBLIC_KEY = auto()
    SSH_KEY = auto()
    TRUNCATED = auto()  # ends before its time
    INCOMPLETE = auto()  # its last line is there, but not all before it
    MALFORMED = auto()


_WRONG_THINGS = (
    (Content.PKCS7, "upload.pkcs7"),
    (Content.CSR, "upload.csr"),
    (Content.CRL, "upload.crl"),
    (Content.PUBLIC_KEY, "upload.public_key"),
    (Content.SSH_KEY, "upload.ssh_key"),
)
_FAULTS = (
    (Content.INCOMPLETE, "upload.incomplete"),
    (Content.TRUNCATED, "upload.truncated"),
    (Content.MALFORMED, "upload.malformed"),
)
_MARK = rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*"
_OTHER_FILES = (
    (re.compile(rb"PK\x03\x04.{0,4000}(?:word/|xl/|ppt/|mimetypeapplication/vnd\.oasis)", re.DOTALL), "office"),
    (re.compile(rb"PK\x03\x04"), "zip"),
    (re.compile(rb"\x1f\x8b"), "gzip"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "7z"),
    (re.compile(_MARK + rb"%PDF"), "pdf"),
    (re.compile(rb"\xd0\xcf\x11\xe0|\{\\rtf"), "office"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM|II\*\0|MM\0\*|RIFF....WEBP", re.DOTALL), "image"),
    (re.compile(_MARK + rb"<(?:!doctype\s+html|html)", re.IGNORECASE), "html"),
    (re.compile(_MARK + rb"<\0?(?:\?\0?x\0?m\0?l|[a-z])", re.IGNORECASE), "xml"),
    (re.compile(rb".{0,200}BEGIN PGP ", re.DOTALL), "pgp"),
    (re.compile(rb"MZ|\x7fELF"), "program"),
)
_WEB_KEY = re.compile(rb'"kty"\s{0,9}:')
_REPLACEMENT = b"\xef\xbf\xbd"  # U+FFFD: what a text conversion leaves of bytes it did not understand


def name_wrong_file(data: bytes, contents: set[Content], *, is_certificate: Callable[[bytes], bool]) -> Finding:
    """Say what an upload is that has no readable certificate in it.

    `contents`: what its pieces are. `is_certificate` tells whether changed bytes would have been one.
    """
    for content, code in _WRONG_THINGS:
        if content in contents:
            return finding(code)
    for pattern, form in _OTHER_FILES:
        if pattern.match(data):
            return finding("upload.other_file", form=form)
    if _WEB_KEY.search(data):
        return finding("upload.public_key")
    if _REPLACEMENT in data:
        return finding("upload.damaged")
    if any(is_certificate(changed) for changed in _before_conversion(data)):
        return finding("upload.sent_as_text")
    return finding(next((code for content, code in _FAULTS if content in contents), "upload.unrecognised"))


def _before_conversion(data: bytes) -> list[bytes]:
    """Return what the bytes may have been before a program took them for text: line ends, encoding."""
    changed = [data.replace(b"\r\n", b"\n")] if data[:1] == b"\x30" and b"\r\n" in data else []
    if data[:2] in (b"\x30\xc2", b"\x30\xe2"):
        for encoding in ("latin-1", "cp1252"):
            try:
                changed.append(data.decode("utf-8").encode(encoding))
            except UnicodeError:
                continue
    return changed

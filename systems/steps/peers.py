"""Who is at the other end, when it is not who we came for.

What such a server says is never shown: it has not parsed as the protocol's, and may be anything. Only the name of a
protocol that is recognised is told.
"""

import re

from adgang.lib.failures import Failure

SHOWN_CHARACTERS = 200
GREETINGS = {
    "SSH": re.compile(rb"SSH-"),
    "HTTP": re.compile(rb"HTTP/"),
    "TLS": re.compile(rb"[\x14-\x17]\x03[\x00-\x04]"),
    "FTP": re.compile(rb"220[ -][^\r\n]*FTP", re.IGNORECASE),
    "SMTP": re.compile(rb"[245][0-9][0-9][ -][^\r\n]*(?:SMTP|mail)", re.IGNORECASE),
    "IMAP": re.compile(rb"\* (?:OK|PREAUTH|BYE)"),
    "POP3": re.compile(rb"(?:\+OK|-ERR)"),
}


def stranger(said: bytes, code: str) -> Failure:
    """Return the failure for a peer that began with `said`: `peer.other_protocol` when it is known, else `code`."""
    for name, greeting in GREETINGS.items():
        if greeting.match(said):
            return Failure("peer.other_protocol", spoken=name)
    return Failure(code)


def printable(text: str) -> str:
    """Return what may be shown of a server's words: without control characters, cut at 200 characters."""
    return visible(text)[:SHOWN_CHARACTERS].strip()


def visible(text: str) -> str:
    """Return a text with blanks for what nobody sees: it would move on a terminal, and no database takes a NUL."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)

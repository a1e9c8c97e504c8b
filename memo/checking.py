"""Checking a MeMo message: one pass over the file, every violation told, memory that does not grow with its documents.

The parser is expat: it streams, knows the line of every event, fetches nothing and expands nothing that we let stand –
a document type ends the check before any entity can be declared. Sources: the tables of `memo.elements`, the rules of
`memo.rules`.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from memo import rules
from memo.content_tags import LONGEST_TAG, line_ends, next_tag
from memo.elements import (
    NAMESPACES,
    ROOT,
    Version,
    expanded,
)
from memo.reports import MEGABYTE, Limits, MemoFinding, Place, Report, found
from memo.simple_types import shown
from memo.sniffing import sniff
from memo.structure import SCHEMA_LOCATIONS, XSI, Walker
from memo.versions import told_version
from memo.xml_faults import SYNTAX, is_markup

CHUNK = 256 * 1024
MOST_DEEP = 64
LONGEST_TOKEN = 1024 * 1024
PLAIN_ENCODINGS = frozenset({"UTF-8", "US-ASCII", "ASCII", "ISO-8859-1", "WINDOWS-1252"})
WRAPPER = "kombi_request"
SMALL = 65536


def check_message(
    source: BinaryIO,
    *,
    at: dt.datetime,
    limits: Limits | None = None,
    place: Place | None = None,
    keep: int = 0,
    fingerprint: bool = False,
) -> Report:
    """Check one message as of `at`, the time of sending, and return everything that was found, in order of place.

    `source` is read to its end, or to `limits.stop`, in pieces. `place` brings in what the sending organisation knows.
    Contents of files up to `keep` bytes are kept in the message. `fingerprint`: the SHA-256 of the file is made too.
    Raises nothing for any content; only what `source.read` raises.
    """
    check = _Check(limits or Limits.of_installation(), keep)
    digest = hashlib.sha256() if fingerprint else None
    size = 0
    try:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if digest:
                digest.update(chunk)
            check.feed(chunk, size)
        check.close(size)
    except _Stop:
        pass
    findings = check.finish(at=at, size=size, place=place)
    return Report(
        findings=findings,
        version=check.version,
        message=check.walker.message if check.walker else None,
        size=size,
        sha256=digest.hexdigest() if digest else "",
        wrapped=check.wrapped,
    )


class _Stop(Exception):
    """Nothing more is to be read; why is among the findings."""


class _Check:
    """The state of one check: the parser, and the walker once the root has begun."""

    def __init__(self, limits: Limits, keep: int) -> None:
        self.limits, self.keep = limits, keep
        self.findings: list[MemoFinding] = []
        self.left_out = 0
        self.version: Version | None = None
        self.walker: Walker | None = None
        self.wrapped = self.seen_root = self.done = False
        self.depth = 0
        self.first = self.tail = b""
        self.parsed = self.lines_passed = self.content_at = 0
        self.passing = self.after_cr = False
        self.encoding = "UTF-8"
        self.parser = self._parser()

    def _parser(self) -> Any:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = SMALL
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        return parser

    # --- Bytes in ---

    def feed(self, chunk: bytes, size: int) -> None:
        """Take the next bytes; `size` counts them with all before. Raises `_Stop`."""
        if not self.first:
            self.first = chunk[:4096]
        if size > self.limits.stop:
            self.note(found("memo.file.large", limit=self.limits.stop // MEGABYTE))
            raise _Stop
        for piece in self._pieces(chunk):
            self._parse(piece)

    def _pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what the parser has to see of a chunk.

        Base64 needs no parser: from the end of the tag <…content> to the next “<” it goes straight to whoever decodes
        it, several times as fast. What has references in it, or another encoding, goes the long way.
        """
        start = 0
        while start < len(chunk):
            if self.passing:
                start = self._pass_content(chunk, start)
                if start < 0:
                    return
            end, length = next_tag(b"" if start else self.tail, chunk, start)
            yield chunk[start:end] if start or end < len(chunk) else chunk
            start = end
            self.passing = length > 0 and self._in_content(length)
        self.tail = (self.tail + chunk)[1 - LONGEST_TAG :]

    def _in_content(self, length: int) -> bool:
        """Say whether what the parser saw last is the tag of a content, in an encoding in which base64 is itself.

        The same letters may stand in a comment: only a tag that began its `length` before the end is the one.
        """
        walker = self.walker
        if walker is None or walker.content is None or self.encoding.upper() not in PLAIN_ENCODINGS:
            return False
        return int(self.parsed - self.content_at) == length

    def _pass_content(self, chunk: bytes, start: int) -> int:
        """Decode what stands of a content in a chunk; return where the parser goes on, -1 for nowhere in it."""
        end = chunk.find(b"<", start)
        letters = chunk[start : end if end >= 0 else len(chunk)]
        content = self.walker.content if self.walker else None
        if content is None or b"&" in letters:
            self.passing = False
            return start
        content.feed(letters)
        self.lines_passed += line_ends(letters, after_cr=self.after_cr)
        self.after_cr = letters.endswith(b"\r") if letters else self.after_cr
        self.passing = end < 0
        self.tail = b""
        return end

    def _parse(self, piece: bytes) -> None:
        self.parsed += len(piece)
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as error:
            self._refuse(error, at_end=False)
        except (LookupError, ValueError):  # an encoding that Python does not know, or of several bytes a letter
            self.note(found("memo.xml.encoding", "", 1, encoding=shown(self.encoding)))
            raise _Stop from None
        if self.parsed > LONGEST_TOKEN and self.parsed - self.parser.CurrentByteIndex > LONGEST_TOKEN:
            self.note(found("memo.xml.token", "", self.line, most=LONGEST_TOKEN))
            raise _Stop

    @property
    def line(self) -> int:
        """The line of the parser's event."""
        return int(self.parser.CurrentLineNumber) + self.lines_passed

    def close(self, size: int) -> None:
        """Say that the file ends here. Raises `_Stop`."""
        if not self.first.strip():
            self.note(found("memo.file.empty"))
            raise _Stop
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._refuse(error, at_end=True)

    def note(self, finding: MemoFinding) -> None:
        """Keep a finding, up to as many as are listed."""
        if len(self.findings) < self.limits.findings:
            self.findings.append(finding)
        else:
            self.left_out += 1

    def _refuse(self, error: expat.ExpatError, *, at_end: bool) -> None:
        line = error.lineno + self.lines_passed
        told = sniff(self.first)
        if not self.seen_root and told not in ("application/xml", "text/html") and not is_markup(self.first):
            self.note(found("memo.file.not_xml", what=told or "?"))
        elif at_end and not self.done:
            self.note(found("memo.xml.truncated", "", line))
        elif error.code in SYNTAX:
            self.note(found(SYNTAX[error.code], "", line, encoding=self.encoding))
        else:
            self.note(found("memo.xml.syntax", "", line, why=expat.ErrorString(error.code)))
        raise _Stop

    # --- The parser's events ---

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEEP:
            self.note(found("memo.xml.deep", "", self.line, most=MOST_DEEP))
            raise _Stop
        if self.walker is not None and not self.done:
            self.walker.start(name, attributes, self.line)
            if self.walker.content is not None:
                self.content_at = self.parser.CurrentByteIndex
            if self.walker.content is not None:
                self.content_at = self.parser.CurrentByteIndex
        elif not self.done:
            self._begin(name, attributes, self.line)
        elif name.startswith(expanded(ROOT)):
            self.note(found("memo.wrapped.several", f"/{WRAPPER}/{ROOT}[2]", self.line))
            raise _Stop

    def _text(self, text: str) -> None:
        if self.walker is not None and not self.done:
            self.walker.text(text)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.walker is not None and not self.done:
            self.walker.end()
            self.done = self.walker.message is not None
        elif self.depth == 0 and self.wrapped and not self.done:
            self.note(found("memo.root.unknown", f"/{WRAPPER}", 0, name=WRAPPER, namespace=NAMESPACES["memo"]))
            raise _Stop

    def _begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        """Take the root, or what stands around it."""
        self.seen_root = True
        if name.rpartition(" ")[0] == expanded(ROOT) or name == expanded(ROOT):
            self._begin_message(name, attributes, line)
        elif name == WRAPPER and self.depth == 1:
            self.wrapped = True
        elif self.depth == 1:
            readable = shown(":".join(reversed(name.split(" ")[1:])) or name)
            self.note(found("memo.root.unknown", f"/{readable}", line, name=readable, namespace=NAMESPACES["memo"]))
            raise _Stop

    def _begin_message(self, name: str, attributes: dict[str, str], line: int) -> None:
        path = f"/{WRAPPER}/{ROOT}" if self.wrapped else f"/{ROOT}"
        if self.wrapped:
            self.note(found("memo.wrapped", "", line))
        self.version, notes, rest = told_version(attributes, path, line)
        for one in notes:
            self.note(one)
        if self.version is None:
            raise _Stop
        self.walker = Walker(self.version, self.note, path=path, line=line, keep=self.keep)
        uri, _, prefix = name.partition(" ")[0], "", name.split(" ")[2] if name.count(" ") == 2 else ""
        self.walker.note_prefix(uri, prefix, line)
        self.walker.judge_attributes(rest, path, line)
        if not any(one.split(" ")[0] == XSI and one.split(" ")[1] in SCHEMA_LOCATIONS for one in rest if " " in one):
            self.note(found("memo.xml.no_schema_location", path, line))

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding or self.encoding
        if self.encoding.upper() not in ("UTF-8", "US-ASCII", "ASCII"):
            self.note(found("memo.xml.other_encoding", "", 1, encoding=shown(self.encoding)))

    def _doctype(self, *_: Any) -> None:
        self.note(found("memo.xml.doctype", "", self.line))
        raise _Stop

    def _instruction(self, target: str, data: str) -> None:
        if not any(one.code == "memo.xml.instruction" for one in self.findings):
            self.note(found("memo.xml.instruction", "", self.line))

    # --- The end ---

    def finish(self, *, at: dt.datetime, size: int, place: Place | None) -> list[MemoFinding]:
        """Return everything that was found, in order of place, with what the rules say of the message as a whole."""
        if self.walker and (message := self.walker.message):
            for one in rules.judge(message, at=at, size=size, limits=self.limits):
                self.note(one)
            for one in place.judge(message) if place else ():
                self.note(one)
        listed = sorted(self.findings, key=lambda one: one.line)
        if self.left_out:
            listed.append(found("memo.findings.more", count=self.left_out))
        return listed

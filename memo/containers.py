"""Containers: many messages in one file, a tar archive in LZMA's older form (`.tar.lzma`), written and read as streams.

Each entry is one message, named `<messageUUID>.xml`. Nothing is ever written to disk under a name from an archive.
Format: tar with PAX headers; LZMA alone (not xz), preset 3, dictionary of 16 MiB, with an end marker.
"""

import datetime as dt
import io
import lzma
import re
import struct
import tarfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, cast

from memo.checking import check_message
from memo.reports import MEGABYTE, Limits, MemoFinding, Place, Report, found
from memo.simple_types import shown

FILTERS = [{"id": lzma.FILTER_LZMA1, "preset": 3, "dict_size": 16 * MEGABYTE}]
LARGEST_DICTIONARY = 128 * MEGABYTE
MOST_ENTRIES = 100_000
LARGEST_TOTAL = 20 * 1024 * MEGABYTE
ROOMY = 128 * MEGABYTE
CHUNK = 64 * 1024
HEADER = 13
# What the reader of archives raises for bytes that are none.
NO_TAR = (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError)
# The first byte of LZMA alone says lc, lp and pb; what is greater is something else.
LARGEST_PROPERTIES = (4 * 5 + 4) * 9 + 8
LARGEST_HEADER = 64 * 1024  # bytes of a name, or of what PAX says of an entry
PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)
HEADERS = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.GNUTYPE_SPARSE),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
)
NAME = re.compile(r"([0-9a-fA-F-]{36})\.xml")
OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)


@dataclass(frozen=True)
class Bounds:
    """What a container may hold: bytes unpacked, entries, and how many times its packed size (None: any number).

    A ratio counts only from `ROOMY` bytes on: letters of one kind resemble each other.
    """

    total: int = LARGEST_TOTAL
    entries: int = MOST_ENTRIES
    ratio: int | None = None


WIDE = Bounds()


@dataclass(frozen=True)
class Entry:
    """A message of a container: its name there and what its check said."""

    name: str
    report: Report


@dataclass(frozen=True)
class Outcome:
    """What is to be said of a container as a whole, and how many messages it held."""

    findings: list[MemoFinding] = field(default_factory=list)
    entries: int = 0


def is_container(first: bytes) -> bool:
    """Say whether a file that begins so is a container, or another archive that somebody takes for one."""
    if any(first.startswith(magic) for magic, _name in OTHER_FORMATS) or first[257:262] == b"ustar":
        return True
    if len(first) < HEADER or first[0] > LARGEST_PROPERTIES:
        return False
    dictionary, size = struct.unpack("<IQ", first[1:HEADER])
    return bool(dictionary >= 4096 and dictionary & 0xFFF == 0 and (size == 2**64 - 1 or size < 2**48))


# --- Writing ---


def write(messages: Iterable[tuple[uuid.UUID, bytes]], out: BinaryIO) -> int:
    """Write messages, (messageUUID, file) each, into a container; return how many. Memory holds one at a time."""
    count = 0
    with (
        lzma.LZMAFile(out, "wb", format=lzma.FORMAT_ALONE, filters=FILTERS) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for id_, content in messages:
            entry = tarfile.TarInfo(f"{id_}.xml")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
            count += 1
    return count


# --- Reading ---


class Refused(Exception):
    """The container cannot be read, or not to its end; `finding` says why."""

    def __init__(self, finding: MemoFinding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _Entry(tarfile.TarInfo):
    """An entry whose long name or further headers are not read when they are longer than any name."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in HEADERS and self.size > LARGEST_HEADER:
            raise Refused(found("memo.container.no_tar"))
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]


class _Unpacked(io.RawIOBase):
    """What an LZMA file holds, as a stream that keeps within bounds."""

    def __init__(self, source: BinaryIO, bounds: Bounds) -> None:
        self.source, self.bounds = source, bounds
        # The dictionary is the memory that unpacking takes.
        self.unpacker = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=LARGEST_DICTIONARY + 16 * MEGABYTE)
        self.packed = self.total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next; 0 at the end."""
        while not self.unpacker.eof:
            packed = self.source.read(CHUNK) if self.unpacker.needs_input else b""
            if self.unpacker.needs_input and not packed:
                raise Refused(found("memo.container.truncated"))
            try:
                data = self.unpacker.decompress(packed, max_length=len(buffer))
            except lzma.LZMAError as error:
                code = "memo.container.dictionary" if "emory" in str(error) else "memo.container.damaged"
                raise Refused(found(code, most=LARGEST_DICTIONARY // MEGABYTE)) from None
            self.packed += len(packed)
            if data:
                self._count(len(data))
                buffer[: len(data)] = data
                return len(data)
        return 0

    def _count(self, unpacked: int) -> None:
        self.total += unpacked
        if self.total > self.bounds.total:
            raise Refused(found("memo.container.large", megabytes=self.bounds.total // MEGABYTE))
        ratio = self.bounds.ratio
        if ratio and self.total > ROOMY and self.total > ratio * self.packed:
            raise Refused(found("memo.container.dense", ratio=ratio))


def messages(source: BinaryIO, *, bounds: Bounds = WIDE) -> Iterator[tuple[str, BinaryIO]]:
    """Yield name and content of each message, one after the other; each stream ends when the next is asked for.

    Raises `Refused`, from here or while a stream is read, for what is no container, is damaged, or holds too much.
    """
    first = source.read(512)
    for magic, name in OTHER_FORMATS:
        if first.startswith(magic):
            raise Refused(found("memo.container.format", format=name))
    if first[257:262] == b"ustar":
        raise Refused(found("memo.container.format", format="tar"))
    if not is_container(first):
        raise Refused(found("memo.container.format", format="?"))
    unpacked = io.BufferedReader(_Unpacked(cast(BinaryIO, Chained(first, source)), bounds), CHUNK)
    try:
        with tarfile.open(fileobj=unpacked, mode="r|", errorlevel=0, tarinfo=_Entry) as archive:
            for count, member in enumerate(archive):
                if count >= bounds.entries:
                    raise Refused(found("memo.container.many", most=bounds.entries))
                content = archive.extractfile(member) if member.type in PLAIN else None
                if content is not None:
                    yield member.name, cast(BinaryIO, content)
    except NO_TAR:
        raise Refused(found("memo.container.no_tar")) from None


class Chained:
    """A stream of which the first bytes were read already."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self.first, self.rest = first, rest

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size`."""
        if self.first:
            given, self.first = self.first[:size], self.first[size:]
            return given
        return self.rest.read(size)


def check_container(
    source: BinaryIO,
    *,
    at: dt.datetime,
    limits: Limits | None = None,
    place: Place | None = None,
    keep: int = 0,
    fingerprint: bool = False,
    bounds: Bounds = WIDE,
) -> Iterator[Entry | Outcome]:
    """Yield each message with its report, and at last what is to be said of the container as a whole.

    As `check_message`, within bounds. Rule M15: no two messages of a container have the same
    messageUUID.
    """
    limits = limits or Limits.of_installation()
    notes: list[MemoFinding] = []
    seen: dict[uuid.UUID, str] = {}
    count = 0
    try:
        for name, content in messages(source, bounds=bounds):
            count += 1
            report = check_message(content, at=at, limits=limits, place=place, keep=keep, fingerprint=fingerprint)
            yield Entry(shown(name), _with_name(report, name, seen))
    except Refused as refused:
        notes.append(refused.finding)
    except NO_TAR:
        notes.append(found("memo.container.no_tar"))
    if not count and not notes:
        notes.append(found("memo.container.empty"))
    yield Outcome(notes, count)


def _with_name(report: Report, name: str, seen: dict[uuid.UUID, str]) -> Report:
    """Return the report with what its name and its UUID tell within the container."""
    header = report.message.message_header if report.message else None
    id_ = header.message_uuid if header else None
    more: list[MemoFinding] = []
    where = header.place("memo:messageUUID") if header else ("", 0)
    if id_ is not None and id_ in seen:
        more.append(found("memo.container.twice", *where, value=str(id_), other=shown(seen[id_])))
    elif id_ is not None:
        seen[id_] = name
    match = NAME.fullmatch(name)
    if id_ is not None and (match is None or match[1].lower() != str(id_)):
        more.append(found("memo.container.name", *where, name=shown(name), expected=f"{id_}.xml"))
    return replace(report, findings=[*report.findings, *more]) if more else report

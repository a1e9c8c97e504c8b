"""Writing a MeMo message: elements in the order of the format, prefix `memo`, times in UTC, large files streamed.

`write` takes a message as `memo.messages` has it. Whatever it does not state is left out; what the format does not
know in that version is refused before anything is written. What was written passes `memo.checking`, provided that the
message states what the format requires.
"""

import base64
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from memo.elements import (
    NAMESPACES,
    ROOT,
    SCHEMA_VERSION,
    SCHEMA_VERSION_ATTRIBUTE,
    VERSION_ATTRIBUTE,
    Child,
    Type,
    Version,
    children,
)
from memo.messages import File, Message
from memo.parts import Element, field_name

# A multiple of three, so that pieces of base64 join without padding between them.
CHUNK = 3 * 64 * 1024
ILLEGAL = dict.fromkeys((*range(0x9), 0xB, 0xC, *range(0xE, 0x20), 0xFFFE, 0xFFFF))


class CannotBeWritten(ValueError):
    """The message states something that its version does not know, or a file has no content."""


def new_uuid() -> uuid.UUID:
    """Return a UUID of version 4, the only one that MeMo takes."""
    return uuid.uuid4()


def write(message: Message, out: BinaryIO) -> None:
    """Write a message as UTF-8. Files are read from their paths in pieces. Raises `CannotBeWritten` or OSError."""
    for piece in parts(message):
        out.write(piece)


def parts(message: Message) -> Iterator[bytes]:
    """Yield the message in pieces. Raises `CannotBeWritten` before the first."""
    _require_known(ROOT, message, message.version)
    return _parts(message)


def _parts(message: Message) -> Iterator[bytes]:
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in sorted(_used(ROOT, message)))
    versions = f' {VERSION_ATTRIBUTE}="{message.version}"'
    if message.version is Version.V1_1:
        versions += f' {SCHEMA_VERSION_ATTRIBUTE}="{SCHEMA_VERSION}"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}{declared}{versions}>\n'.encode()
    yield from _children(ROOT, message, message.version, "  ")
    yield f"</{ROOT}>\n".encode()


def _children(name: str, element: Element, version: Version, indent: str) -> Iterator[bytes]:
    for child in children(name, version):
        for value in _values(element, child):
            if child.type is Type.COMPLEX:
                yield f"{indent}<{child.name}>\n".encode()
                yield from _children(child.name, value, version, indent + "  ")
                yield f"{indent}</{child.name}>\n".encode()
            elif child.type is Type.CONTENT:
                yield f"{indent}<{child.name}>".encode()
                yield from _content(value)
                yield f"</{child.name}>\n".encode()
            else:
                text = escape(_text(value).translate(ILLEGAL), {"\r": "&#13;"})
                yield f"{indent}<{child.name}>{text}</{child.name}>\n".encode()


def _values(element: Element, child: Child) -> Iterable[Any]:
    value = getattr(element, field_name(child.name))
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _text(value: str | bool | uuid.UUID | dt.datetime | dt.date) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _content(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, len(content), CHUNK):
            yield base64.b64encode(content[start : start + CHUNK])
        return
    with content.open("rb") as file:
        while piece := _full(file):
            yield base64.b64encode(piece)


def _full(file: BinaryIO) -> bytes:
    """Return the next piece of a file, shorter only at its end."""
    piece = file.read(CHUNK)
    while piece and len(piece) < CHUNK and (more := file.read(CHUNK - len(piece))):
        piece += more
    return piece


def _used(name: str, element: Element) -> set[tuple[str, str]]:
    """Return the namespaces, by prefix, of an element and all below it."""
    prefix = name.partition(":")[0]
    used = {(prefix, NAMESPACES[prefix])}
    for child in _every_child(name):
        for value in _values(element, child):
            if child.type is Type.COMPLEX:
                used |= _used(child.name, value)
    return used


def _every_child(name: str) -> list[Child]:
    listed = {child.name: child for version in Version for child in children(name, version)}
    return list(listed.values())


def _require_known(name: str, element: Element, version: Version) -> None:
    known = {child.name for child in children(name, version)}
    for child in _every_child(name):
        values = list(_values(element, child))
        if values and child.name not in known:
            raise CannotBeWritten(f"{child.name} is not there in MeMo {version}")
        for value in values if child.type is Type.COMPLEX else ():
            _require_known(child.name, value, version)
    if isinstance(element, File) and element.content is None:
        raise CannotBeWritten(f"the file {element.filename} has no content")

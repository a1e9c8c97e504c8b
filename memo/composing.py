"""A message, or a container of several, made from what a form describes, and checked before it is given out."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from adgang.lib.findings import Severity
from memo import building, containers
from memo.checking import check_message
from memo.messages import Message
from memo.reports import MEGABYTE, Limits, MemoFinding

IN_MEMORY = 5 * MEGABYTE  # beyond it, what is made lies in a temporary file while it is sent


@dataclass(frozen=True)
class Composed:
    """What was made: a name and a stream at its beginning; `refused` is what is wrong with it."""

    name: str
    stream: BinaryIO
    refused: list[MemoFinding]


def content_of(upload: "UploadedFile[bytes]") -> bytes | Path:
    """Return an upload as the content of a file: where it lies on disk, or what it holds."""
    if isinstance(upload, TemporaryUploadedFile):
        return Path(upload.temporary_file_path())
    upload.seek(0)
    content: bytes = upload.read()
    return content


def compose(message: Message, *, count: int, at: dt.datetime) -> Composed:
    """Write the message, or `count` of its kind into a container, and check it as of `at`."""
    stream = _empty()
    building.write(message, stream)
    stream.seek(0)
    report = check_message(stream, at=at, limits=Limits.of_installation())
    refused = [one for one in report.findings if one.severity is Severity.ERROR]
    header = message.message_header
    name = str(header.message_uuid) if header else "memo"
    if count > 1 and not refused:
        stream.close()
        stream = _empty()
        containers.write(((id_, b"".join(building.parts(one))) for id_, one in _copies(message, count)), stream)
        name = f"{count}-memo"
    stream.seek(0)
    return Composed(f"{name}.tar.lzma" if count > 1 else f"{name}.xml", stream, refused)


def _empty() -> BinaryIO:
    """Return a file without a name, which is gone once it is closed: by whoever sends it."""
    return cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))


def _copies(message: Message, count: int) -> Iterator[tuple[uuid.UUID, Message]]:
    """Yield messages that differ in their UUID alone."""
    for _number in range(count):
        id_ = building.new_uuid()
        if message.message_header:
            yield id_, replace(message, message_header=replace(message.message_header, message_uuid=id_))

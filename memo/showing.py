"""A checked message as its page shows it: the verdict, the findings by severity, and the message itself to be read.

Every text of the message has an anchor made from its path, so that a finding leads to the place it is about.
"""

import base64
import datetime as dt
import json
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import dates
from adgang.lib.cpr import masked
from adgang.lib.findings import Severity
from memo.elements import ROOT, Version, children
from memo.evidence import Verdict
from memo.labels import label
from memo.messages import Document, File, Message
from memo.parts import Element, field_name
from memo.previews import Budget, preview
from memo.reports import MemoFinding, Report

DOCUMENTS = ("memo:MainDocument", "memo:AdditionalDocument", "memo:TechnicalDocument")
# What is put into the page for the reader to take along; larger files they have themselves.
LARGEST_DOWNLOAD = 512 * 1024


def anchor(path: str) -> str:
    """Return the id of the place on the page that shows an element."""
    return f"p{zlib.crc32(path.encode()):08x}"


@dataclass(frozen=True)
class Row:
    """A text of the message: what it is called, the text, and where it stands."""

    label: str
    text: str
    anchor: str


@dataclass(frozen=True)
class FileView:
    """A file of a document. `download` is a data URI, "" for a file that is too large for one."""

    name: str
    format: str
    size: int | None
    sha256: str
    anchor: str
    preview: str = ""
    picture: str = ""
    download: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the message under a heading."""

    title: str
    anchor: str
    rows: list[Row]
    files: list[FileView] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A finding and the place on the page to which it leads; "" for none."""

    found: MemoFinding
    target: str


class CheckedView:
    """One checked message of an upload; `number` tells it from the others on the page, which share a
    budget of pictures."""

    # The CVR number it was checked for; "" where nobody was signed in.
    owner = ""

    def __init__(self, name: str, report: Report, *, number: int = 1, budget: Budget | None = None) -> None:
        self.name, self.report, self.number = name, report, number
        self.budget = budget or Budget()

    @property
    def signed(self) -> str:
        """The verdict, signed, so that it can be kept as evidence or had as a file later."""
        return Verdict.of(self.report, filename=self.name, owner=self.owner).signed()

    @property
    def message(self) -> Message | None:
        """What was read."""
        return self.report.message

    @cached_property
    def places(self) -> list[Place]:
        """The findings, the worst first, each with its place."""
        known = set(self._anchors())
        order = list(Severity)
        listed = sorted(self.report.findings, key=lambda one: (order.index(one.severity), one.line))
        return [Place(one, self._target(one.path, known)) for one in listed]

    def count(self, severity: Severity) -> int:
        """Return how many findings there are of a severity."""
        return sum(one.severity is severity for one in self.report.findings)

    @property
    def summary(self) -> str:
        """The verdict in one sentence, also for those who do not see the page."""
        errors, warnings = self.count(Severity.ERROR), self.count(Severity.WARNING)
        if errors:
            return ngettext("%(count)s fault", "%(count)s faults", errors) % {"count": errors}
        if warnings:
            return ngettext("%(count)s remark", "%(count)s remarks", warnings) % {"count": warnings}
        return _("Nothing wrong was found")

    @property
    def as_file(self) -> str:
        """The report as a file of JSON, in a data URI."""
        told = {"file": self.name, "sha256": self.report.sha256 or None, **self.report.as_json()}
        content = json.dumps(told, ensure_ascii=False, indent=2).encode()
        return f"data:application/json;base64,{base64.b64encode(content).decode()}"

    @cached_property
    def sections(self) -> list[Section]:
        """The message part by part, in the order of the format."""
        if self.message is None:
            return []
        version = self.message.version
        header, body = self.message.message_header, self.message.message_body
        parts: list[tuple[str, Element]] = []
        if header is not None:
            parts.append(("memo:MessageHeader", header))
            parts += [(name, one) for name, one in _below("memo:MessageHeader", header, version)]
        sections = [self._section(name, element, version) for name, element in parts]
        if body is not None:
            sections += [
                self._section(name, one, version)
                for name, one in _below("memo:MessageBody", body, version)
                if name in DOCUMENTS
            ]
        return sections

    def _section(self, name: str, element: Element, version: Version) -> Section:
        files = [self._file(file) for file in element.file] if isinstance(element, Document) else []
        title = _("The message") if name == "memo:MessageHeader" else label(name)
        return Section(title, self._anchor(element.path), list(self._rows(name, element, version)), files)

    def _rows(self, name: str, element: Element, version: Version, over: str = "") -> Iterator[Row]:
        for child in children(name, version):
            value = getattr(element, field_name(child.name))
            if child.name == "memo:File" or value in (None, ()):
                continue
            if isinstance(value, Element | tuple):
                if name == "memo:MessageHeader":
                    continue  # a section of its own
                for one in value if isinstance(value, tuple) else (value,):
                    yield from self._rows(child.name, one, version, f"{over}{label(child.name)}: ")
            else:
                path = element.place(child.name)[0]
                yield Row(over + label(child.name), shown(value), self._anchor(path))

    def _file(self, file: File) -> FileView:
        text, picture = preview(file, self.budget)
        content = file.content if isinstance(file.content, bytes) else None
        download = ""
        if content is not None and len(content) <= LARGEST_DOWNLOAD:
            download = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
        return FileView(
            name=masked(file.filename or "–"),
            format=file.encoding_format or "–",
            size=file.size,
            sha256=file.sha256 or "",
            anchor=self._anchor(file.path),
            preview=masked(text),
            picture=picture,
            download=download,
        )

    def _anchor(self, path: str) -> str:
        return f"{anchor(path)}-{self.number}"

    def _anchors(self) -> Iterator[str]:
        for section in self.sections:
            yield section.anchor
            yield from (row.anchor for row in section.rows)
            yield from (file.anchor for file in section.files)

    def _target(self, path: str, known: set[str]) -> str:
        """Return the anchor of the place of a path, or of the nearest part of the message around it."""
        while path.strip("/") and path != f"/{ROOT}":
            if (here := self._anchor(path)) in known:
                return here
            path = path.rpartition("/")[0]
        return ""


def _below(name: str, element: Element, version: Version) -> Iterator[tuple[str, Element]]:
    for child in children(name, version):
        value = getattr(element, field_name(child.name))
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Element):
                yield child.name, one


def shown(value: Any) -> str:
    """Return a text of a message for people to read; CPR numbers are masked."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case dt.datetime():
            return dates.moment(value)
        case dt.date():
            return dates.day(value)
        case uuid.UUID():
            return str(value)
        case _:
            return masked(str(value))

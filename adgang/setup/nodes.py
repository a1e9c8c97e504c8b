"""What a YAML file holds, as a tree that knows its lines: texts, lists and maps, nothing else.

Every plain value is a text here; what it means is decided by the key it stands at, never by how it looks. So `no` as a
name is a name, and a CVR number keeps its zeros.
"""

from dataclasses import dataclass, field
from typing import Any, Union

from adgang.lib.findings import Finding, finding

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Text:
    """A value. `plain`: written without quotes, so that it may be a word such as `true`."""

    line: int
    value: str
    plain: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether the key stands there without a value."""
        return self.plain and self.value in NOTHING


@dataclass(slots=True)
class Items:
    """A list."""

    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Entries:
    """A map; its keys in the order of the file, each with its line."""

    line: int
    entries: dict[str, "Node"] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node = Union[Text, Items, Entries]  # noqa: UP007 – the classes above name it before it is there


@dataclass(frozen=True)
class Found:
    """Something about a set-up file: what, in which line (None: about all of it), at which key."""

    finding: Finding
    line: int | None = None
    key: str = ""


class Unreadable(Exception):
    """The file cannot be read any further; `found` says where and why."""

    def __init__(self, code: str, /, *, line: int | None = None, key: str = "", **params: Any) -> None:
        super().__init__(code)
        self.found = Found(finding(code, **params), line, key)

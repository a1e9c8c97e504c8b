"""Reading YAML from the events of libyaml: no objects are made, no references followed, and nothing nests for ever."""

from collections.abc import Iterator
from typing import Any

import yaml

from adgang.setup.nodes import Entries, Items, Node, Text, Unreadable

DEEPEST = 200
MOST = 2_000_000  # texts, lists and maps
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(content: bytes) -> Node:
    """Return the tree of a file with one document. Raises `Unreadable`."""
    try:
        return _Reader().read(yaml.parse(content, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise Unreadable("setup.yaml", line=line, problem=error.problem or error.context or "") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Unreadable("setup.encoding") from None


class _Reader:
    """Puts events together; `open` are the lists and maps that are not closed yet, with the key that waits."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Items | Entries] = []
        self.keys: list[Text | None] = []
        self.count = 0

    def read(self, events: Iterator[Any]) -> Node:
        for event in events:
            self.take(event)
        if self.root is None:
            raise Unreadable("setup.empty")
        return self.root

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.AliasEvent():
                raise Unreadable("setup.reference", line=line)
            case yaml.ScalarEvent() | yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.refuse_marks(event, line)
                self.begin(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.open.pop()
                self.keys.pop()

    def refuse_marks(self, event: Any, line: int) -> None:
        if event.anchor is not None or (event.tag is not None and event.tag != "!"):
            raise Unreadable("setup.reference", line=line)
        self.count += 1
        if self.count > MOST:
            raise Unreadable("setup.large", line=line)

    def begin(self, event: Any, line: int) -> None:
        if isinstance(event, yaml.ScalarEvent):
            text = Text(line, event.value, plain=not event.style)
            if not self.is_key(text):
                self.put(text)
            return
        made: Items | Entries = Items(line) if isinstance(event, yaml.SequenceStartEvent) else Entries(line)
        self.put(made)
        self.open.append(made)
        self.keys.append(None)
        if len(self.open) > DEEPEST:
            raise Unreadable("setup.deep", line=line)

    def is_key(self, text: Text) -> bool:
        """Say whether a text is the next key of the map that is open; then it waits for its value."""
        here = self.open[-1] if self.open else None
        if not isinstance(here, Entries) or self.keys[-1] is not None:
            return False
        if text.value in here.entries:
            raise Unreadable("setup.key_twice", line=text.line, key=text.value, first=here.lines[text.value])
        self.keys[-1] = text
        return True

    def put(self, node: Node) -> None:
        here = self.open[-1] if self.open else None
        if here is None:
            if self.root is not None:
                raise Unreadable("setup.documents", line=node.line)
            self.root = node
        elif isinstance(here, Items):
            here.items.append(node)
        else:
            key = self.keys[-1]
            if key is None:
                raise Unreadable("setup.key_form", line=node.line)
            here.entries[key.value] = node
            here.lines[key.value] = key.line
            self.keys[-1] = None

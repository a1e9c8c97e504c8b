"""The order of elements: which stand where, how often, and what their texts must be, told as they flow by.

The walker takes the parser's events, notes every violation with its path and line, and builds the message. An element
that is misspelt or of the wrong namespace is taken for the one that is meant, so that one fault is told once; one that
has no business there is passed over with all in it.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from memo.contents import Content
from memo.elements import NAMESPACES, PREFIXES, ROOT, Version, children, names, parents
from memo.leaves import judge_text
from memo.messages import CLASSES, Message
from memo.reports import MemoFinding, found
from memo.simple_types import BLANK, Bad, shown
from memo.sniffing import sniff
from memo.specs import Slot, Spec, longest_in_order, spec_of

SIMILAR = 0.75
MOST_KEPT = 2000  # of one kind of element in one place: beyond, they are counted only
LONGEST_KEPT = 4096  # characters of a text; what is longer is too long in any case
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA_LOCATIONS = frozenset({"schemaLocation", "noNamespaceSchemaLocation"})


class Frame:
    """An open element with children."""

    __slots__ = (
        "counts",
        "disordered",
        "extra",
        "highest",
        "line",
        "lines",
        "path",
        "sequence",
        "slot",
        "spec",
        "text",
        "values",
    )

    def __init__(self, spec: Spec, slot: Slot | None, path: str, line: int) -> None:
        self.spec, self.slot, self.path, self.line = spec, slot, path, line
        self.counts: dict[int, int] = {}
        self.extra: dict[int, tuple[str, int]] = {}
        # (index, slot, how many-eth, line) of each run of equal elements.
        self.sequence: list[tuple[int, Slot, int, int]] = []
        self.highest = -1
        self.disordered = self.text = False
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}


class Walker:
    """Takes the events of one message. `note` takes what is found; `message` is what was read."""

    def __init__(
        self, version: Version, note: Callable[[MemoFinding], None], *, path: str, line: int, keep: int
    ) -> None:
        self.version, self.note, self.keep = version, note, keep
        self.message: Message | None = None
        self.prefixes: set[tuple[str, str]] = set()
        self.frames = [Frame(spec_of(ROOT, version), None, path, line)]
        self.skipped = 0
        self.leaf: Slot | None = None
        self.leaf_line = self.leaf_number = self.leaf_length = 0
        self.parts: list[str] = []
        self.content: Content | None = None

    # --- The parser's events ---

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins; `name` is "namespace local prefix"."""
        if self.skipped:
            self.skipped += 1
            return
        frame = self.frames[-1]
        if self.leaf is not None:
            self._refuse_in_text(name, line)
            self.skipped = 1
            return
        slot = frame.spec.slots.get(name) or self._resolve(frame, name, line)
        if slot is None:
            self.skipped = 1
            return
        number = self._count(frame, slot, line)
        if attributes:
            self.judge_attributes(attributes, _path(frame, slot, number), line)
        if slot.spec is not None:
            self.frames.append(Frame(slot.spec, slot, _path(frame, slot, number), line))
            return
        self.leaf, self.leaf_line, self.leaf_number, self.leaf_length = slot, line, number, 0
        self.content = Content(self.keep) if slot.is_content else None

    def text(self, text: str) -> None:
        """Text flows by."""
        if self.skipped:
            return
        if self.content is not None:
            self.content.feed(text.encode())
        elif self.leaf is not None:
            if self.leaf_length < LONGEST_KEPT:
                self.parts.append(text)
            self.leaf_length += len(text)
        elif not self.frames[-1].text and text.strip(BLANK):
            frame = self.frames[-1]
            frame.text = True
            self.note(found("memo.text.unexpected", frame.path, frame.line, value=shown(text)))

    def end(self) -> None:
        """The innermost element ends."""
        if self.skipped:
            self.skipped -= 1
        elif self.leaf is not None:
            self._end_leaf(self.leaf, self.frames[-1])
        else:
            self._end_frame(self.frames.pop())

    def judge_attributes(self, attributes: Iterable[str], path: str, line: int) -> None:
        """Refuse attributes, except those that name a schema."""
        for name in attributes:
            parts = name.split(" ")
            if not (len(parts) > 1 and parts[0] == XSI and parts[1] in SCHEMA_LOCATIONS):
                self.note(found("memo.attribute.unknown", path, line, name=shown(_readable(name))))

    # --- Where something stands ---

    def _count(self, frame: Frame, slot: Slot, line: int) -> int:
        index = slot.index
        number = frame.counts.get(index, 0) + 1
        frame.counts[index] = number
        if slot.most is not None and number == slot.most + 1:
            frame.extra[index] = (_path(frame, slot, number), line)
        if index < frame.highest:
            frame.disordered = True
        if not frame.sequence or frame.sequence[-1][0] != index:
            frame.sequence.append((index, slot, number, line))
        frame.highest = max(frame.highest, index)
        return number

    def _resolve(self, frame: Frame, name: str, line: int) -> Slot | None:
        """Return the child that an unusual name stands for, noting what is unusual; None for one to be passed over."""
        uri, local, prefix = _parts(name)
        if slot := frame.spec.bare.get(f"{uri} {local}"):
            self.note_prefix(uri, prefix, line)
            return slot
        here = {one.name.partition(":")[2]: one for one in frame.spec.ordered}
        known = f"{PREFIXES[uri]}:{local}" if uri in PREFIXES else ""
        path = f"{frame.path}/{known or _readable(name)}"
        if others := [one for one in Version if any(child.name == known for child in children(frame.spec.name, one))]:
            self.note(
                found("memo.element.other_version", path, line, name=known, version=self.version, other=others[0])
            )
            return None
        if meant := here.get(local):
            namespace = NAMESPACES[meant.name.partition(":")[0]]
            self.note(
                found("memo.element.namespace", path, line, name=_readable(name), meant=meant.name, namespace=namespace)
            )
            return meant
        if known in KNOWN:
            self.note(
                found("memo.element.misplaced", path, line, name=known, parent=frame.spec.name, parents=parents(known))
            )
            return None
        if meant := _meant(local, here):
            self.note(found("memo.element.misspelt", path, line, name=_readable(name), meant=meant.name))
            return meant
        self.note(found("memo.element.unknown", path, line, name=shown(_readable(name))))
        return None

    def note_prefix(self, uri: str, prefix: str, line: int) -> None:
        """Say, once for each, that a namespace has an unusual prefix."""
        usual = PREFIXES[uri]
        if prefix != usual and (uri, prefix) not in self.prefixes:
            self.prefixes.add((uri, prefix))
            code = "memo.xml.prefix" if prefix else "memo.xml.no_prefix"
            self.note(found(code, "", line, prefix=prefix, usual=usual))

    def _refuse_in_text(self, name: str, line: int) -> None:
        leaf, frame = self.leaf, self.frames[-1]
        if leaf is not None:
            path = _path(frame, leaf, self.leaf_number)
            self.note(found("memo.element.in_text", path, line, name=shown(_readable(name)), parent=leaf.name))

    # --- What has ended ---

    def _end_leaf(self, slot: Slot, frame: Frame) -> None:
        self.leaf = None
        line, number = self.leaf_line, self.leaf_number
        if self.content is not None:
            content, self.content = self.content, None
            self._end_content(content, frame, _path(frame, slot, number), line)
            return
        text = "".join(self.parts) if len(self.parts) != 1 else self.parts[0]
        self.parts.clear()
        try:
            if self.leaf_length > LONGEST_KEPT:
                text += " " * (self.leaf_length - len(text))
            value = slot.reader(text) if slot.reader else text
        except Bad as bad:
            self.note(found(bad.code, _path(frame, slot, number), line, **bad.params))
            value = None
        else:
            for code, params in judge_text(slot.name, slot.child.type, text, value):
                self.note(found(code, _path(frame, slot, number), line, **params))
        if slot.field_name not in frame.values:
            frame.values[slot.field_name] = value
            frame.lines[slot.field_name] = line

    def _end_content(self, content: Content, frame: Frame, path: str, line: int) -> None:
        content.close()
        frame.lines["content"] = line
        if content.fault:
            self.note(found(content.fault, path, line, value=content.fault_value))
            return
        if not content.size:
            self.note(found("memo.content.empty", path, line))
        frame.values |= {
            "content": content.data,
            "size": content.size,
            "sha256": content.sha256,
            "sniffed": sniff(content.first) if content.size else "",
        }

    def _end_frame(self, frame: Frame) -> None:
        self._judge_frame(frame)
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in frame.values.items()
        }
        values |= {"path": frame.path, "line": frame.line, "lines": frame.lines}
        if frame.slot is None:
            self.message = Message(version=self.version, **values)
            return
        made, over = CLASSES[frame.spec.name](**values), self.frames[-1].values
        if frame.slot.most == 1:
            over.setdefault(frame.slot.field_name, made)
        elif len(kept := over.setdefault(frame.slot.field_name, [])) < MOST_KEPT:
            kept.append(made)

    def _judge_frame(self, frame: Frame) -> None:
        for slot in frame.spec.required:
            if slot.index not in frame.counts:
                order = frame.spec.around(slot)
                place = f"{frame.path}/{slot.name}"
                self.note(
                    found(
                        "memo.element.missing", place, frame.line, name=slot.name, parent=frame.spec.name, order=order
                    )
                )
        for index, (path, line) in frame.extra.items():
            slot = frame.spec.ordered[index]
            self.note(found("memo.element.many", path, line, name=slot.name, count=frame.counts[index], most=slot.most))
        chosen = [slot for slot in frame.spec.choices if slot.index in frame.counts]
        if len(chosen) > 1:
            self.note(found("memo.element.choice", frame.path, frame.line, one=chosen[0].name, other=chosen[1].name))
        if frame.disordered:
            self._judge_order(frame)

    def _judge_order(self, frame: Frame) -> None:
        kept = longest_in_order([one[0] for one in frame.sequence])
        for position, (_index, slot, number, line) in enumerate(frame.sequence):
            if position not in kept:
                order = frame.spec.around(slot)
                self.note(found("memo.element.order", _path(frame, slot, number), line, name=slot.name, order=order))


KNOWN = frozenset(names())


def _path(frame: Frame, slot: Slot, number: int) -> str:
    place = f"[{number}]" if slot.most != 1 or number > 1 else ""
    return f"{frame.path}/{slot.name}{place}"


def _parts(name: str) -> tuple[str, str, str]:
    """Return namespace, local name and prefix of a name as the parser gives it."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def _readable(name: str) -> str:
    """Return a name as it stands in the file."""
    _uri, local, prefix = _parts(name)
    return f"{prefix}:{local}" if prefix else local


def _meant(local: str, here: dict[str, Slot]) -> Slot | None:
    folded = {name.casefold(): slot for name, slot in here.items()}
    near = get_close_matches(local.casefold(), folded, n=1, cutoff=SIMILAR)
    return folded[near[0]] if near else None

"""Saved answers of the registry of Digital Post about the contact structure, read into our words. Nothing is written.

An answer is a search result, a list, or a single object; its kind is told by its properties. The generated clients of
the registry write "not set" in ways of their own: null, the zero UUID, UNKNOWN.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from adgang.lib.findings import Finding, finding
from contacts.codes import tidy
from contacts.models import CodeType
from contacts.registry_properties import Document, id_of, label, long_text, parts, text, whole_number
from contacts.texts import folded
from contacts.values import Code, GroupValues, Mailbox

LISTS = {"systems": "systems", "contactGroups": "groups", "contactPoints": "points"}
# A property that only objects of one kind have.
SIGNS = {
    "serviceProtocol": "systems",
    "systemTypes": "systems",
    "contactPointCodes": "points",
    "contactGroups": "points",
    "searchTerms": "points",
    "systemId": "points",
    "organisationalUnit": "groups",
    "postkasseIds": "groups",
}
AUDIENCES = {"CITIZEN": "for_citizens", "COMPANY": "for_companies", "AUTHORITY": "for_authorities"}
LINK = {
    "label": "report_link_label",
    "description": "report_link_description",
    "externalLink": "report_link_url",
    "externalLinkText": "report_link_text",
}


@dataclass(frozen=True)
class Noted:
    """A finding about an object of a file; `where` names the object."""

    file: str
    where: str
    finding: Finding


@dataclass
class GroupDocument:
    """A group as the registry has it; `nested` when it was only told of inside another object."""

    file: str
    id: uuid.UUID
    parent_id: uuid.UUID | None
    values: GroupValues
    nested: bool = False


@dataclass
class PointDocument:
    """A point as the registry has it: its values without the system, and where it stands."""

    file: str
    id: uuid.UUID
    values: dict[str, Any]
    system_id: uuid.UUID | None
    group_ids: list[uuid.UUID]


@dataclass
class Answers:
    """Everything in some files, and what could not be read."""

    systems: list[tuple[str, Document]] = field(default_factory=list)
    groups: dict[uuid.UUID, GroupDocument] = field(default_factory=dict)
    points: dict[uuid.UUID, PointDocument] = field(default_factory=dict)
    noted: list[Noted] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)

    def note(self, file: str, where: str, code: str, **params: Any) -> None:
        """Add a finding of the table."""
        self.noted.append(Noted(file, where, finding(code, **params)))


def read(files: Mapping[str, bytes]) -> Answers:
    """Return what some files say, by name; never raises."""
    answers = Answers()
    for name, content in files.items():
        try:
            value = json.loads(content.decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            answers.note(name, "", "registry.not_json")
            continue
        _read_file(name, value, answers)
    _compare_totals(answers)
    return answers


def _read_file(name: str, value: Any, answers: Answers) -> None:
    kind, found = _objects(value)
    if not kind:
        answers.note(name, "", "registry.not_json")
        return
    total = value.get("totalElements") if isinstance(value, dict) else None
    if isinstance(total, int):
        answers.totals[kind] = max(total, answers.totals.get(kind, 0))
    for number, one in enumerate(found, start=1):
        if not isinstance(one, dict):
            answers.note(name, f"{number}", "registry.not_object")
        elif kind == "systems":
            answers.systems.append((name, one))
        elif kind == "groups":
            _read_group(name, one, answers)
        else:
            _read_point(name, one, answers)


def _objects(value: Any) -> tuple[str, list[Any]]:
    """Return the kind of what an answer holds ("" when it is none), and the objects."""
    if isinstance(value, list):
        return (_kind(value[0]) if value else "systems"), value
    for key, kind in LISTS.items():
        # A point has a list of its groups, too; only a search result has paging beside it.
        if isinstance(value, dict) and "id" not in value and isinstance(value.get(key), list | None) and key in value:
            return kind, value[key] or []
    return _kind(value), [value]


def _kind(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return next((kind for sign, kind in SIGNS.items() if sign in value), "groups" if "name" in value else "")


def _compare_totals(answers: Answers) -> None:
    held = {
        "systems": len(answers.systems),
        "groups": sum(not group.nested for group in answers.groups.values()),
        "points": len(answers.points),
    }
    for kind, total in answers.totals.items():
        if held[kind] < total:
            answers.note("", kind, "registry.pages_missing", count=held[kind], total=total)


def _read_group(file: str, document: Document, answers: Answers, *, nested: bool = False) -> uuid.UUID | None:
    """Take a group, and the groups above it that are told of inside it; return its id, None when it has none."""
    above: list[Document] = []
    here: Any = document
    while isinstance(here, dict) and len(above) < MOST_NESTED:
        above.append(here)
        here = here.get("parent")
    parent_id: uuid.UUID | None = None
    for one in reversed(above):
        parent_id = _take_group(file, one, parent_id, answers, nested=nested or one is not document)
    return parent_id


MOST_NESTED = 500


def _take_group(
    file: str, document: Document, parent_id: uuid.UUID | None, answers: Answers, *, nested: bool
) -> uuid.UUID | None:
    try:
        id_ = id_of(document.get("id"))
    except ValueError:
        id_ = None
    if id_ is None:
        if not nested:
            answers.note(file, label(document), "registry.no_id")
        return None
    old = answers.groups.get(id_)
    only_named = nested and not text(document, "name")
    if (old is None and not only_named) or (old is not None and old.nested and not nested):
        answers.groups[id_] = GroupDocument(file, id_, parent_id, _group_values(id_, document), nested)
    elif old is not None and not nested and (old.values, old.parent_id) != (_group_values(id_, document), parent_id):
        answers.note(file, label(document), "registry.twice")
    return id_


def _group_values(id_: uuid.UUID, document: Document) -> GroupValues:
    listed = document.get("postkasseIds")
    numbers = [whole_number(one) for one in (listed if isinstance(listed, list) else ())]
    return GroupValues(
        name=text(document, "name"),
        description=long_text(document, "description"),
        organisational_unit=document.get("organisationalUnit") is True,
        postkasse_ids=tuple(dict.fromkeys(number for number in numbers if number is not None)),
        registry_id=id_,
    )


def _read_point(file: str, document: Document, answers: Answers) -> None:
    try:
        id_, system_id = id_of(document.get("id")), id_of(document.get("systemId"))
    except ValueError:
        id_ = system_id = None
    if id_ is None:
        answers.note(file, label(document), "registry.no_id")
        return
    groups = [_read_group(file, one, answers, nested=True) for one in parts(document, "contactGroups")]
    group_ids = list(dict.fromkeys(group for group in groups if group is not None))
    read_ = PointDocument(file, id_, _point_values(id_, document), system_id, group_ids)
    old = answers.points.setdefault(id_, read_)
    if (old.values, old.system_id, set(old.group_ids)) != (read_.values, read_.system_id, set(group_ids)):
        answers.note(file, label(document), "registry.twice")


def _point_values(id_: uuid.UUID, document: Document) -> dict[str, Any]:
    targets = document.get("targets")
    chosen = set(map(str, targets)) if isinstance(targets, list) else set()
    link = document.get("reportLink")
    link = link if isinstance(link, dict) else {}
    return {
        "name": text(document, "name"),
        "description": long_text(document, "description"),
        "internal_description": long_text(document, "internalDescription"),
        **{ours: theirs in chosen for theirs, ours in AUDIENCES.items()},
        "active": document.get("active") is True,
        "visible": document.get("visible") is True,
        "registry_id": id_,
        **{ours: text(link, theirs) for theirs, ours in LINK.items()},
        "memo_size_threshold_mb": _size(document.get("memoSizeThresholdMB")),
        "allowed_number_of_attachments": whole_number(document.get("allowedNumberOfAttachments")),
        "codes": _codes(document),
        "search_terms": _once(text(one, "term") for one in parts(document, "searchTerms")),
        "recommended_attributes": _once(text(one, "name") for one in parts(document, "recommendedAttributes")),
        "translations": _mailboxes(document),
    }


def _size(value: Any) -> Decimal | None:
    """Return a size in MB to two places; 0 means not set."""
    try:
        size = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return size if size.is_finite() and size > 0 else None


def _codes(document: Document) -> tuple[Code, ...]:
    found: dict[tuple[str, str, str], Code] = {}
    for one in parts(document, "contactPointCodes"):
        type_ = text(one, "type")
        if type_ in CodeType.values and (code := tidy(type_, text(one, "code"))):
            label_ = text(one, "contactPointCodeTypeName") if type_ == CodeType.CUSTOM else ""
            made = Code(
                type=type_, code=code, code_version=text(one, "codeVersion"), name=text(one, "name"), type_name=label_
            )
            found.setdefault(made.key, made)
    return tuple(found.values())


def _once(entries: Iterator[str]) -> tuple[str, ...]:
    """Return the entries without the empty ones and those that stand there already, whatever their case."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry:
            found.setdefault(folded(entry), entry)
    return tuple(found.values())


def _mailboxes(document: Document) -> tuple[Mailbox, ...]:
    pairs = (
        (whole_number(one.get("postkasseId")), whole_number(one.get("postkasseEmneId")))
        for one in parts(document, "translations")
    )
    boxes = [Mailbox(box, topic) for box, topic in pairs if box is not None and topic is not None]
    return tuple(dict.fromkeys(boxes))

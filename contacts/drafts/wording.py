"""What a draft or a publication does to a group or point, field by field and in words that a person reads."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import codes, paths, states
from contacts.csv_columns import size_text
from contacts.differences import ORDER, Change
from contacts.drafts import merging
from contacts.drafts.merging import Conflict, Node
from contacts.loading import GroupNode, Structure
from contacts.showing import AUDIENCES
from contacts.stored import id_of, id_text
from contacts.values import Code, as_log

Text = str | Promise

NOT_OPEN = gettext_lazy("The draft waits for its time, or has been published or discarded. It cannot be changed now.")

# In the order in which they are told; where it stands comes before all that is written of it.
LABELS: Mapping[str, Text] = {
    "name": gettext_lazy("Name"),
    "parent": gettext_lazy("Stands in"),
    "places": gettext_lazy("Stands in"),
    "position": gettext_lazy("Order"),
    "order": gettext_lazy("Order"),
    "state": gettext_lazy("State"),
    "active": gettext_lazy("Active"),
    "visible": gettext_lazy("Visible"),
    "audiences": gettext_lazy("Target audiences"),
    "for_citizens": gettext_lazy("Citizens can write"),
    "for_companies": gettext_lazy("Companies can write"),
    "for_authorities": gettext_lazy("Authorities can write"),
    "system": gettext_lazy("Recipient system"),
    "replaced_by": gettext_lazy("Replaced by"),
    "description": gettext_lazy("Description"),
    "internal_description": gettext_lazy("Internal note"),
    "search_terms": gettext_lazy("Search terms"),
    "codes": gettext_lazy("Codes"),
    "recommended_attributes": gettext_lazy("Asked of the writer"),
    "report_link_label": gettext_lazy("Heading of the link"),
    "report_link_description": gettext_lazy("Text before the link"),
    "report_link_url": gettext_lazy("Link"),
    "report_link_text": gettext_lazy("Text on the link"),
    "memo_size_threshold_mb": gettext_lazy("Largest message (MB)"),
    "allowed_number_of_attachments": gettext_lazy("Largest number of attachments"),
    "translations": gettext_lazy("Former mailbox and topic"),
    "postkasse_ids": gettext_lazy("Former mailboxes"),
    "organisational_unit": gettext_lazy("Organisational unit"),
    "registry_id": gettext_lazy("ID in Digital Post"),
}


@dataclass(frozen=True)
class Field:
    """A field in words, before and after; "" is empty."""

    label: str
    before: str
    after: str


class Words:
    """Puts values into words; what they name is looked for in the structures, in the first one first."""

    def __init__(self, *structures: Structure) -> None:
        self.structures = structures
        systems = (system for structure in reversed(structures) for system in structure.systems)
        self.systems = {str(system.pk): system.name for system in systems}

    def path(self, group_id: uuid.UUID | None) -> str:
        """Return the way to a group."""
        if group_id is None:
            return _("Top level")
        found = next((one for one in self.structures if group_id in one.groups), None)
        return paths.SEPARATOR.join(found.names(group_id)) if found else _("a group that is gone")

    def places(self, node: Node) -> str:
        """Return the ways to everywhere that something stands."""
        return self._paths(places_of(node))

    def value(self, name: str, value: Any) -> str:
        """Return what the event log keeps as the value of a field; "" for nothing."""
        match name, value:
            case _name, bool():
                return _("Yes") if value else _("No")
            case "parent", _id:
                return self.path(id_of(value))
            case _name, None | "" | []:
                return ""
            case "places", _ids:
                return self._paths(value)
            case "system", _id:
                return self.systems.get(value) or _("a system that is gone")
            case "replaced_by", _id:
                return self._point(uuid.UUID(value))
            case "state", _state:
                return str(states.State(value).label)
            case _:
                return _plain(name, value)

    def _paths(self, group_ids: Iterable[str | None]) -> str:
        return " · ".join(self.path(id_of(group_id)) for group_id in group_ids)

    def _point(self, pk: uuid.UUID) -> str:
        found = next((one.points[pk] for one in self.structures if pk in one.points), None)
        return found.values.name if found else str(pk)

    def fields(self, change: Change, before: Structure, after: Structure) -> list[Field]:
        """Return what happens to one object; of something new what it is, of something deleted nothing."""
        old, new = _node(before, change.id), _node(after, change.id)
        return [*self._differing(old, new), *_orders(change)] if new else []

    def _differing(self, old: Node | None, new: Node) -> Iterator[Field]:
        now = shown(new)
        # Of something new, name and place are told beside its fields.
        beside = {name: value for name, value in now.items() if name in ("name", "parent", "places")}
        was: dict[str, Any] = shown(old) if old else beside
        for name, label in LABELS.items():
            if name in now and was.get(name, False) != now[name]:
                before = self.value(name, was[name]) if name in was else ""
                after = self.value(name, now[name])
                if before != after:
                    yield Field(str(label), before, after)


def shown(node: Node) -> dict[str, Any]:
    """Return the values of a group or point with its place, and what people see as one of several switches as one."""
    values: dict[str, Any] = as_log(node.values)
    if isinstance(node, GroupNode):
        return values | {"parent": id_text(node.parent_id)}
    state = states.of(active=values.pop("active"), visible=values.pop("visible"))
    audiences = [str(label) for name, label in AUDIENCES.items() if values.pop(name)]
    return values | {"places": sorted(places_of(node), key=str), "state": state.value, "audiences": audiences}


def places_of(node: Node) -> list[str | None]:
    """Return the ids, as text, of the groups that something stands in."""
    return [id_text(pk) for pk in ([node.parent_id] if isinstance(node, GroupNode) else node.group_ids)]


def _node(structure: Structure, pk: uuid.UUID) -> Node | None:
    return structure.groups.get(pk) or structure.points.get(pk)


def _orders(change: Change) -> Iterator[Field]:
    for one in change.fields:
        if one.column == ORDER:
            yield Field(str(LABELS["order"]), number_text(*one.before.split("/")), number_text(*one.after.split("/")))


def number_text(number: str | int, count: str | int) -> str:
    """Return a place in an order in words."""
    return _("number %(number)s of %(count)s") % {"number": number, "count": count}


def _plain(name: str, value: Any) -> str:
    match name:
        case "codes":
            return ", ".join(codes.write(Code(**code)) for code in value)
        case "translations":
            return ", ".join(f"{box['postkasse_id']}:{box['postkasse_emne_id']}" for box in value)
        case "memo_size_threshold_mb":
            return size_text(Decimal(str(value)))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Sides:
    """A conflict in words: the field, how it was, how the draft has it, how it stands now."""

    conflict: Conflict
    label: str
    was: str
    mine: str
    theirs: str


def sides(conflict: Conflict, now: Structure, words: Words) -> Sides:
    """Return a conflict in words; `now` is the structure as it stands."""
    versions = (conflict.base, conflict.mine, conflict.theirs)
    match conflict.field:
        case merging.WHOLE:
            texts = [_whole(one, conflict.base, words) for one in versions]
            return Sides(conflict, _("All of it"), *texts)
        case "position":
            parent = now.groups[conflict.change.object_id].parent_id
            siblings = [group.position for group in now.groups.values() if group.parent_id == parent]
            texts = [_order_text(place, siblings) for place in versions]
        case "order":
            texts = [_orders_text(places, conflict, now, words) for places in versions]
        case _:
            texts = [words.value(conflict.field, value) for value in versions]
    return Sides(conflict, str(LABELS[conflict.field]), *texts)


def _whole(side: merging.Flat | None, base: merging.Flat, words: Words) -> str:
    if side is None:
        return _("deleted")
    names = [name for name in LABELS if name in side and side[name] != base.get(name)]
    changed = [
        f"{LABELS[name]}: {words.value(name, side[name])}" for name in names if name not in ("position", "order")
    ]
    return "\n".join(changed) or _("there")


def _order_text(place: float, siblings: Sequence[float]) -> str:
    return number_text(1 + sum(0 < position < place for position in siblings), len(siblings))


def _orders_text(places: Mapping[str | None, float], conflict: Conflict, now: Structure, words: Words) -> str:
    """Return the number of a point in each of the groups in which both sides have given it another."""
    texts = []
    for key, place in places.items():
        if key not in conflict.theirs or conflict.theirs[key] == conflict.mine.get(key):
            continue
        group_id = id_of(key)
        siblings = [position for (_pk, other), position in now.place.items() if other == group_id]
        texts.append(f"{words.path(group_id)}: {_order_text(place, siblings)}")
    return "\n".join(texts)

"""The structure as a picture: an icicle, in which every group is as high as it is large and stands beside its parent.

Only some levels below one group are drawn, and of many siblings the largest; what is left out is summed up in one box.
A box has the colour of its worst news, and says it in words too.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import states
from contacts.models import ContactGroup, Placement
from contacts.states import State
from organisations.models import Organisation

LEVELS = 3
MOST = 12  # siblings that are drawn one by one
WIDTH, GAP = 320, 4
LOWEST, HIGHEST = 28, 200  # of a box without boxes beside it
PER_POINT = 3
LETTER = 8  # so wide is a letter of the picture at most
Counts = dict[State, int]


class Look(Enum):
    """The colour of a box, and what it says."""

    OPEN = "open", gettext_lazy("All open")
    PARTLY = "partly", gettext_lazy("Some are not open")
    SHUT = "shut", gettext_lazy("None open")
    WRONG = "wrong", gettext_lazy("Visible but closed")
    EMPTY = "empty", gettext_lazy("Empty")

    @property
    def css(self) -> str:
        """The end of the box's class."""
        return self.value[0]

    @property
    def label(self) -> str | Promise:
        """The words of the legend."""
        return self.value[1]


@dataclass(frozen=True)
class Box:
    """A group, the points of one group, or what is left out. `id` is the group to look at next; None: nothing.

    `counts` are places of points by their state, in the whole branch. `x`, `y`, `width`, `height` are units of the SVG.
    """

    name: str
    counts: Counts
    id: uuid.UUID | None = None
    children: list["Box"] = field(default_factory=list)
    depth: int = 0
    x: int = 0
    y: int = 0
    height: int = 0
    width: int = WIDTH - GAP

    @property
    def total(self) -> int:
        """How many places of points there are."""
        return sum(self.counts.values())

    @property
    def look(self) -> Look:
        """The colour."""
        if not self.total:
            return Look.EMPTY
        if self.counts.get(State.VISIBLE_BUT_CLOSED):
            return Look.WRONG
        opened = self.counts.get(State.OPEN, 0)
        return Look.OPEN if opened == self.total else Look.PARTLY if opened else Look.SHUT

    @property
    def told(self) -> str:
        """How many points there are, and what they are when not all are open."""
        said = ngettext("%(count)s contact point", "%(count)s contact points", self.total) % {"count": self.total}
        if self.look in (Look.OPEN, Look.EMPTY):
            return said
        parts = [f"{state.label}: {count}" for state, count in self.counts.items() if count]
        return f"{said} ({', '.join(parts)})"

    @property
    def short(self) -> str:
        """The name, cut to what fits into the box."""
        fits = self.width // LETTER - len(str(self.total)) - 4
        return self.name if len(self.name) <= fits else f"{self.name[: fits - 1].rstrip()}…"

    @property
    def text_x(self) -> int:
        """Where the text begins."""
        return self.x + 8

    @property
    def text_y(self) -> int:
        """Where its baseline is."""
        return self.y + 19

    @property
    def inner_height(self) -> int:
        """The height that is drawn: boxes have a gap between them."""
        return self.height - GAP

    def state_counts(self) -> list[int]:
        """Return the number of points in each of the four states, in their order."""
        return [self.counts.get(state, 0) for state in State]


@dataclass(frozen=True)
class Picture:
    """The boxes in the order of the structure, with the way to the group they belong to; its size in units."""

    way: list[ContactGroup]
    boxes: list[Box]
    width: int
    height: int

    @property
    def looks(self) -> list[Look]:
        """The colours that occur, for the legend."""
        used = {box.look for box in self.boxes}
        return [look for look in Look if look in used]


def picture(organisation: Organisation, group_id: uuid.UUID | None = None) -> Picture | None:
    """Return the picture of what stands below a group (None: of all), in two queries; None for an unknown group."""
    drawn = _Drawing(organisation)
    if group_id is not None and group_id not in drawn.groups:
        return None
    boxes = list(_placed(drawn.below(group_id, 0), 0))
    return Picture(
        way=drawn.way(group_id),
        boxes=boxes,
        width=(max((box.depth for box in boxes), default=0) + 1) * WIDTH,
        height=sum(box.height for box in boxes if not box.depth),
    )


class _Drawing:
    """The groups of an organisation with what stands in them."""

    def __init__(self, organisation: Organisation) -> None:
        groups = ContactGroup.objects.filter(organisation=organisation).order_by("position")
        self.groups = {group.pk: group for group in groups.only("name", "parent_id", "position")}
        self.children: dict[uuid.UUID | None, list[ContactGroup]] = defaultdict(list)
        for group in self.groups.values():
            self.children[group.parent_id].append(group)
        self.direct: dict[uuid.UUID | None, Counts] = defaultdict(dict)
        places = Placement.objects.filter(organisation=organisation).order_by()
        rows = places.values_list("group_id", "point__active", "point__visible").annotate(Count("pk"))
        for group_id, active, visible, count in rows:
            self.direct[group_id][states.of(active=active, visible=visible)] = count
        self.whole: dict[uuid.UUID, Counts] = {}
        for group_id in reversed(self._parents_first()):
            below = [self.whole[child.pk] for child in self.children[group_id]]
            self.whole[group_id] = _sum([self.direct[group_id], *below])

    def _parents_first(self) -> list[uuid.UUID]:
        order = [group.pk for group in self.children[None]]
        for group_id in order:
            order += [child.pk for child in self.children[group_id]]
        return order

    def way(self, group_id: uuid.UUID | None) -> list[ContactGroup]:
        """Return the groups from the top down to this one."""
        chain: list[ContactGroup] = []
        while group_id is not None:
            chain.append(self.groups[group_id])
            group_id = self.groups[group_id].parent_id
        return chain[::-1]

    def below(self, group_id: uuid.UUID | None, depth: int) -> list[Box]:
        """Return the boxes beside a group: its groups, and one for the points that stand in it directly."""
        children = self.children[group_id]
        largest = sorted(children, key=lambda one: -sum(self.whole[one.pk].values()))[:MOST]
        drawn = [self._box(one, depth) for one in children if one in largest]
        rest = [one for one in children if one not in largest]
        if rest:
            text = ngettext("%(count)s smaller group", "%(count)s smaller groups", len(rest)) % {"count": len(rest)}
            drawn.append(_sized(Box(text, _sum(self.whole[one.pk] for one in rest), depth=depth)))
        if own := self.direct.get(group_id):
            name = _("Directly in the group") if group_id else _("At the top level")
            drawn.append(_sized(Box(name, own, depth=depth)))
        return drawn

    def _box(self, group: ContactGroup, depth: int) -> Box:
        has_groups = bool(self.children[group.pk])
        beside = self.below(group.pk, depth + 1) if has_groups and depth + 1 < LEVELS else []
        return _sized(Box(group.name, self.whole[group.pk], id=group.pk, children=beside, depth=depth))


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = {}
    for one in counts:
        for state, count in one.items():
            total[state] = total.get(state, 0) + count
    return {state: total[state] for state in State if state in total}


def _sized(box: Box) -> Box:
    own = min(HIGHEST, max(LOWEST, box.total * PER_POINT))
    return replace(box, height=sum(child.height for child in box.children) or own)


def _placed(boxes: Iterable[Box], y: int) -> Iterator[Box]:
    """Yield every box at its place, each before those beside it."""
    for box in boxes:
        yield replace(box, x=box.depth * WIDTH, y=y)
        yield from _placed(box.children, y)
        y += box.height

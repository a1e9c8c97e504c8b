"""The quality report: what is wrong with a contact structure, rule by rule, with the objects and the cure.

A rule about points is a filter on points, so the report, the lists and the overview all ask the same question.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib import slots
from adgang.lib.counting import tally
from adgang.lib.problems import Problem, Weight
from contacts import paths
from contacts.dependants import Referrer
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.models.point import SOMEBODY
from contacts.quality_rules import Rule
from organisations.models import Organisation, User

# How many objects the report shows of each rule; the lists show all of them.
SHOWN = 20
VARIANTS = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.NOTICE: "info"}
WEIGHTS = {Weight.ERROR: _("Errors"), Weight.WARNING: _("Warnings"), Weight.NOTICE: _("Notices")}


def rules() -> list[Rule]:
    """Return every rule, of this room and of those above, the worst first."""
    found = [rule for filling in slots.fillings("quality_rules") for rule in filling()]
    return sorted(found, key=lambda rule: -rule.weight)


def rule(code: str) -> Rule:
    """Return the rule of a code. Raises KeyError."""
    return {one.code: one for one in rules()}[code]


@dataclass(frozen=True)
class Concerned:
    """A group or point that breaks a rule, with the ways to where it stands and who sees to it."""

    obj: ContactGroup | ContactPoint
    places: list[str]
    responsible: str = ""


@dataclass(frozen=True)
class Section:
    """What the report says of one rule: how many break it, the first of them by name, and what names them."""

    rule: Rule
    count: int
    concerned: list[Concerned] = field(default_factory=list)
    referrers: list[Referrer] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.referrers if self.rule.of_referrers else self.concerned)

    @property
    def variant(self) -> str:
        """The kind of box that shows how bad it is."""
        return VARIANTS[self.rule.weight]


@dataclass(frozen=True)
class Report:
    """The whole report: `nobody_can_write` when no point is open to anyone; the rules that are broken, worst first."""

    nobody_can_write: bool
    points: int
    sections: list[Section]
    all_sections: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.nobody_can_write or self.all_sections)

    def of_weight(self, weight: Weight) -> int:
        """Return how many objects break a rule of a weight, counted once for each rule."""
        return sum(section.count for section in self.sections if section.rule.weight is weight)


def broken(rule: Rule, organisation: Organisation, *, at: dt.datetime) -> QuerySet[Any, Any]:
    """Return the points or groups of the organisation that break a rule."""
    model: Any = ContactGroup if rule.groups else ContactPoint
    found: QuerySet[Any, Any] = model.objects.filter(rule.condition(organisation, at), organisation=organisation)
    return found


def counts(organisation: Organisation, *, at: dt.datetime) -> dict[str, int]:
    """Return how many break each rule, by its code, and under "points" and "open" how many points there are."""
    listed = rules()
    points = [one for one in listed if not one.groups and not one.of_referrers]
    of_points = {one.code: Count("pk", filter=one.condition(organisation, at)) for one in points}
    found: dict[str, int] = ContactPoint.objects.filter(organisation=organisation).aggregate(
        points=Count("pk"), open=Count("pk", filter=SOMEBODY & Q(active=True, visible=True)), **of_points
    )
    of_groups = {one.code: broken(one, organisation, at=at) for one in listed if one.groups}
    found |= tally(Organisation.objects.filter(pk=organisation.pk), **of_groups)
    return found | {one.code: len(referrers(one, organisation)) for one in listed if one.of_referrers}


def referrers(rule: Rule, organisation: Organisation) -> list[Referrer]:
    """Return what names the points that break a rule, in rooms above."""
    return list(rule.referrers(organisation)) if rule.referrers else []


def report(organisation: Organisation, *, at: dt.datetime, weight: Weight | None = None) -> Report:
    """Return what is wrong with the structure at a moment; `weight` keeps to the rules of that weight."""
    found = counts(organisation, at=at)
    listed = [one for one in rules() if found[one.code]]
    wanted = [one for one in listed if weight in (None, one.weight)]
    first = {
        one.code: list(broken(one, organisation, at=at).order_by("name", "pk").values_list("pk", flat=True)[:SHOWN])
        for one in wanted
    }
    known = concerned({pk for pks in first.values() for pk in pks})
    sections = [
        Section(
            one,
            found[one.code],
            [known[pk] for pk in first[one.code] if pk in known],
            referrers(one, organisation)[:SHOWN],
        )
        for one in wanted
    ]
    return Report(
        nobody_can_write=not found["open"], points=found["points"], sections=sections, all_sections=len(listed)
    )


def concerned(pks: Collection[uuid.UUID]) -> dict[uuid.UUID, Concerned]:
    """Return groups and points with their ways, in four queries however many."""
    points = list(ContactPoint.objects.filter(pk__in=pks).prefetch_related("placements").select_related("reviewed_by"))
    groups = list(ContactGroup.objects.filter(pk__in=pks))
    places: list[Placement] = [place for point in points for place in point.placements.all()]
    ways = paths.above({one for one in [*(p.group_id for p in places), *(g.pk for g in groups)] if one is not None})
    people = responsible_names(ways)
    found = {
        point.pk: Concerned(
            point,
            [ways.text(place.group_id) for place in point.placements.all()],
            next((name for place in point.placements.all() if (name := people(place.group_id))), ""),
        )
        for point in points
    }
    return found | {group.pk: Concerned(group, [ways.text(group.parent_id)], people(group.pk)) for group in groups}


def responsible_names(ways: paths.Paths) -> Callable[[uuid.UUID | None], str]:
    """Return a function from a group's id to the name of the person who sees to it, itself or through one above."""
    ids = {group.responsible_id for group in ways.groups.values() if group.responsible_id}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}

    def name(group_id: uuid.UUID | None) -> str:
        chain = reversed(ways.chain(group_id))
        return next((names.get(group.responsible_id, "") for group in chain if group.responsible_id), "")

    return name


def rows(organisation: Organisation, *, at: dt.datetime, weight: Weight | None = None) -> Iterator[list[str]]:
    """Yield the whole report as rows for a file: weight, what is wrong, what to do, name, path, id."""
    groups = ContactGroup.objects.filter(organisation=organisation).only("name", "parent_id")
    ways = paths.Paths(groups)
    for one in rules():
        if weight not in (None, one.weight):
            continue
        for named in referrers(one, organisation) if one.of_referrers else ():
            yield [str(WEIGHTS[one.weight]), str(one.title), str(one.cure), named.text, "", ""]
        found = broken(one, organisation, at=at).order_by("name", "pk")
        for obj in found if one.groups else found.prefetch_related("placements"):
            parents = [obj.parent_id] if one.groups else [place.group_id for place in obj.placements.all()]
            where = " | ".join(ways.text(parent) or str(TOP) for parent in parents)
            yield [str(WEIGHTS[one.weight]), str(one.title), str(one.cure), obj.name, where, str(obj.shown_id)]


TOP = _("Top level")
HEADER = (_("Weight"), _("What is wrong"), _("What to do"), _("Name"), _("Stands in"), _("ID"))


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return what the overview says of the structure; nothing for who does not want to be written to."""
    if not organisation.contactable:
        return []
    found = counts(organisation, at=timezone.now())
    url = reverse("structure_quality", args=[organisation.cvr_number])
    problems = [
        Problem(weight=one.weight, text=one.tell(count), cure=one.cure, url=f"{url}#{one.code}")
        for one in rules()
        if (count := found[one.code]) and not one.told_elsewhere
    ]
    if found["points"] and not found["open"]:
        nobody = Problem(weight=Weight.ERROR, text=NOBODY, cure=NOBODY_CURE, url=url)
        problems.insert(0, nobody)
    return problems


NOBODY = _("No contact point is open, so nobody can write to you.")
NOBODY_CURE = _("Open at least one contact point for citizens, companies or authorities.")

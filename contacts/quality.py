"""What is wrong with a contact structure, rule by rule, each with the objects it concerns and the cure.

A rule about points is a filter on points, so the report, the list and the overview all ask the same question.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from adgang.lib.problems import Problem, Weight
from contacts.models import ContactGroup, ContactPoint, Placement, SearchTerm
from contacts.models.point import SOMEBODY
from organisations.models import Organisation
from systems.models import System
from systems.states import in_service

Text = str | Promise

# What migrations and hurried people leave where a description should stand.
PLACEHOLDERS = (
    *("", "-", ".", "?", "x", "xx", "xxx", "tbd", "todo", "test", "change me", "changeme", "lorem ipsum"),
    *("beskrivelse", "description", "ret mig", "udfyldes", "udfyldes senere", "mangler", "n/a", "ingen"),
)


# How many objects the report shows of each rule; the list shows all of them.
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule. `condition` is true of the points (or, with `groups`, of the groups) that break it, as of a moment.

    `told` is what the overview says of a number of them.
    """

    code: str
    weight: Weight
    title: Text
    cure: Text
    told: Callable[[int], Text]
    condition: Callable[[Organisation, dt.datetime], Q]
    groups: bool = False


def _idle(organisation: Organisation, at: dt.datetime) -> Q:
    systems = System.objects.filter(organisation=organisation)
    return Q(active=True, system__in=systems.exclude(in_service(at), is_recipient=True))


def _visible_but_closed(organisation: Organisation, at: dt.datetime) -> Q:
    return Q(visible=True, active=False)


def _for_nobody(organisation: Organisation, at: dt.datetime) -> Q:
    return Q(visible=True, active=True) & ~SOMEBODY


def _says_nothing(organisation: Organisation, at: dt.datetime) -> Q:
    condition = Q(description__iexact=F("name"))
    for placeholder in PLACEHOLDERS:
        condition |= Q(description__iexact=placeholder)
    return Q(visible=True) & condition


def _same_name(organisation: Organisation, at: dt.datetime) -> Q:
    places = Placement.objects.filter(organisation=organisation)
    return Q(pk__in=_repeated(places, "group_id", "point__name").values("point_id"))


def _same_group_name(organisation: Organisation, at: dt.datetime) -> Q:
    groups = ContactGroup.objects.filter(organisation=organisation)
    return Q(pk__in=_repeated(groups, "parent_id", "name").values("pk"))


def _repeated(rows: QuerySet[Any, Any], *columns: str) -> QuerySet[Any, Any]:
    """Return the rows that have the columns in common with another row; NULL equals NULL."""
    alike: QuerySet[Any, Any] = rows.order_by().annotate(
        alike=Window(Count("*"), partition_by=[F(column) for column in columns])
    )
    return alike.filter(alike__gt=1)


def _no_terms(organisation: Organisation, at: dt.datetime) -> Q:
    return Q(visible=True) & ~Q(Exists(SearchTerm.objects.filter(point=OuterRef("pk"))))


RULES: tuple[Rule, ...] = (
    Rule(
        code="system",
        weight=Weight.ERROR,
        title=_("The recipient system is not in service"),
        cure=_("Messages cannot be delivered. Take the system into service, or choose another."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point belongs to a system that is not in service.",
                "%(count)s contact points belong to systems that are not in service.",
                count,
            )
            % {"count": count}
        ),
        condition=_idle,
    ),
    Rule(
        code="visible-but-closed",
        weight=Weight.ERROR,
        title=_("Visible but closed"),
        cure=_("Writers find it but cannot write to it. Open it, or hide it."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point is visible but closed.",
                "%(count)s contact points are visible but closed.",
                count,
            )
            % {"count": count}
        ),
        condition=_visible_but_closed,
    ),
    Rule(
        code="no-audience",
        weight=Weight.WARNING,
        title=_("Open, but for nobody"),
        cure=_("Choose at least one target audience, or nobody finds it."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point is open, but for nobody.",
                "%(count)s contact points are open, but for nobody.",
                count,
            )
            % {"count": count}
        ),
        condition=_for_nobody,
    ),
    Rule(
        code="description",
        weight=Weight.WARNING,
        title=_("The description is missing or says nothing"),
        cure=_("Write in one or two sentences what people can write about here."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point has no description that says anything.",
                "%(count)s contact points have no description that says anything.",
                count,
            )
            % {"count": count}
        ),
        condition=_says_nothing,
    ),
    Rule(
        code="same-name",
        weight=Weight.WARNING,
        title=_("Same name twice in a group"),
        cure=_("Writers cannot tell them apart. Give them different names, or delete one of them."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point shares its name with another in the same group.",
                "%(count)s contact points share their names with others in the same group.",
                count,
            )
            % {"count": count}
        ),
        condition=_same_name,
    ),
    Rule(
        code="same-group-name",
        weight=Weight.WARNING,
        title=_("Groups of the same name beside each other"),
        cure=_("Give them different names, or move what stands in one into the other."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s group shares its name with another beside it.",
                "%(count)s groups share their names with others beside them.",
                count,
            )
            % {"count": count}
        ),
        condition=_same_group_name,
        groups=True,
    ),
    Rule(
        code="no-search-terms",
        weight=Weight.NOTICE,
        title=_("No search terms"),
        cure=_("Add the words that people would look for, their everyday words as well as yours."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point has no search terms.", "%(count)s contact points have no search terms.", count
            )
            % {"count": count}
        ),
        condition=_no_terms,
    ),
)
BY_CODE = {rule.code: rule for rule in RULES}


VARIANTS = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.NOTICE: "info"}


@dataclass(frozen=True)
class Section:
    """What the report says of one rule: how many break it, and the first of them by name."""

    rule: Rule
    count: int
    objects: list[ContactGroup] | list[ContactPoint] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.objects)

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

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.nobody_can_write or self.sections)


def broken(rule: Rule, organisation: Organisation, *, at: dt.datetime) -> QuerySet[Any, Any]:
    """Return the points or groups of the organisation that break a rule."""
    model: Any = ContactGroup if rule.groups else ContactPoint
    found: QuerySet[Any, Any] = model.objects.filter(rule.condition(organisation, at), organisation=organisation)
    return found


def counts(organisation: Organisation, *, at: dt.datetime) -> dict[str, int]:
    """Return how many break each rule, by its code, and under "points" and "open" how many points there are."""
    of_points = {rule.code: Count("pk", filter=rule.condition(organisation, at)) for rule in RULES if not rule.groups}
    found: dict[str, int] = ContactPoint.objects.filter(organisation=organisation).aggregate(
        points=Count("pk"), open=Count("pk", filter=SOMEBODY & Q(active=True, visible=True)), **of_points
    )
    return found | {rule.code: broken(rule, organisation, at=at).count() for rule in RULES if rule.groups}


def report(organisation: Organisation, *, at: dt.datetime) -> Report:
    """Return what is wrong with the structure at a moment."""
    found = counts(organisation, at=at)
    sections = [
        Section(rule, count, list(broken(rule, organisation, at=at).order_by("name", "pk")[:SHOWN]))
        for rule in RULES
        if (count := found[rule.code])
    ]
    return Report(nobody_can_write=not found["open"], points=found["points"], sections=sections)


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return what the overview says of the structure; nothing for who does not want to be written to."""
    if not organisation.contactable:
        return []
    found = counts(organisation, at=timezone.now())
    url = reverse("structure_quality", args=[organisation.cvr_number])
    problems = [
        Problem(weight=rule.weight, text=rule.told(count), cure=rule.cure, url=f"{url}#{rule.code}")
        for rule in RULES
        if (count := found[rule.code])
    ]
    if found["points"] and not found["open"]:
        nobody = Problem(weight=Weight.ERROR, text=NOBODY, cure=NOBODY_CURE, url=url)
        problems.insert(0, nobody)
    return problems


NOBODY = _("No contact point is open, so nobody can write to you.")
NOBODY_CURE = _("Open at least one contact point for citizens, companies or authorities.")

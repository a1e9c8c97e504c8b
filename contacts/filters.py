"""What contact points can be filtered by, alike in the list and in the tree."""

from datetime import date, datetime, time
from functools import partial

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.lists import MAX_QUERY, DateFilter, Filter, Rows
from contacts import quality, states
from contacts.showing import AUDIENCES
from contacts.states import State
from organisations.models import Organisation
from systems.models import System

KEYS = ("state", "audience", "system", "problem", "since")


def of_points(organisation: Organisation, *, systems: list[tuple[str, str]] | None = None) -> list[Filter | DateFilter]:
    """Return the filters, in the order of `KEYS`; one query for the systems (id, name) unless they are given."""
    offered = _systems(organisation) if systems is None else systems
    return [
        Filter("state", _("State"), choices=State.choices, apply=in_state),
        Filter("audience", _("Target audience"), choices=list(AUDIENCES.items()), apply=for_audience),
        Filter(
            "system",
            _("Recipient system"),
            choices=offered,
            apply=_of_system,
        ),
        Filter(
            "problem",
            _("Problem"),
            choices=[(rule.code, rule.title) for rule in quality.rules() if not (rule.groups or rule.of_referrers)],
            apply=partial(with_problem, organisation=organisation),
        ),
        DateFilter("since", _("Changed since"), apply=changed_since),
    ]


def given(query: QueryDict) -> dict[str, str]:
    """Return what a URL filters by: those keys that have a value."""
    typed = {key: query.get(key, "").replace("\0", "")[:MAX_QUERY] for key in KEYS}
    return {key: value for key, value in typed.items() if value}


def in_state(rows: Rows, value: str) -> Rows:
    """Keep to the points in one of the four states."""
    active, visible = states.SWITCHES[State(value)]
    return rows.filter(active=active, visible=visible)


def for_audience(rows: Rows, value: str) -> Rows:
    """Keep to the points of a target audience, named by its field."""
    return rows.filter(**{value: True})


def changed_since(rows: Rows, day: date) -> Rows:
    """Keep to the points that were changed on that day or later."""
    return rows.filter(updated__gte=datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()))


def with_problem(rows: Rows, value: str, *, organisation: Organisation) -> Rows:
    """Keep to the objects that break a rule of the quality report, named by its code."""
    return rows.filter(quality.rule(value).condition(organisation, timezone.now()))


def _of_system(rows: Rows, value: str) -> Rows:
    return rows.filter(system=value)


def _systems(organisation: Organisation) -> list[tuple[str, str]]:
    systems = System.objects.filter(organisation=organisation, is_recipient=True).values_list("pk", "name")
    return [(str(pk), name) for pk, name in systems]

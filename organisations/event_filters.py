"""What the log can be narrowed by, for the page, a file, a subscription: the same names and the same meaning.

`shown` is a filter as its URL names it: {"tag": "SYSTEM_CHANGED", "from": "01-02-2026"}. Nonsense finds nothing or
is passed over, and never fails.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from adgang.lib.forms import parse_date
from adgang.lib.lists import MAX_QUERY, spellings
from organisations.event_search import Begins
from organisations.event_text import words
from organisations.events import OPERATOR_CHAIN
from organisations.models import Employment, Event, Invitation, Organisation, Privilege, User

Rows = QuerySet[Event]
BY_ITSELF = "none"
MOST_WORDS = 8
NAMESAKES = 100  # people of a name that are looked for at once


def start_of(day: dt.date, *, days: int = 0) -> dt.datetime:
    """Return the moment at which a day begins in Denmark, or the one so many days later."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time()))


def since(rows: Rows, typed: str) -> Rows:
    """Return what happened on the day or later."""
    day = parse_date(typed)
    return rows.filter(time__gte=start_of(day)) if day else rows


def until(rows: Rows, typed: str) -> Rows:
    """Return what happened on the day or before."""
    day = parse_date(typed)
    return rows.filter(time__lt=start_of(day, days=1)) if day else rows


def by_actor(rows: Rows, typed: str) -> Rows:
    """Return what a person did, or what no person did."""
    return rows.filter(actor_id=None) if typed == BY_ITSELF else rows.filter(actor_id=id_of(typed))


def by_party(rows: Rows, typed: str) -> Rows:
    """Return what a person did and what happened to them."""
    party = id_of(typed)
    return rows.filter(Q(actor_id=party) | Q(object_id=party))


def id_of(text: str) -> uuid.UUID:
    """Return an id that was typed; one that nothing bears for nonsense."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=2**128 - 1)


FILTERS: dict[str, Callable[[Rows, str], Rows]] = {
    "from": since,
    "to": until,
    "tag": lambda rows, typed: rows.filter(tag=typed),
    "slice": lambda rows, typed: rows.filter(slice=typed),
    "actor": by_actor,
    "party": by_party,
    "system": lambda rows, typed: rows.filter(system_id=id_of(typed)),
    "kind": lambda rows, typed: rows.filter(object_kind=typed),
    "object": lambda rows, typed: rows.filter(object_id=id_of(typed)),
    "request": lambda rows, typed: rows.filter(request_id=typed),
}
NAMES = ("q", *FILTERS)


def shown_in(given: Mapping[str, str]) -> dict[str, str]:
    """Return the filter that a query asks for, without what is no part of it."""
    found = {name: (given.get(name) or "").replace("\0", "").strip()[:MAX_QUERY] for name in NAMES}
    return {name: value for name, value in found.items() if value}


def narrowed(rows: Rows, shown: Mapping[str, str], organisation: Organisation | None) -> Rows:
    """Return the events of an organisation (None: the operator's) that pass a filter."""
    for name, value in shown.items():
        if name in FILTERS:
            rows = FILTERS[name](rows, value)
    return found(rows, shown.get("q", ""), organisation)


def found(rows: Rows, typed: str, organisation: Organisation | None) -> Rows:
    """Return the events in which every word that was typed begins a word, or names who did it or whom it is about."""
    asked = list(dict.fromkeys(words(typed)))[:MOST_WORDS]
    if typed.strip() and not asked:
        return rows.none()
    chain = str(organisation.pk if organisation else OPERATOR_CHAIN)
    for word in asked:
        condition = Q(Begins(word, chain=chain))
        if actors := list(_actors(word, organisation).values_list("pk", flat=True)[:NAMESAKES]):
            condition |= Q(actor_id__in=actors)
        if objects := [*actors, *_objects(word, organisation)]:
            condition |= Q(object_id__in=objects)
        rows = rows.filter(condition)
    return rows


def _named(word: str) -> Q:
    named = Q()
    for spelling in spellings(word) | spellings(word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")):
        named |= Q(name__icontains=spelling)
    return named


def _actors(word: str, organisation: Organisation | None) -> QuerySet[User]:
    """The people of a name that the log shows by name.

    Another organisation's employees are not among them: a hit would confirm what is not shown.
    """
    employments = Employment.objects.filter(user=OuterRef("pk"))
    own = Exists(employments.filter(organisation=organisation))
    return User.objects.filter(_named(word)).filter(own | ~Exists(employments))


def _objects(word: str, organisation: Organisation | None) -> list[uuid.UUID]:
    """The people and invitations of a name that have a role in the organisation, or were asked to come."""
    if organisation is None:
        return []
    here = Exists(Privilege.objects.filter(user=OuterRef("pk"), scope=organisation))
    users = User.objects.filter(_named(word)).filter(here)
    invited = Invitation.objects.filter(_named(word), organisation=organisation)
    return [one for rows in (users, invited) for one in rows.values_list("pk", flat=True)[:NAMESAKES]]

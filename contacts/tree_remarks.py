"""What the tree says beside the names: the systems that serve the points, and what is wrong with them."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Case, Q, Value, When

from contacts import quality
from contacts.models import ContactPoint
from contacts.raw_texts import Digits, IdText
from organisations.models import Organisation
from systems.models import System
from systems.states import IN_SERVICE, state_between


class Server(NamedTuple):
    """A recipient system as the tree tells of it: `stands_out` when another is the default."""

    name: str
    receives: bool
    is_idle: bool
    stands_out: bool


# id, name, is a recipient, is the default one, in service from, to
SystemRow = tuple[uuid.UUID, str, bool, bool, dt.datetime | None, dt.datetime | None]
SYSTEM_FIELDS = ("pk", "name", "is_recipient", "is_default_recipient", "active_from", "active_to")


def servers_of(organisation: Organisation, *, at: dt.datetime) -> dict[str, Server]:
    """Return the systems of an organisation as the tree tells of them; one query."""
    return servers_among(list(System.objects.filter(organisation=organisation).values_list(*SYSTEM_FIELDS)), at=at)


def servers_among(systems: Collection[SystemRow], *, at: dt.datetime) -> dict[str, Server]:
    """Return systems by their ids, in either way that a database writes them.

    Where there is a default recipient, the others stand out.
    """
    has_default = any(is_default for _pk, _name, _receives, is_default, *_dates in systems)
    known: dict[str, Server] = {}
    for pk, name, receives, is_default, begin, end in systems:
        is_idle = not receives or state_between(begin, end, at) not in IN_SERVICE
        server = Server(name, receives, is_idle, has_default and not is_default)
        known |= dict.fromkeys((str(pk), pk.hex), server)
    return known


def choices(known: Mapping[str, Server]) -> list[tuple[str, str]]:
    """Return the recipient systems among some to choose from, by name: id and name."""
    offered = {id_: server.name for id_, server in known.items() if server.receives and "-" in id_}
    return sorted(offered.items(), key=lambda choice: choice[1].casefold())


def marks_of(
    organisation: Organisation, *, at: dt.datetime, points: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the marks of the rules of the quality report that some points (None: all) break, by their ids; one query.

    Rules without a mark are told otherwise, or weigh too little for it.
    """
    marked = [rule for rule in quality.rules() if rule.mark]
    broken = [rule.condition(organisation, at) for rule in marked]
    found = ContactPoint.objects.filter(reduce(or_, broken, Q(pk__in=[])), organisation=organisation)
    if points is not None:
        found = found.filter(pk__in=points)
    digits = Digits(*(Case(When(one, then=True), default=False) for one in broken)) if broken else Value("")
    return {
        id_: tuple(str(rule.mark) for rule, digit in zip(marked, said, strict=True) if digit == "1")
        for id_, said in found.order_by().values_list(IdText("pk"), digits)
    }

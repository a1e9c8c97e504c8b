"""What stops working without a system. The rooms above know; they fill the slot `system_dependants`."""

from dataclasses import dataclass

from django.utils.functional import Promise

from adgang.lib import slots
from systems.models import System


@dataclass(frozen=True, kw_only=True)
class Dependant:
    """One thing that needs the system. `kind` says what it is ("contact point"), `url` is where it is seen.

    `move_url`, the same for all of a kind, is where all of them are given to another system at once.
    """

    name: str
    kind: str | Promise
    url: str
    move_url: str = ""


def dependants(system: System) -> list[Dependant]:
    """Return everything that needs the system, by kind and name."""
    found = [one for fill in slots.fillings("system_dependants") for one in fill(system)]
    return sorted(found, key=lambda one: (str(one.kind), one.name.casefold()))

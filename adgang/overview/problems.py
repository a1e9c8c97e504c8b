"""The open problems of an organisation, from all rooms, the worst first; narrowed, and as rows of a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib import slots
from adgang.lib.exports import Value
from adgang.lib.problems import Problem, Weight
from organisations.models import Organisation

# By the room that finds them: where one goes to cure them.
ROOMS: dict[str, Promise] = {
    "organisations": _("Organisation, people and rights"),
    "certificates": _("Certificates"),
    "systems": _("Systems and certificates"),
    "contacts": _("Contact structure"),
    "memo": _("Letters and MeMo"),
}
WEIGHTS: dict[Weight, Promise] = {
    Weight.ERROR: _("Error"),
    Weight.WARNING: _("Warning"),
    Weight.NOTICE: _("Notice"),
}
HEADER: tuple[str | Promise, ...] = (_("How bad"), _("Where"), _("What is wrong"), _("What to do"), _("Address"))


@dataclass(frozen=True)
class Found:
    """A problem and the room that found it."""

    problem: Problem
    room: str

    @property
    def room_label(self) -> str | Promise:
        """What the room is called."""
        return ROOMS.get(self.room, self.room)

    @property
    def weight_label(self) -> Promise:
        """How bad it is, in a word."""
        return WEIGHTS[self.problem.weight]


def found(organisation: Organisation) -> list[Found]:
    """Return what the rooms find wrong, the worst first."""
    fillings: list[Callable[[Organisation], list[Problem]]] = slots.fillings("open_problems")
    every = [Found(one, filling.__module__.split(".")[0]) for filling in fillings for one in filling(organisation)]
    return sorted(every, key=lambda one: (-one.problem.weight, not one.problem.first))


def narrowed(problems: Sequence[Found], *, room: str, weight: str) -> list[Found]:
    """Return those of a room and of a weight; what is none of either passes all."""
    kept = [one for one in problems if room not in ROOMS or one.room == room]
    return [one for one in kept if weight not in Weight.__members__ or one.problem.weight.name == weight]


def rows(problems: Sequence[Found]) -> Iterator[Sequence[Value]]:
    """Yield the problems as rows of a file, under `HEADER`."""
    for one in problems:
        address = f"{settings.ADGANG_BASE_URL}{one.problem.url}"
        yield (str(one.weight_label), str(one.room_label), str(one.problem.text), str(one.problem.cure), address)

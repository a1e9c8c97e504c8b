"""A contact point as its page shows it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.templatetags.adgang import badge
from contacts import paths, states
from contacts.models import ContactGroup, ContactPoint, Placement
from systems.states import IN_SERVICE, state_between

AUDIENCES: dict[str, str | Promise] = {
    "for_citizens": gettext_lazy("Citizens"),
    "for_companies": gettext_lazy("Companies"),
    "for_authorities": gettext_lazy("Authorities"),
}


def audiences(point: ContactPoint) -> str:
    """Return for whom a point is, in words; "" for nobody."""
    return ", ".join(str(label) for name, label in AUDIENCES.items() if getattr(point, name))


def state_badge(point: ContactPoint) -> SafeString:
    """Return a point's state in a coloured box."""
    state = states.state(point)
    return badge(state.label, states.BADGES[state])


def registry_id_name() -> str:
    """Return what the ID in Digital Post is called: the two environments must be impossible to confuse."""
    production = settings.ADGANG_ENVIRONMENT == "production"
    return _("ID in Digital Post – PRODUCTION") if production else _("ID in Digital Post – TEST")


@dataclass(frozen=True)
class Place:
    """One of a point's places: the way to it."""

    placement: Placement
    chain: list[ContactGroup]

    @property
    def text(self) -> str:
        """The way for people to read."""
        return path_text(self.chain)


def path_text(chain: Iterable[ContactGroup]) -> str:
    """Return a way from the top for people to read."""
    return paths.SEPARATOR.join(group.name for group in chain) or _("Top level")


class PointPage:
    """A contact point, what belongs to it, and what follows from it, as of one moment."""

    def __init__(self, point: ContactPoint, *, at: dt.datetime) -> None:
        self.point, self.at = point, at

    @cached_property
    def ways(self) -> paths.Paths:
        """The groups that the point stands in, with all that stands above them."""
        return paths.above({group_id for group_id in self.group_ids if group_id is not None})

    @property
    def state(self) -> states.State:
        """The point's state."""
        return states.state(self.point)

    @property
    def state_badge(self) -> SafeString:
        """The state in a coloured box."""
        return state_badge(self.point)

    @property
    def explanation(self) -> str | Promise:
        """What the state means to those who write."""
        return states.EXPLANATIONS[self.state]

    @property
    def is_visible_but_closed(self) -> bool:
        """Whether the point is in the state that is always a mistake."""
        return self.state is states.State.VISIBLE_BUT_CLOSED

    @property
    def audiences(self) -> str:
        """For whom the point is."""
        return audiences(self.point)

    @property
    def system_is_idle(self) -> bool:
        """Whether the recipient system is not in service."""
        system = self.point.system
        return state_between(system.active_from, system.active_to, self.at) not in IN_SERVICE

    @cached_property
    def placements(self) -> list[Placement]:
        """The point's places."""
        return list(self.point.placements.all())

    @property
    def group_ids(self) -> list[uuid.UUID | None]:
        """The groups that the point stands in; None is the top level."""
        return [placement.group_id for placement in self.placements]

    @cached_property
    def places(self) -> list[Place]:
        """The places with the ways to them."""
        return [Place(placement, self.ways.chain(placement.group_id)) for placement in self.placements]

    @cached_property
    def successor(self) -> ContactPoint | None:
        """The contact point that takes over, when it is (still) there."""
        if self.point.replaced_by is None:
            return None
        return ContactPoint.objects.filter(organisation=self.point.organisation, pk=self.point.replaced_by).first()

    @property
    def registry_id_name(self) -> str:
        """What the ID in Digital Post is called."""
        return registry_id_name()

    @property
    def reply_snippet(self) -> str:
        """The part of a MeMo that lets a letter be answered here."""
        return render_to_string("contacts/reply.xml", {"point": self.point}).strip()

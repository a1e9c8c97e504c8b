"""Groups to choose from when something is moved: found by their names, each with its path."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from adgang.lib.lists import MAX_QUERY
from contacts import paths
from contacts.models import ContactGroup
from contacts.searching import matching
from organisations.models import Organisation

SHOWN = 30
TOP = "top"


@dataclass(frozen=True)
class Targets:
    """What is offered: (value, path) each.

    `more` tells that the search found more than is shown, `top_only` that nothing was searched for yet.
    """

    choices: list[tuple[str, str]]
    more: bool
    top_only: bool


def offered(organisation: Organisation, text: str, *, without: Collection[uuid.UUID] = (), chosen: str = "") -> Targets:
    """Return the top level and the groups whose name or description holds every word of `text`, by their paths.

    Without a text these are the groups of the top level. `without` are groups that cannot be chosen. What was `chosen`
    before stays among the choices.
    """
    text = text.replace("\0", "")[:MAX_QUERY]
    groups = ContactGroup.objects.filter(organisation=organisation).exclude(pk__in=without)
    wanted = matching(text) if text.strip() else Q(parent=None)
    found = list(groups.filter(wanted).order_by("name", "pk")[: SHOWN + 1])
    kept = [group for group in _by_id(chosen, organisation) if group.pk not in without]
    shown = {group.pk: group for group in [*kept, *found[:SHOWN]]}
    ways = paths.above(shown)
    choices = sorted(((str(pk), ways.text(pk)) for pk in shown), key=lambda choice: choice[1].casefold())
    return Targets([(TOP, _("Top level")), *choices], more=len(found) > SHOWN, top_only=not text.strip())


def _by_id(text: str, organisation: Organisation) -> list[ContactGroup]:
    try:
        return list(ContactGroup.objects.filter(organisation=organisation, pk=uuid.UUID(text)))
    except ValueError:
        return []


def group_of(choice: str, organisation: Organisation) -> ContactGroup | None:
    """Return the group of a choice that the form has accepted; None is the top level."""
    return next(iter(_by_id(choice, organisation)), None)

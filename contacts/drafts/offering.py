"""Groups of a draft to choose from when something is moved in it: found by their names, each with its path."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from contacts.loading import Structure
from contacts.paths import SEPARATOR
from contacts.targets import SHOWN, TOP, Targets
from contacts.texts import folded


def groups(structure: Structure, text: str, *, without: Collection[uuid.UUID] = (), chosen: str = "") -> Targets:
    """Return the top level and the groups whose name holds every word of `text`; without one, those at the top.

    `without` are groups that cannot be chosen. What was `chosen` before stays among the choices.
    """
    words = folded(text).split()
    found = [
        (str(node.id), SEPARATOR.join(structure.names(node.id)))
        for node in structure.groups.values()
        if node.id not in without
        and (all(word in folded(node.values.name) for word in words) if words else node.parent_id is None)
    ]
    found.sort(key=lambda choice: folded(choice[1]))
    shown = found[:SHOWN]
    kept = _kept(structure, chosen, without)
    shown += [choice for choice in kept if choice not in shown]
    return Targets([(TOP, _("Top level")), *shown], more=len(found) > SHOWN, top_only=not words)


def _kept(structure: Structure, chosen: str, without: Collection[uuid.UUID]) -> list[tuple[str, str]]:
    nodes = [node for node in structure.groups.values() if str(node.id) == chosen and node.id not in without]
    return [(chosen, SEPARATOR.join(structure.names(node.id))) for node in nodes]


def group_of(choice: str) -> uuid.UUID | None:
    """Return the id of the group of a choice that the form has accepted; None is the top level."""
    return None if choice == TOP else uuid.UUID(choice)

"""A draft of the demo's contact structure: the reorganisation that a newcomer can look through, change and publish."""

from dataclasses import replace

from contacts.drafts import editing, lifecycle
from contacts.loading import GroupNode, Structure
from contacts.values import GroupValues
from organisations.callers import Caller
from organisations.models import Organisation

NAME = "Ny organisation 1. januar"
NOTE = "Pas og kørekort samles i et rejsecenter. Byrådet har besluttet det; kontaktpunkterne beholder deres ID'er."
CENTRE = "Rejsecenter"
MOVED = "Pas og kørekort"
RENAMED = {"Pas": "Pas til voksne og børn"}


def begin_reorganisation(*, caller: Caller, organisation: Organisation) -> None:
    """Begin the draft: a new group takes another in, a point gets a new name, and a search term is added."""
    draft = lifecycle.begin(caller=caller, organisation=organisation, name=NAME, note=NOTE)
    lifecycle.change(caller=caller, draft=draft, act=_reorganise)


def _reorganise(now: Structure) -> None:
    moved = _group(now, MOVED)
    centre = editing.add_group(now, GroupValues(name=CENTRE), moved.parent_id)
    editing.move_group(now, moved, centre.id)
    for node in editing.points_in(now, moved.id):
        terms = (*node.values.search_terms, "rejsecenter")
        name = RENAMED.get(node.values.name, node.values.name)
        editing.set_point(now, node, replace(node.values, name=name, search_terms=terms))


def _group(now: Structure, name: str) -> GroupNode:
    return next(node for node in now.groups.values() if node.values.name == name)

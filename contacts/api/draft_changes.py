"""One change of a group or point in a draft, as a command asks for it: the same rules as outside, on the draft."""

import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, missing, wrong
from contacts.api import commands
from contacts.api.draft_schemas import ChangeAct, DraftChangeCommand, ObjectKind
from contacts.api.schemas import ContactGroupCommand, ContactPointCommand
from contacts.deleting import Children
from contacts.drafts import editing
from contacts.loading import GroupNode, PointNode, Structure
from contacts.registering import NoSuchGroup
from organisations.models import Organisation

Act = Callable[[Structure], uuid.UUID]


def act_of(body: DraftChangeCommand, organisation: Organisation) -> Act:
    """Return what does to a structure what the command says, and returns the object's id. Raises `ApiError`."""
    if body.act is None or body.kind is None:
        missed = "act" if body.act is None else "kind"
        raise _fault(missed, _("Say what is to be done, and to what."))
    act = _group if body.kind is ObjectKind.GROUP else _point
    return lambda structure: act(structure, body, organisation)


def _group(structure: Structure, body: DraftChangeCommand, organisation: Organisation) -> uuid.UUID:
    said = body.contact_group or ContactGroupCommand()
    parent = said.parent.id if said.parent else None
    if body.act is ChangeAct.CREATE:
        return editing.add_group(structure, commands.group_values(said), parent).id
    node = structure.groups.get(body.object_id) if body.object_id else None
    if node is None:
        raise missing()
    if body.act is ChangeAct.DELETE:
        _require_empty(structure, node)
        editing.delete_group(structure, node, Children.MOVE_UP)
        return node.id
    editing.set_group(structure, node, commands.group_values(said, node.values))
    if parent != node.parent_id:
        editing.move_group(structure, node, parent)
    return node.id


def _require_empty(structure: Structure, node: GroupNode) -> None:
    if editing.groups_in(structure, node.id) or editing.points_in(structure, node.id):
        raise ApiError(409, "group.not_empty", _("Groups or contact points stand in the group. Move them first."))


def _point(structure: Structure, body: DraftChangeCommand, organisation: Organisation) -> uuid.UUID:
    said = body.contact_point or ContactPointCommand()
    groups: list[uuid.UUID | None] = [one.id for one in said.contact_groups or () if one.id is not None]
    groups = list(dict.fromkeys(groups)) or [None]
    if body.act is ChangeAct.CREATE:
        return editing.add_point(structure, commands.point_values(said, organisation, None), groups).id
    node = structure.points.get(body.object_id) if body.object_id else None
    if node is None:
        raise missing()
    if body.act is ChangeAct.DELETE:
        editing.delete_point(structure, node)
        return node.id
    editing.set_point(structure, node, commands.point_values(said, organisation, node.values))
    _place(structure, node, groups)
    return node.id


def _place(structure: Structure, node: PointNode, groups: list[uuid.UUID | None]) -> None:
    """Let a point stand in these groups alone; where it stays it keeps its position."""
    if any(one is not None and one not in structure.groups for one in groups):
        raise NoSuchGroup
    for group_id in groups:
        if group_id not in node.group_ids:
            editing.place_point(structure, node, group_id)
    for group_id in [one for one in node.group_ids if one not in groups]:
        editing.unplace_point(structure, node, group_id)


def _fault(field: str, message: str) -> ApiError:
    return wrong("draftChange", field, f"{field}.missing", message)

"""Contact groups by API."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.errors import ApiError, invalid, wrong
from adgang.lib.api.filters import Column, Kind, to_flag
from adgang.lib.api.operations import Answer, found, found_one, operation
from adgang.lib.api.searching import Parameter, Search, find
from adgang.lib.api.versions import expected
from adgang.lib.registered import check_version
from contacts import access, deleting, registering, replacing
from contacts.api import commands, presenting
from contacts.api.schemas import ContactGroup, ContactGroupCommand, ContactGroupSearchResult
from contacts.audiences import seen
from contacts.deleting import Children
from contacts.models import ContactGroup as Row
from contacts.moving import MovedBelowItself
from organisations.rights import Right

router = Router(tags=["Contact groups"])
VISIBLE = ("VISIBLE", "HIDDEN", "ALL")


def _root(text: str) -> Q:
    return Q(parent=None) if to_flag(text) else Q(parent__isnull=False)


def visibility(help: str, visible: Callable[[], Q]) -> Parameter:
    """Return the parameter that narrows a search to what is visible, or to what is not."""

    def where(text: str) -> Q:
        if text not in VISIBLE:
            raise ValueError(_("Known values are: %(known)s.") % {"known": ", ".join(VISIBLE)})
        return {"VISIBLE": visible(), "HIDDEN": ~visible(), "ALL": Q()}[text]

    return Parameter(help=help, where=where, schema={"type": "string", "enum": list(VISIBLE)})


COLUMNS = {
    "id": Column("pk", Kind.ID),
    "version": Column("version", Kind.NUMBER),
    "createdDate": Column("created", Kind.MOMENT),
    "lastUpdated": Column("updated", Kind.MOMENT),
    "name": Column("name"),
    "description": Column("description"),
    "organisationalUnit": Column("organisational_unit", Kind.FLAG),
    "organisation.id": Column("organisation_id", Kind.ID),
    "organisation.cvrNumber": Column("organisation__cvr_number"),
    "parent.id": Column("parent_id", Kind.ID),
    "registryId": Column("registry_id", Kind.ID),
}
ROOT = Parameter(help="Groups without a parent.", where=_root, schema={"type": "boolean"})
OWN = Search(
    answer=ContactGroup,
    columns=COLUMNS,
    words=("name", "description"),
    parameters={
        "isRoot": ROOT,
        "visibility": visibility("Visible are groups in whose branch a visible point stands.", seen),
    },
    order=("name",),
)
ALL = Search(answer=ContactGroup, columns=COLUMNS, words=("name", "description"), parameters={"isRoot": ROOT})


def _found(request: HttpRequest, sight: access.Sight[Row], search: Search) -> dict[str, Any]:
    page = find(request, sight.rows, search)
    return found(page, "contactGroups", presenting.groups_wire(page.rows, inside=sight.inside))


@operation(router, "GET", "contact-groups/", summary="Search all groups", answer=ContactGroupSearchResult, search=ALL)
def groups_search_all(request: HttpRequest) -> dict[str, Any]:
    """Find groups of all organisations: one's own, and those of others in which anybody finds a point."""
    sight = access.groups_seen(request, right=Right.CONTACTS_VIEW)
    return _found(request, sight, ALL)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/contact-groups/",
    summary="Search groups",
    answer=ContactGroupSearchResult,
    errors=(401, 403, 404),
    search=OWN,
)
def groups_search(request: HttpRequest, org: uuid.UUID) -> dict[str, Any]:
    """Find groups of an organisation; of another's those in which anybody finds a point."""
    sight = access.groups_seen(request, right=Right.CONTACTS_VIEW, organisation_id=org)
    return _found(request, sight, OWN)


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/contact-groups/",
    summary="Create a group",
    answer=ContactGroup,
    status=201,
    errors=(400, 401, 403, 404),
)
def group_create(request: HttpRequest, org: uuid.UUID, body: ContactGroupCommand) -> Answer:
    """Add a group, last below its parent or at the top level."""
    organisation = access.organisation(request, org, right=Right.CONTACTS_CHANGE)
    parent = commands.parent_of(body, organisation)
    values = commands.group_values(body)
    with refusing("contactGroup"):
        made = registering.create_group(
            caller=access.caller(request), organisation=organisation, values=values, parent=parent
        )
    return _answer(made)


def _answer(row: Row) -> Answer:
    (body,) = presenting.groups_wire([row], inside=lambda _row: True)
    return Answer(body=body, version=row.version)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/contact-groups/{uuid:id}",
    summary="Read a group",
    answer=ContactGroup,
    errors=(401, 403, 404),
)
def group_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return a group; one of another organisation when anybody finds a point in it."""
    sight = access.groups_seen(request, right=Right.CONTACTS_VIEW, organisation_id=org)
    row = found_one(sight.rows.filter(pk=id).first())
    (body,) = presenting.groups_wire([row], inside=sight.inside)
    return Answer(body=body, version=row.version)


@operation(
    router,
    "PUT",
    "organisations/{uuid:org}/contact-groups/{uuid:id}",
    summary="Change a group",
    answer=ContactGroup,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def group_change(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: ContactGroupCommand) -> Answer:
    """Replace what is said of a group, and its parent; without one it stands at the top level."""
    row = access.group(request, org, id, right=Right.CONTACTS_CHANGE)
    version = expected(request)
    check_version(row, version=version)
    parent = commands.parent_of(body, row.organisation)
    values = commands.group_values(body, row)
    with refusing("contactGroup"):
        replacing.replace_group(caller=access.caller(request), group=row, values=values, parent=parent, version=version)
    return _answer(row)


@operation(
    router,
    "DELETE",
    "organisations/{uuid:org}/contact-groups/{uuid:id}",
    summary="Delete a group",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def group_delete(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> None:
    """Delete an empty group; 409 while groups or points stand in it."""
    row = access.group(request, org, id, right=Right.CONTACTS_CHANGE)
    version = expected(request)
    check_version(row, version=version)
    if not deleting.branch(row).is_empty:
        raise ApiError(409, "group.not_empty", _("Groups or contact points stand in the group. Move them first."))
    deleting.delete_group(caller=access.caller(request), group=row, children=Children.MOVE_UP, version=version)


@contextmanager
def refusing(resource: str) -> Iterator[None]:
    """Turn what the rules of the structure refuse into the 400 that names the property."""
    try:
        yield
    except registering.RegistryIdTaken as taken:
        raise invalid([commands.fault(resource, "registry_id", taken.finding)]) from taken
    except MovedBelowItself as error:
        text = _("A group cannot stand below itself.")
        raise wrong(resource, "parent.id", "group.circle", text) from error
    except registering.NoSuchGroup as error:
        text = _("The organisation has no group with this ID.")
        field = "parent.id" if resource == "contactGroup" else "contactGroups"
        raise wrong(resource, field, "group.unknown", text) from error
    except registering.NoSuchSystem as error:
        text = _("Name one of the organisation's recipient systems.")
        raise wrong(resource, "systemId", "system.unknown", text) from error

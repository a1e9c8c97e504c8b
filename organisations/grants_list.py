"""The list of an organisation's grants: who may do this, through what, until when."""

import datetime as dt
import uuid

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.lists import Column, Empty, Filter, ListSpec
from organisations.grants import related
from organisations.models import GroupMember, Organisation, Privilege
from organisations.right_names import NAMES
from organisations.rights import PrivilegeType, Right, roles

WHOLE = "whole"


def standing(organisation: Organisation, *, at: dt.datetime) -> QuerySet[Privilege]:
    """Return the grants that count, of people, groups and other organisations; what these passed on is only counted."""
    members = GroupMember.objects.select_related("user").order_by("user__name")
    rows = related().active(at).filter(scope=organisation, parent=None)
    return rows.annotate(passed_on=Count("children")).prefetch_related(Prefetch("group__members", queryset=members))


def grants_list(organisation: Organisation, *, systems: dict[uuid.UUID, str]) -> ListSpec:
    """Return the list's specification; `systems` are the names of the organisation's by id."""
    return ListSpec(
        name="grants",
        caption=gettext_lazy("Who may do this"),
        columns=[
            Column("who", gettext_lazy("Who"), cell=_name, link=lambda one: page_of(organisation, one)),
            Column("people", gettext_lazy("That is"), cell=_people),
            Column("role", gettext_lazy("Role"), cell="role.label", sort=("type",)),
            Column("system", gettext_lazy("Applies to"), cell=lambda one: _system(one, systems)),
            Column("given", gettext_lazy("Given"), cell="created", sort=("created",)),
            Column("ends", gettext_lazy("Ends"), cell="active_to", sort=("active_to",)),
        ],
        default_sort="role",
        search=("user__name", "user__email", "group__name", "delegate__name"),
        search_label=gettext_lazy("Name of a person, group or vendor"),
        filters=[
            Filter("right", gettext_lazy("Is allowed to"), choices=_rights(), apply=_with_right),
            Filter("role", gettext_lazy("Role"), choices=_roles(), apply=lambda rows, value: rows.filter(type=value)),
            Filter(
                "system",
                gettext_lazy("For"),
                choices=[(str(id_), name) for id_, name in systems.items()],
                apply=lambda rows, value: rows.filter(Q(system_id=value) | Q(system_id=None)),
            ),
        ],
        empty=Empty(gettext_lazy("Nobody"), gettext_lazy("Here stands whoever was given a role.")),
    )


def _rights() -> list[tuple[str, str | Promise]]:
    own = [right for right in Right if any(right in role.rights and not role.installation for role in roles().values())]
    return [(str(right), NAMES[right]) for right in own]


def _roles() -> list[tuple[str, str]]:
    return [(str(role.type), role.label) for role in roles().values() if not role.installation]


def types_with(right: Right) -> list[PrivilegeType]:
    """Return the roles that have a right."""
    return [type_ for type_, role in roles().items() if right in role.rights]


def _with_right(rows: QuerySet[Privilege], value: str) -> QuerySet[Privilege]:
    return rows.filter(type__in=types_with(Right(value)))


def _name(privilege: Privilege) -> str:
    return str(privilege.grantee)


def page_of(organisation: Organisation, privilege: Privilege) -> str:
    """Return the URL of the page about whoever holds the grant."""
    cvr = organisation.cvr_number
    if privilege.user_id:
        return reverse("person", args=[cvr, privilege.user_id])
    if privilege.group_id:
        return reverse("user_group", args=[cvr, privilege.group_id])
    return reverse("delegations", args=[cvr])


def _people(privilege: Privilege) -> str:
    if privilege.group is not None:
        names = [member.user.name for member in privilege.group.members.all()]
        return ", ".join(names) or _("A group without members")
    if privilege.delegate_id:
        return _("Another organisation; passed on to %(count)s") % {"count": getattr(privilege, "passed_on", 0)}
    return _("A person")


def _system(privilege: Privilege, systems: dict[uuid.UUID, str]) -> str:
    if privilege.system_id is None:
        return _("The whole organisation")
    return systems.get(privilege.system_id, _("A deleted system"))

"""What a set-up file says of roles: how each is written, and what it is called in a plan."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from adgang.lib.snapshots import as_json
from adgang.setup.roles_standing import Held, Key, Standing, StandingGroup, StandingPerson
from adgang.setup.yaml_writing import Remarked
from organisations.models import Privilege
from organisations.rights import PrivilegeType, roles

ENDS = "activeToDateTime"
OWN = [str(role.type) for role in roles().values() if not role.installation]
Names = Mapping[uuid.UUID, str]


def written(standing: Standing, systems: Names) -> list[dict[str, Any]]:
    """Return what a file says of everybody's roles: groups, then people, then what other organisations were given."""
    return [
        *(_group(one, systems) for one in standing.groups),
        *(_person(one, systems) for one in standing.people.values()),
        *_delegates(standing.delegated, systems),
    ]


def _group(one: StandingGroup, systems: Names) -> dict[str, Any]:
    told = {"description": one.group.description, "members": one.addresses, "roles": _roles(one.held, systems)}
    return {"userGroup": one.group.name, "id": str(one.group.pk), **_told(told)}


def _person(one: StandingPerson, systems: Names) -> dict[str, Any]:
    name = Remarked(one.name, gettext("invited")) if one.invitation else one.name
    return {"person": one.email, "name": name, **_told({"roles": _roles(one.held, systems)})}


def _delegates(delegated: Iterable[Privilege], systems: Names) -> Iterable[dict[str, Any]]:
    by_delegate: dict[tuple[str, str], Held] = {}
    for one in delegated:
        if one.delegate is not None:
            held = by_delegate.setdefault((one.delegate.cvr_number, one.delegate.name), {})
            held[PrivilegeType(one.type), one.system_id] = one.active_to
    for (cvr, name), held in by_delegate.items():
        yield {"organisation": cvr, "name": name, "roles": _roles(held, systems)}


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _roles(held: Held, systems: Names) -> list[Any]:
    return [_role(key, held[key], systems) for key in in_order(held, systems)]


def in_order(keys: Iterable[Key], systems: Names) -> list[Key]:
    """Return roles in the order of the role table, those for single systems by their names."""
    return sorted(keys, key=lambda key: (OWN.index(key[0]), system_name(key, systems)))


def system_name(key: Key, systems: Names) -> str:
    """Return the name of the system that a role is limited to; "" for none."""
    return systems.get(key[1], str(key[1])) if key[1] else ""


def _role(key: Key, end: dt.datetime | None, systems: Names) -> Any:
    limits = _told({"system": system_name(key, systems), ENDS: as_json(end)})
    return {"role": str(key[0]), **limits} if limits else str(key[0])


def text(key: Key, end: dt.datetime | None, systems: Names) -> str:
    """Return a role as a plan names it."""
    limits = [system_name(key, systems), f"{ENDS} {as_json(end)}" if end else ""]
    told = ", ".join(filter(None, limits))
    return f"{key[0]} ({told})" if told else str(key[0])

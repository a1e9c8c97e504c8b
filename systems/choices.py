"""What the room of people and rights may know of systems: their names, so that a role can be limited to one."""

import uuid
from collections.abc import Collection

from organisations.models import Organisation
from systems.models import System


def choices(organisation: Organisation) -> list[tuple[uuid.UUID, str]]:
    """Return id and name of every system of the organisation, by name."""
    return list(System.objects.filter(organisation=organisation).values_list("pk", "name"))


def names(system_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of some systems, by id."""
    return dict(System.objects.filter(pk__in=system_ids).values_list("pk", "name")) if system_ids else {}


def vendor_systems(organisation: Organisation) -> list[tuple[uuid.UUID, str, str]]:
    """Return id, name and vendor's CVR number of the organisation's systems that name a vendor, by name."""
    rows = System.objects.filter(organisation=organisation).exclude(delegated_cvr="")
    return list(rows.order_by("name").values_list("pk", "name", "delegated_cvr"))

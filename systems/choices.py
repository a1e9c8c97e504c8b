"""What the room of people and rights may know of systems: their names, so that a role can be limited to one."""

import uuid

from organisations.models import Organisation
from systems.models import System


def choices(organisation: Organisation) -> list[tuple[uuid.UUID, str]]:
    """Return id and name of every system of the organisation, by name."""
    return list(System.objects.filter(organisation=organisation).values_list("pk", "name"))

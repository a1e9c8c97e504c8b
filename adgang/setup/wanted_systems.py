"""The systems of a set-up: as they stand, and as a file wants them."""

import uuid
from dataclasses import dataclass, field

from adgang.lib.findings import Finding
from adgang.setup.system_keys import use_of
from organisations.models import Organisation
from systems.addresses import sorted_networks
from systems.models import AllowedIp, System, TemplateUse


@dataclass(eq=False)
class WantedSystem:
    """A system as it is to be (`new`, with its addresses), as it stands (None: new), and its line in the file."""

    line: int
    new: System
    networks: list[str]
    old: System | None
    old_networks: list[str]
    doubts: list[Finding] = field(default_factory=list)


def changed(one: WantedSystem) -> bool:
    """Say whether a system that is there is to be different."""
    old = one.old
    if old is None:
        return True
    if origin(old) != origin(one.new):
        return True
    fields = [field.attname for field in System._meta.concrete_fields]
    return one.networks != one.old_networks or any(getattr(old, name) != getattr(one.new, name) for name in fields)


def origin(system: System) -> tuple[uuid.UUID, int] | None:
    """Return the standard system that a system was made from, by id, and the edition; None for none."""
    use = use_of(system)
    return (use.template_id, use.edition) if use is not None else None


def write_origin(system: System) -> None:
    """Keep in the database what a saved system was made from."""
    TemplateUse.objects.filter(system=system).delete()
    if (found := origin(system)) is not None:
        TemplateUse.objects.create(system=system, template_id=found[0], edition=found[1])


@dataclass(frozen=True)
class Systems:
    """All that the file asks for, and the systems that it leaves out."""

    wanted: list[WantedSystem]
    gone: list[System]
    ids: dict[uuid.UUID, uuid.UUID]

    @property
    def after(self) -> list[System]:
        """The systems that will be there."""
        return [one.new for one in self.wanted]


def stored(organisation: Organisation) -> tuple[list[System], dict[uuid.UUID, list[str]]]:
    """Return the organisation's systems with all that is told of them, and the allowed addresses of each, in order."""
    rows = System.objects.filter(organisation=organisation).with_page_data()
    systems = list(rows.select_related("template_use__template__organisation").order_by("name", "pk"))
    networks: dict[uuid.UUID, list[str]] = {system.pk: [] for system in systems}
    allowed = AllowedIp.objects.filter(system__organisation=organisation)
    for system_id, network in allowed.values_list("system_id", "network"):
        networks[system_id].append(network)
    return systems, {pk: sorted_networks(found) for pk, found in networks.items()}

"""Systems, in any state, for tests."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from organisations.models import Organisation
from systems.models import AllowedIp, Protocol, System, SystemHealth
from tests.factories import organisations

_numbers = itertools.count(1)


def system(
    *,
    organisation: Organisation | None = None,
    protocol: Protocol = Protocol.SMTP,
    active: bool = False,
    networks: tuple[str, ...] = (),
    health: dict[str, Any] | None = None,
    **fields: Any,
) -> System:
    """Return a saved recipient system with its health row; with `active` in service since yesterday."""
    if active:
        fields.setdefault("active_from", timezone.now() - dt.timedelta(days=1))
    if not fields.get("is_sender"):
        fields.setdefault("is_recipient", True)
    if protocol is Protocol.SMTP:
        fields.setdefault("endpoint", "post@modtager.example")
    fields.setdefault("name", f"Postsystem {next(_numbers)}")
    made = System.objects.create(
        organisation=organisation or organisations.organisation(), service_protocol=protocol, **fields
    )
    SystemHealth.objects.create(system=made, **(health or {}))
    AllowedIp.objects.bulk_create(AllowedIp(system=made, network=network) for network in networks)
    return made


def reread(system: System) -> System:
    """Return the system as it stands in the database, with what its page shows."""
    return System.objects.filter(pk=system.pk).with_page_data().get()

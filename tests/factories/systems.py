"""Systems, in any state, for tests."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from organisations.callers import Caller
from organisations.models import Organisation
from systems.models import AllowedIp, CheckBatch, Protocol, System, SystemHealth, SystemTemplate, TemplateUse
from systems.standard import publishing
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


def batch(*, organisation: Organisation, is_open: bool = False) -> CheckBatch:
    """Return a test of all systems that is over, or that waits with nothing begun."""
    finished = None if is_open else timezone.now()
    return CheckBatch.objects.create(organisation=organisation, total=1, finished=finished)


VENDORS_VALUES = {
    "service_protocol": "REST_PUSH",
    "is_sender": False,
    "is_recipient": True,
    "endpoint": "https://post.vendor.example/memo",
    "technical_contact_name": "Driftsvagten",
    "technical_contact_email": "drift@vendor.example",
    "supplier": "Vendor A/S",
    "networks": ["192.0.2.10"],
}


def template(
    *, organisation: Organisation | None = None, published: bool = False, to_fill: tuple[str, ...] = (), **values: Any
) -> SystemTemplate:
    """Return a vendor's standard system; with `published` its first edition is on offer."""
    made = SystemTemplate(
        organisation=organisation or organisations.organisation(),
        name=f"Standardpost {next(_numbers)}",
        values=VENDORS_VALUES | values,
        to_fill=list(to_fill),
    )
    publishing.create(caller=Caller.command("test"), template=made)
    return publish(made) if published else made


def publish(template: SystemTemplate, *, note: str = "", **values: Any) -> SystemTemplate:
    """Publish the standard system, with some values changed."""
    caller = Caller.command("test")
    if values:
        template.values = {**template.values, **values}
        assert publishing.change(caller=caller, template=template, version=template.version) == []
    at = timezone.now()
    assert publishing.publish(caller=caller, template=template, version=template.version, note=note, at=at) == []
    return template


def made_from(template: SystemTemplate, **fields: Any) -> System:
    """Return a system made from the newest edition of a standard system."""
    values = {name: value for name, value in template.values.items() if name not in ("service_protocol", "networks")}
    networks = tuple(template.values.get("networks", ()))
    made = system(protocol=template.protocol, networks=networks, **{**values, **fields})
    TemplateUse.objects.create(system=made, template=template, edition=template.edition)
    return made


def reread(system: System) -> System:
    """Return the system as it stands in the database, with what its page shows."""
    return System.objects.filter(pk=system.pk).with_page_data().get()

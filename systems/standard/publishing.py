"""The vendor's side: a standard system is written, published in editions that never change, and retired."""

import datetime as dt

from django.db import transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, save_version
from adgang.lib.snapshots import snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from systems.models import SystemTemplate, TemplateEdition, TemplateUse
from systems.standard import values


@transaction.atomic
def create(*, caller: Caller, template: SystemTemplate) -> SystemTemplate:
    """Save a new standard system, which nobody else sees before it is published. Raises ValidationError, by field."""
    lock(template.organisation_id)
    _check(template)
    template.save(force_insert=True)
    _record(caller, template, Tag.TEMPLATE_CREATED, {}, told(template))
    return template


@transaction.atomic
def change(
    *, caller: Caller, template: SystemTemplate, version: int, reason: str = "", operator: bool = False
) -> list[Finding]:
    """Save the vendor's working copy on top of `version`; authorities see nothing of it before it is published.

    `operator` says that the one who runs the installation does it for the vendor. Returns what refuses it; raises
    ValidationError, by field, and `StaleVersion`.
    """
    before = _stored(template, version)
    if refused := _retired(before):
        return refused
    if before.edition and before.values["service_protocol"] != template.values["service_protocol"]:
        return [finding("template.protocol_fixed", name=before.name)]
    _check(template)
    was = told(before)
    save_version(template, version=version)
    _record(caller, template, Tag.TEMPLATE_CHANGED, was, told(template), reason=reason, operator=operator)
    return []


@transaction.atomic
def publish(
    *, caller: Caller, template: SystemTemplate, version: int, note: str, at: dt.datetime, operator: bool = False
) -> list[Finding]:
    """Publish the working copy as the next edition: it is offered to whoever made a system from an earlier one.

    Returns what refuses it. Raises `StaleVersion`.
    """
    current = _stored(template, version)
    newest = newest_edition(current)
    if refused := _retired(current):
        return refused
    if newest and (newest.values, newest.to_fill) == (current.values, current.to_fill):
        return [finding("template.nothing_new", name=current.name, edition=newest.number)]
    was = told(current)
    template.edition, template.published = current.edition + 1, at
    edition = TemplateEdition(template=template, number=template.edition, note=note, published=at)
    edition.values, edition.to_fill = current.values, current.to_fill
    edition.save(force_insert=True)
    save_version(template, version=version)
    _record(caller, template, Tag.TEMPLATE_PUBLISHED, was, told(template), reason=note, operator=operator)
    return []


@transaction.atomic
def retire(
    *, caller: Caller, template: SystemTemplate, version: int, reason: str, at: dt.datetime, operator: bool = False
) -> list[Finding]:
    """Take a standard system off the list; systems made from it stay as they are. Raises `StaleVersion`."""
    current = _stored(template, version)
    if refused := _retired(current):
        return refused
    was = told(current)
    template.retired = at
    save_version(template, version=version)
    _record(caller, template, Tag.TEMPLATE_RETIRED, was, told(template), reason=reason, operator=operator)
    return []


@transaction.atomic
def delete(*, caller: Caller, template: SystemTemplate, version: int) -> list[Finding]:
    """Delete a standard system that was never published. Returns what refuses it; raises `StaleVersion`."""
    current = _stored(template, version)
    if current.edition:
        return [finding("template.published_already", name=current.name)]
    was = told(current)
    SystemTemplate.objects.filter(pk=current.pk).delete()
    _record(caller, current, Tag.TEMPLATE_DELETED, was, {})
    return []


def newest_edition(template: SystemTemplate) -> TemplateEdition | None:
    """Return what authorities are offered; None before the first publication."""
    return template.editions.filter(number=template.edition).first() if template.edition else None


def users_of(template: SystemTemplate) -> list[TemplateUse]:
    """Return the systems made from it, by authority and name."""
    uses = TemplateUse.objects.filter(template=template).select_related("system__organisation")
    return list(uses.order_by("system__organisation__name", "system__name"))


def _stored(template: SystemTemplate, version: int) -> SystemTemplate:
    """Return the template as it stands, locked by its organisation's row. Raises `StaleVersion`."""
    lock(template.organisation_id)
    current = SystemTemplate.objects.filter(pk=template.pk).select_related("organisation").first()
    if current is None or current.version != version:
        raise StaleVersion(current)
    return current


def _check(template: SystemTemplate) -> None:
    template.clean_fields(exclude=["values", "to_fill"])
    template.validate_constraints()
    values.check(template)


def _retired(template: SystemTemplate) -> list[Finding]:
    return [finding("template.is_retired", name=template.name)] if template.retired else []


def _record(
    caller: Caller,
    template: SystemTemplate,
    tag: Tag,
    before: dict[str, object],
    after: dict[str, object],
    *,
    reason: str = "",
    operator: bool = False,
) -> None:
    """Record it in the vendor's log, and what the operator did in the operator's too."""
    one = Entry(tag=tag, obj=template, before=before, after=after, reason=reason)
    chains = [template.organisation, *([None] if operator else [])]
    events.record_all(caller, [(chain, one) for chain in chains])


def told(template: SystemTemplate) -> dict[str, object]:
    """Return a standard system as the log keeps it: its values by the names of the fields, as those of a system."""
    kept = snapshot(template)
    inner = kept.pop("values", {})
    return kept | (inner if isinstance(inner, dict) else {})

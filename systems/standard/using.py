"""The authority's side: a system is begun from a standard system, and later editions are offered, never imposed."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Organisation
from systems import drafting, registering
from systems.drafting import Step
from systems.forms.fields import CONTACTS, VENDOR
from systems.models import System, SystemDraft, SystemTemplate, TemplateEdition, TemplateUse
from systems.standard import values
from systems.standard.values import NETWORKS
from systems.writing import entry, record

FIELDS_OF = {
    Step.DELIVERY: drafting.DELIVERY,
    Step.CONTACTS: frozenset({*CONTACTS, *VENDOR}),
    Step.ADDRESSES: frozenset({NETWORKS}),
}


class OfferMoved(Exception):
    """The vendor published another edition, or somebody answered the offer, since it was read."""


def begin(*, caller: Caller, organisation: Organisation, edition: TemplateEdition) -> SystemDraft:
    """Return a new draft filled in from an edition; steps with nothing left to fill in count as done."""
    template = edition.template
    filled = {**values.kept(edition.values), "name": template.name}
    filled |= {"template": str(template.pk), "edition": edition.number}
    open_fields = set(edition.to_fill)
    done = [Step.PROTOCOL.value, *(step.value for step, fields in FIELDS_OF.items() if not open_fields & fields)]
    return SystemDraft.objects.create(
        organisation=organisation, begun_by=caller.user, values={**filled, "done": sorted(done)}
    )


def use_of(system: System) -> TemplateUse | None:
    """Return from which standard system this one was made, if from any."""
    return TemplateUse.objects.filter(system=system).select_related("template__organisation").first()


def note(system: System, template: SystemTemplate) -> None:
    """Keep that a new system was made from the newest edition of a standard system."""
    TemplateUse.objects.create(system=system, template=template, edition=template.edition)


@transaction.atomic
def follow(*, caller: Caller, system: System, template: SystemTemplate) -> None:
    """Let a system follow another standard system from its newest edition on, recorded."""
    earlier = use_of(system)
    TemplateUse.objects.update_or_create(system=system, defaults={"template": template, "edition": template.edition})
    before = {"standard_system": str(earlier.template)} if earlier else {}
    told = entry(system, tag=Tag.SYSTEM_CHANGED, before=before, after={"standard_system": str(template)})
    record(caller, system.organisation, [told])


@dataclass(frozen=True)
class Difference:
    """A field in which the newest edition says something else than the system has.

    `was` is what the edition that the owner answered last said. `suggested` when the system still follows that one.
    """

    name: str
    label: str | Promise
    ours: str
    was: str
    theirs: str
    suggested: bool


@dataclass(frozen=True)
class Offer:
    """A newer edition for one system. The texts are those of the reader's language."""

    use: TemplateUse
    edition: TemplateEdition
    earlier: TemplateEdition
    system: System

    @property
    def differences(self) -> list[Difference]:
        """What the new edition changed, and what the system has otherwise already."""
        old, new = values.kept(self.earlier.values), values.kept(self.edition.values)
        left_open = {*self.edition.to_fill}
        names = [name for name in values.fields_of(self.edition.values) if name not in left_open]
        return [self._difference(name, old, new) for name in names if old.get(name) != new.get(name)]

    def _difference(self, name: str, old: dict[str, Any], new: dict[str, Any]) -> Difference:
        ours = present(self.system, name)
        return Difference(
            name,
            values.label(name),
            values.text(name, ours),
            values.text(name, old.get(name)),
            values.text(name, new.get(name)),
            suggested=(ours or None) == (old.get(name) or None),
        )


def present(system: System, name: str) -> Any:
    """Return what a system has in a field of a standard system."""
    if name == NETWORKS:
        return [allowed.network for allowed in system.allowed_ips.all()]
    return getattr(system, name)


def offer_of(system: System, *, use: TemplateUse | None = None) -> Offer | None:
    """Return the newer edition that the system's owner has not answered yet, if there is one."""
    use = use or use_of(system)
    if use is None or use.template.edition <= use.edition or use.template.retired:
        return None
    numbers = (use.edition, use.template.edition)
    found = {one.number: one for one in TemplateEdition.objects.filter(template=use.template, number__in=numbers)}
    return Offer(use, found[numbers[1]], found[numbers[0]], system)


def answer(*, caller: Caller, offer: Offer, version: int, taken: list[str]) -> list[Finding]:
    """Take over the named fields of an offer, leave the others, and keep that it was answered.

    Returns what refuses it (then nothing is done). Raises `OfferMoved`, `StaleVersion` and ValidationError by field.
    """
    names = [difference.name for difference in offer.differences]
    chosen = [name for name in names if name in taken]
    system, edition = offer.system, offer.edition
    with transaction.atomic():
        newest = SystemTemplate.objects.filter(pk=offer.use.template_id, edition=edition.number, retired=None)
        unanswered = TemplateUse.objects.filter(pk=offer.use.pk, edition=offer.use.edition)
        if not newest.exists() or not unanswered.update(edition=edition.number):
            raise OfferMoved
        reason = _("Edition %(edition)s of the standard system %(name)s") % {
            "edition": edition.number,
            "name": offer.use.template.name,
        }
        refused = _take(caller, system, version, edition, chosen, reason) if chosen else []
        if refused:
            transaction.set_rollback(True)
            return refused
        after = {"edition": edition.number, "taken": chosen, "left": [name for name in names if name not in chosen]}
        before = {"edition": offer.use.edition}
        done = entry(system, tag=Tag.TEMPLATE_OFFER_ANSWERED, before=before, after=after, reason=reason)
        record(caller, system.organisation, [done])
    return []


def _take(
    caller: Caller, system: System, version: int, edition: TemplateEdition, chosen: list[str], reason: str
) -> list[Finding]:
    empty = System()
    for name in chosen:
        if name != NETWORKS:
            setattr(system, name, edition.values.get(name, getattr(empty, name)))
    networks = list(edition.values.get(NETWORKS, [])) if NETWORKS in chosen else None
    return registering.change(caller=caller, system=system, version=version, networks=networks, reason=reason)

"""Guided creation: a system that has been begun is a draft row, so nothing is lost when the browser is closed.

`SystemDraft.values` holds the cleaned values of the steps that are done: fields of `System`, and `networks`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import StaleVersion, save_version
from organisations.callers import Caller
from organisations.models import Organisation
from systems.models import System, SystemDraft, SystemTemplate, TemplateEdition, TemplateUse
from systems.protocols import Protocol
from systems.registering import create

Values = Mapping[str, Any]


class Step(models.TextChoices):
    """One page of the creation; the values stand in its URL."""

    KIND = "art", _("Name and kind")
    PROTOCOL = "protokol", _("Protocol")
    DELIVERY = "levering", _("Delivery")
    CONTACTS = "kontakter", _("Contacts and vendor")
    ADDRESSES = "adresser", _("Allowed addresses")
    ANSWERS = "svar", _("Check your answers")


# A system of these protocols calls Digital Post: there is nowhere to deliver to.
CALLS_IN = frozenset({Protocol.REST_PULL})
DECIDES_DELIVERY = ("service_protocol", "is_sender", "is_recipient")
DELIVERY = frozenset(
    {
        "endpoint",
        "receipt_endpoint",
        "smtp_relay_host",
        "smtp_relay_port",
        "ssh_username",
        "sftp_host",
        "sftp_port",
        "sftp_folder",
    }
)


def steps(draft: SystemDraft) -> list[Step]:
    """Return the steps of this draft in order; delivery is left out where nothing is delivered."""
    return [step for step in Step if step is not Step.DELIVERY or draft.values.get("service_protocol") not in CALLS_IN]


def is_done(draft: SystemDraft, step: Step) -> bool:
    """Say whether the step has been answered."""
    return step.value in draft.values.get("done", [])


def next_step(draft: SystemDraft, after: Step) -> Step:
    """Return the step that follows; the last one follows itself."""
    remaining = [step for step in steps(draft) if list(Step).index(step) > list(Step).index(after)]
    return remaining[0] if remaining else Step.ANSWERS


def first_open_step(draft: SystemDraft) -> Step:
    """Return the step where the work goes on."""
    return next((step for step in steps(draft) if not is_done(draft, step)), Step.ANSWERS)


def system_of(draft: SystemDraft) -> System:
    """Return the draft as an unsaved system."""
    names = {field.name for field in System._meta.concrete_fields}
    values = {name: value for name, value in draft.values.items() if name in names}
    return System(organisation=draft.organisation, **values)


def networks_of(draft: SystemDraft) -> list[str]:
    """Return the draft's allowed addresses, in canonical form."""
    return list(draft.values.get("networks", []))


def begin(*, caller: Caller, organisation: Organisation, values: Values) -> SystemDraft:
    """Save a new draft with the answers of the first step."""
    kept = {**values, "done": [Step.KIND.value]}
    return SystemDraft.objects.create(organisation=organisation, begun_by=caller.user, values=kept)


def keep(*, draft: SystemDraft, version: int, step: Step, values: Values) -> None:
    """Save the answers of a step on top of `version`. Raises `StaleVersion`.

    Another protocol, or another direction, makes the answers about delivery void: they were given for the old one.
    """
    kept = {name: value for name, value in draft.values.items() if step is not Step.DELIVERY or name not in DELIVERY}
    done = {*kept.get("done", []), step.value}
    if any(name in values and values[name] != kept.get(name) for name in DECIDES_DELIVERY):
        done.discard(Step.DELIVERY.value)
    if values.get("service_protocol", kept.get("service_protocol")) != kept.get("service_protocol"):
        kept = {name: value for name, value in kept.items() if name not in DELIVERY}
    draft.values = {**kept, **values, "done": sorted(done)}
    save_version(draft, version=version)


@transaction.atomic
def finish(*, caller: Caller, draft: SystemDraft, version: int) -> System:
    """Create the system and let the draft go. Raises ValidationError, by field, and `StaleVersion`."""
    gone, _rows = SystemDraft.objects.filter(pk=draft.pk, version=version).delete()
    if not gone:
        raise StaleVersion(SystemDraft.objects.filter(pk=draft.pk).first())
    template, edition = template_of(draft), draft.values.get("edition")
    reason = _origin(template, edition)
    made = create(caller=caller, system=system_of(draft), networks=networks_of(draft), reason=reason)
    if template is not None:
        TemplateUse.objects.create(system=made, template=template, edition=edition)
    return made


def template_of(draft: SystemDraft) -> SystemTemplate | None:
    """Return the standard system that the draft was begun from, if any."""
    if not (key := draft.values.get("template")):
        return None
    return SystemTemplate.objects.filter(pk=key).select_related("organisation").first()


def edition_of(draft: SystemDraft) -> TemplateEdition | None:
    """Return the edition of the standard system that the draft was begun from, if any."""
    if not (key := draft.values.get("template")):
        return None
    return TemplateEdition.objects.filter(template=key, number=draft.values["edition"]).first()


def _origin(template: SystemTemplate | None, edition: int | None) -> str:
    if template is None:
        return ""
    params = {"edition": edition, "name": template.name}
    return gettext("Edition %(edition)s of the standard system %(name)s") % params

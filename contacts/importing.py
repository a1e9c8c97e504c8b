"""Import of a contact structure from a file: a dry run first, then everything or nothing, at once or in a draft."""

from django.db import transaction

from contacts import differences, file_reading, loading, planning, writing
from contacts.drafts import lifecycle
from contacts.drafts.placing import put_last
from contacts.loading import Structure
from contacts.models import Draft
from contacts.planning import Plan
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation

# A file that changes more than this is proposed for a draft first.
MANY = 50


class ImportRefused(Exception):
    """The file has faults; `plan` names every one of them. Nothing was written."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the file has faults")
        self.plan = plan


class StructureChanged(Exception):
    """The structure was changed since the difference was shown; `plan` holds the new one. Nothing was written."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the structure was changed since the dry run")
        self.plan = plan


def dry_run(
    *, organisation: Organisation, content: bytes, create_anyway: bool = False, draft: Draft | None = None
) -> Plan:
    """Return what a file would do, with every fault and the whole difference; nothing is written.

    It is compared with the structure as it stands or, with a `draft`, as the draft has it.
    """
    structure = loading.load(organisation) if draft is None else lifecycle.read(draft).after
    return planning.plan(file_reading.read(content), structure, create_anyway=create_anyway)


def apply(
    *, caller: Caller, organisation: Organisation, content: bytes, create_anyway: bool = False, seen: str = ""
) -> Plan:
    """Carry out a file in one transaction and one event; return what was done.

    `seen` is the digest of the difference that somebody agreed to. Raises `ImportRefused` or `StructureChanged`.
    """
    with transaction.atomic():
        lock(organisation.pk)
        plan = dry_run(organisation=organisation, content=content, create_anyway=create_anyway)
        _require(plan, seen)
        before, after = writing.logged(plan.before, plan.after)
        if before or after:
            writing.write(organisation, plan.before, plan.after)
            entry = events.Entry(tag=Tag.CONTACTS_IMPORTED, obj=organisation, before=before, after=after)
            events.record(caller, organisation, entry)
    return plan


def _require(plan: Plan, seen: str) -> None:
    if plan.refused:
        raise ImportRefused(plan)
    if seen and differences.digest(plan) != seen:
        raise StructureChanged(plan)


def into_draft(
    *,
    caller: Caller,
    organisation: Organisation,
    content: bytes,
    into: Draft | str,
    create_anyway: bool = False,
    seen: str = "",
) -> tuple[Draft, Plan]:
    """Let a draft do what a file says: an open one, or a new one of that name. Return the draft and what was put in it.

    `seen` is the digest of the difference that somebody agreed to. Raises `ImportRefused`, `StructureChanged` or
    `contacts.drafts.lifecycle.NotOpen`.
    """
    plans: list[Plan] = []

    def wanted(now: Structure) -> Structure:
        plan = planning.plan(file_reading.read(content), now, create_anyway=create_anyway)
        _require(plan, seen)
        put_last(plan.before, plan.after)
        plans.append(plan)
        return plan.after

    if isinstance(into, Draft):
        lifecycle.replace_all(caller=caller, draft=into, wanted=wanted)
        return into, plans[0]
    draft = lifecycle.from_structure(caller=caller, organisation=organisation, name=into, wanted=wanted)
    return draft, plans[0]

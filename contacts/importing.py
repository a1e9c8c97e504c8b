"""Import of a contact structure from CSV: always a dry run first, then everything or nothing."""

from django.db import transaction

from contacts import differences, file_reading, loading, planning, writing
from contacts.planning import Plan
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation


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


def dry_run(*, organisation: Organisation, content: bytes, create_anyway: bool = False) -> Plan:
    """Return what a file would do, with every fault and the whole difference; nothing is written."""
    sheet = file_reading.read(content)
    return planning.plan(sheet, loading.load(organisation), create_anyway=create_anyway)


def apply(
    *, caller: Caller, organisation: Organisation, content: bytes, create_anyway: bool = False, seen: str = ""
) -> Plan:
    """Carry out a file in one transaction and one event; return what was done.

    `seen` is the digest of the difference that somebody agreed to. Raises `ImportRefused` or `StructureChanged`.
    """
    with transaction.atomic():
        lock(organisation.pk)
        plan = dry_run(organisation=organisation, content=content, create_anyway=create_anyway)
        if plan.refused:
            raise ImportRefused(plan)
        if seen and differences.digest(plan) != seen:
            raise StructureChanged(plan)
        before, after = writing.logged(plan.before, plan.after)
        if before or after:
            writing.write(organisation, plan.before, plan.after)
            entry = events.Entry(tag=Tag.CONTACTS_IMPORTED, obj=organisation, before=before, after=after)
            events.record(caller, organisation, entry)
    return plan

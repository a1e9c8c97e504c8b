"""What saved answers of the registry of Digital Post say otherwise than what is registered here."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from adgang.setup import documents, planning
from adgang.setup.documents import Section
from adgang.setup.planning import Plan
from contacts.registry_importing import Imported, import_registry
from organisations.callers import Caller
from organisations.models import Organisation

SECTIONS = (Section.SYSTEMS, Section.STRUCTURE)


def plan(organisation: Organisation, files: Mapping[str, bytes], *, at: dt.datetime) -> tuple[Imported, Plan | None]:
    """Return what was found in the answers, and what taking them would change; None when they cannot be taken.

    They are taken and undone again; what would then stand here is held against what does.
    """
    caller = Caller.command("plan_setup")
    with transaction.atomic():
        done = import_registry(caller=caller, organisation=organisation, files=dict(files))
        text = "" if done.refused else documents.export(organisation, SECTIONS)
        transaction.set_rollback(True)
    return done, planning.plan(organisation, text.encode(), at=at) if text else None

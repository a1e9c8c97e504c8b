"""The person who sees to a branch of the structure."""

import datetime as dt

from django.db import transaction
from django.utils.translation import ngettext

from adgang.lib.registered import save_version
from contacts.models import ContactGroup
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation, User
from organisations.people import people


def candidates(organisation: Organisation, *, at: dt.datetime) -> list[User]:
    """Return who may be responsible: everybody who works there now, by name."""
    return [
        person for person in people(organisation, at=at).order_by("name", "pk") if getattr(person, "works_here", False)
    ]


def assign(*, caller: Caller, group: ContactGroup, person: User | None, version: int) -> None:
    """Make a person responsible for a branch; None: whoever is responsible above. Raises `StaleVersion`."""
    before = {"responsible": str(group.responsible_id) if group.responsible_id else None}
    group.responsible = person
    with transaction.atomic():
        lock(group.organisation_id)
        save_version(group, version=version)
        after = {"responsible": str(person.pk) if person else None}
        entry = events.Entry(tag=Tag.CONTACT_BRANCH_ASSIGNED, obj=group, before=before, after=after)
        events.record(caller, group.organisation, entry)


def departures(user: User, organisation: Organisation) -> list[str]:
    """Return the branches that a person sees to; fills the slot of that name."""
    groups = ContactGroup.objects.filter(organisation=organisation, responsible=user).order_by("name")
    names = list(groups.values_list("name", flat=True))
    if not names:
        return []
    text = ngettext(
        "Responsible for the contact group %(names)s", "Responsible for the contact groups %(names)s", len(names)
    )
    return [text % {"names": ", ".join(names)}]

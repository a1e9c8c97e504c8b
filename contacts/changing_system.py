"""Giving all the contact points of one system to another, so that the first can be taken out or deleted."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contacts.models import ContactPoint
from contacts.registering import NoSuchSystem
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from systems.models import System


def change_system(*, caller: Caller, system: System, to: System) -> int:
    """Let every contact point of `system` belong to `to`; return how many there were. One event tells of all.

    Raises `NoSuchSystem` when `to` is not a recipient system of the same organisation (any more).
    """
    with transaction.atomic():
        organisation = lock(system.organisation_id)
        if not System.objects.filter(organisation=organisation, pk=to.pk, is_recipient=True).exists():
            raise NoSuchSystem
        points = ContactPoint.objects.filter(organisation=organisation, system=system)
        ids = sorted(map(str, points.values_list("pk", flat=True)))
        if ids:
            points.update(system=to, version=F("version") + 1, updated=timezone.now())
            entry = events.Entry(
                tag=Tag.CONTACT_POINT_CHANGED,
                obj=system,
                before={"system": str(system.pk), "points": ids},
                after={"system": str(to.pk), "points": ids},
                system_id=system.pk,
            )
            events.record(caller, organisation, entry)
    return len(ids)

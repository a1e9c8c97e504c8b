"""A year of the municipality's log, invented: who did what when, so that log and statistics have something to tell."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Model

from adgang.demo.people import by
from adgang.lib.snapshots import JSON
from contacts.models import ContactPoint
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import AccessRequest, Organisation
from systems.models import System

DAYS = 365
DAY = dt.timedelta(days=1)
BEGUN, SET_UP = (DAYS + 10) * DAY, 9 * DAY
HELP = "Myndigheden ringede og bad om hjælp: den juridiske kontakt var skrevet forkert."
PHONES = ("00 00 00 01", "00 00 00 02", "00 00 00 03", "00 00 00 04")


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did, so many days ago."""

    days: float
    who: Caller
    tag: Tag
    obj: Model
    before: dict[str, JSON] = field(default_factory=dict)
    after: dict[str, JSON] = field(default_factory=dict)
    reason: str = ""


def make(*, organisation: Organisation, systems: Mapping[str, System], at: dt.datetime) -> None:
    """Write the year into the organisation's log, the oldest first."""
    deeds = sorted(_deeds(organisation, [*systems.values()]), key=lambda deed: -deed.days)
    for deed in deeds:
        system_id = deed.obj.pk if isinstance(deed.obj, System) else None
        entry = Entry(
            tag=deed.tag, obj=deed.obj, before=deed.before, after=deed.after, reason=deed.reason, system_id=system_id
        )
        with transaction.atomic(), events.told_of(at - deed.days * DAY):
            events.record(deed.who, organisation, entry)


def _deeds(organisation: Organisation, systems: list[System]) -> Iterator[Deed]:
    chance = random.Random(7)  # the same year every time
    own = [system for system in systems if system.organisation_id == organisation.pk]
    yield from _letters(organisation, chance)
    yield from _systems(own, chance)
    yield from _readers(organisation, chance)
    delegated = [system for system in own if system.delegated_cvr]
    for number, days in enumerate((340, 221, 97, 3)):
        # The vendor's employee: the municipality sees the vendor's CVR number alone.
        yield Deed(days + 0.4, by("viola"), Tag.SYSTEM_CHANGED, (delegated or own)[0], *_phone(number - 1, number))
    wrong: dict[str, JSON] = {"legal_contact_name": "Rådmund Råhus"}
    right: dict[str, JSON] = {"legal_contact_name": "Rådmund Rådhus"}
    yield Deed(2.4, by("frode"), Tag.ORGANISATION_CHANGED, organisation, wrong, right, HELP)


def _letters(organisation: Organisation, chance: random.Random) -> Iterator[Deed]:
    """More MeMo files are checked as go-live comes nearer, and fewer refused."""
    for days in range(DAYS, 0, -4):
        for _file in range(1 + (DAYS - days) // 90):
            is_good = chance.random() < 0.5 + 0.4 * (DAYS - days) / DAYS
            tag = Tag.MEMO_SEND_VALIDATED if is_good else Tag.MEMO_SEND_VALIDATION_FAILED
            yield Deed(days - 0.6 + chance.random() / 4, by("brita"), tag, organisation)


def _systems(systems: list[System], chance: random.Random) -> Iterator[Deed]:
    for days in range(DAYS - 9, 0, -23):
        system = chance.choice(systems)
        change = _phone(*chance.sample(range(len(PHONES)), 2))
        yield Deed(days + 0.3, by("sigurd"), Tag.SYSTEM_CHANGED, system, *change)


def _phone(before: int, after: int) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """Return a technical contact's telephone before and after."""
    return {"technical_contact_phone": PHONES[before]}, {"technical_contact_phone": PHONES[after]}


def _readers(organisation: Organisation, chance: random.Random) -> Iterator[Deed]:
    for days in range(DAYS - 3, 0, -11):
        for account in chance.sample(("olga", "oscar", "sigurd", "karla", "brita", "stine", "revy"), 3):
            who = by(account)
            if who.user is not None:
                yield Deed(days + chance.random() / 3, who, Tag.SIGNED_IN, who.user, {}, {"method": "demo"})
    for days in range(DAYS - 20, 0, -30):
        yield Deed(days + 0.2, by("stine"), Tag.STATISTICS_READ, organisation, {}, {"months": 12})
        yield Deed(days + 0.1, by("revy"), Tag.EVENT_LOG_SEARCHES, organisation)


def age(*, organisation: Organisation, at: dt.datetime) -> None:
    """Let systems, contact points and requests have been there for as long as the log tells."""
    systems = System.objects.filter(organisation=organisation, active_from__lte=at).order_by("created", "pk")
    for number, system in enumerate(systems):
        System.objects.filter(pk=system.pk).update(active_from=at - (320 - 35 * (number % 9)) * DAY)
    for number, pk in enumerate(ContactPoint.objects.filter(organisation=organisation).values_list("pk", flat=True)):
        ContactPoint.objects.filter(pk=pk).update(created=at - (300 - 37 * (number % 8)) * DAY)
    moments = ("created", "submitted", "returned", "decided", "revoked")
    AccessRequest.objects.update(**{moment: F(moment) - SET_UP for moment in moments})

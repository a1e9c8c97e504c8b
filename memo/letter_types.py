"""Creating, changing, copying and deleting letter types, and letting them follow a contact point's successor."""

import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adgang.lib.registered import StaleVersion, check_version, save_version
from adgang.lib.snapshots import JSON, differences, snapshot
from contacts.models import ContactPoint
from memo.models import LetterType
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.models import Organisation

MAX_STEPS = 20  # successors of successors that are followed


def _check(letter_type: LetterType, organisation: Organisation) -> None:
    """Raise ValidationError, by field, for what a letter type of the organisation may not say."""
    errors = {}
    if letter_type.mandatory and not organisation.mandatory_post_allowed:
        errors["mandatory"] = _("The organisation may not send mandatory post.")
    if letter_type.legal_notification and not organisation.legal_notification_allowed:
        errors["legal_notification"] = _("The organisation may not send legal notifications.")
    if errors:
        raise ValidationError(errors)
    letter_type.full_clean()


@transaction.atomic
def create(*, caller: Caller, letter_type: LetterType) -> LetterType:
    """Save a new letter type and record it. Raises ValidationError, by field."""
    organisation = lock(letter_type.organisation_id)
    _check(letter_type, organisation)
    letter_type.save(force_insert=True)
    events.record(caller, organisation, created(letter_type))
    return letter_type


def created(letter_type: LetterType) -> Entry:
    """Return what the log says of a new letter type."""
    after = snapshot(letter_type)
    return Entry(tag=Tag.LETTER_TYPE_CREATED, obj=letter_type, after=after, system_id=letter_type.sender_system_id)


def changed(letter_type: LetterType, before: dict[str, JSON]) -> Entry | None:
    """Return what the log says of a changed letter type; None when nothing differs."""
    differing = differences(before, snapshot(letter_type))
    if not differing:
        return None
    return Entry(
        tag=Tag.LETTER_TYPE_CHANGED,
        obj=letter_type,
        before={name: old for name, (old, __) in differing.items()},
        after={name: new for name, (__, new) in differing.items()},
        system_id=letter_type.sender_system_id,
    )


@transaction.atomic
def change(*, caller: Caller, letter_type: LetterType, version: int) -> LetterType:
    """Save a changed letter type on top of `version`. Raises ValidationError, by field, and `StaleVersion`."""
    organisation = lock(letter_type.organisation_id)
    before = LetterType.objects.filter(pk=letter_type.pk).first()
    if before is None or before.version != version:
        raise StaleVersion(before)
    _check(letter_type, organisation)
    save_version(letter_type, version=version)
    if entry := changed(letter_type, snapshot(before)):
        events.record(caller, organisation, entry)
    return letter_type


@transaction.atomic
def delete(*, caller: Caller, letter_type: LetterType, version: int) -> None:
    """Delete a letter type; evidence kept for it stays, with its name. Raises `StaleVersion`."""
    organisation = lock(letter_type.organisation_id)
    current = LetterType.objects.filter(pk=letter_type.pk).first()
    if current is None:
        raise StaleVersion(None)
    check_version(current, version=version)
    entry = Entry(tag=Tag.LETTER_TYPE_DELETED, obj=current, before=snapshot(current))
    LetterType.objects.filter(pk=current.pk).delete()
    events.record(caller, organisation, entry)


def copied(letter_type: LetterType, *, name: str) -> LetterType:
    """Return an unsaved letter type that says the same under another name."""
    values = {
        field.attname: getattr(letter_type, field.attname)
        for field in LetterType._meta.concrete_fields
        if field.attname not in ("id", "version", "created", "updated", "name")
    }
    return LetterType(name=name, **values)


def successors(organisation: Organisation, point_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ContactPoint]:
    """Return, by id, the contact point that stands at the end of each point's line of successors, where there is one.

    A point that was deleted has no successor any more; one query for each step of the longest line.
    """
    ends: dict[uuid.UUID, ContactPoint] = {}
    begins = {one: {one} for one in point_ids}  # the points asked for now, and where their lines began
    for __ in range(MAX_STEPS):
        points = ContactPoint.objects.filter(organisation=organisation, pk__in=begins)
        following: dict[uuid.UUID, set[uuid.UUID]] = {}
        for point in points:
            if point.replaced_by is not None:
                following.setdefault(point.replaced_by, set()).update(begins[point.pk])
            for begin in begins[point.pk]:
                if begin != point.pk:
                    ends[begin] = point
        if not following:
            break
        begins = following
    return ends


@transaction.atomic
def follow(*, caller: Caller, organisation: Organisation, ids: Iterable[uuid.UUID]) -> list[LetterType]:
    """Let letter types reply to the successor of their contact point; return those that changed.

    One transaction, one event for each. A letter type whose point has no successor stays as it is.
    """
    lock(organisation.pk)
    chosen = LetterType.objects.filter(organisation=organisation, pk__in=list(ids), reply_point_id__isnull=False)
    types = list(chosen.select_for_update())
    ends = successors(organisation, {one.reply_point_id for one in types if one.reply_point_id})
    moved = [one for one in types if one.reply_point_id in ends]
    entries = []
    for one in moved:
        before, end = snapshot(one), ends[one.reply_point_id]  # type: ignore[index]
        one.reply_point_id, one.reply_point_name = end.pk, end.name
        save_version(one, version=one.version)
        entries += [(organisation, entry) for entry in [changed(one, before)] if entry]
    if entries:
        events.record_all(caller, entries)
    return moved

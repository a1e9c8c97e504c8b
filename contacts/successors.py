"""Who takes over from a contact point: chains followed to their end, circles refused, points merged into another."""

import uuid
from dataclasses import replace

from django.db import transaction

from adgang.lib.registered import StaleVersion, check_version
from contacts import loading, undoing
from contacts.loading import PointNode, Structure
from contacts.models import ContactPoint
from contacts.states import SWITCHES, Circle, State, last, require_no_circle
from contacts.texts import folded
from contacts.values import PointValues
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event


class Replaced(Exception):
    """The one that is to take over has a successor itself: `by`, at the end of the chain."""

    def __init__(self, by: ContactPoint) -> None:
        super().__init__(by.name)
        self.by = by


class NoSuchPoint(Exception):
    """The contact point that was to take over is not there (any more)."""


def merge(
    *,
    caller: Caller,
    point: ContactPoint,
    into: ContactPoint,
    version: int,
    terms: bool = True,
    codes: bool = True,
    places: bool = False,
) -> Event | None:
    """Let `into` take over from a point, which stays for replies only; return the event.

    What `into` is to have of it is chosen: search terms, codes, places. Those that named the point as their successor
    name `into` instead. Raises `Circle`, `Replaced`, `NoSuchPoint` or `adgang.lib.registered.StaleVersion`.
    """
    with transaction.atomic():
        organisation = lock(point.organisation_id)
        current = ContactPoint.objects.filter(pk=point.pk).first()
        if current is None:
            raise StaleVersion(None)
        check_version(current, version=version)
        before = loading.load(organisation)
        if into.pk not in before.points:
            raise NoSuchPoint
        _require_end(point, into, before)
        after = before.copy()
        old, new = after.points[point.pk], after.points[into.pk]
        new.values = _joined(old.values, new.values, terms=terms, codes=codes)
        if places:
            new.group_ids += [group_id for group_id in old.group_ids if group_id not in new.group_ids]
        _retire(old, into.pk, after)
        return undoing.commit(
            caller=caller, organisation=organisation, tag=Tag.CONTACTS_MERGED, before=before, after=after
        )


def _require_end(point: ContactPoint, into: ContactPoint, structure: Structure) -> None:
    nodes = structure.points.values()
    successors = {node.id: node.values.replaced_by for node in nodes if node.values.replaced_by in structure.points}
    known = {pk: by for pk, by in successors.items() if by is not None}
    if point.pk == into.pk:
        raise Circle
    require_no_circle(point.pk, into.pk, known)
    if (end := last(into.pk, known)) != into.pk:
        raise Replaced(ContactPoint.objects.get(pk=end))


def _joined(old: PointValues, new: PointValues, *, terms: bool, codes: bool) -> PointValues:
    if terms:
        has = {folded(term) for term in new.search_terms}
        new = replace(new, search_terms=(*new.search_terms, *(t for t in old.search_terms if folded(t) not in has)))
    if codes:
        keys = {code.key for code in new.codes}
        new = replace(new, codes=(*new.codes, *(code for code in old.codes if code.key not in keys)))
    return new


def _retire(old: PointNode, into: uuid.UUID, after: Structure) -> None:
    active, visible = SWITCHES[State.REPLY_ONLY]
    for node in after.points.values():
        if node.values.replaced_by == old.id and node.id != into:
            node.values = replace(node.values, replaced_by=into)
    old.values = replace(old.values, active=active, visible=visible, replaced_by=into)

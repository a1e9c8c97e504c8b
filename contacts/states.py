"""The four states that people see, made of the registry's two switches."""

import uuid
from collections.abc import Mapping

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import save_version
from contacts.models import ContactPoint
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation


class Circle(Exception):
    """The one that is to take over is itself, at last, replaced by the one it is to take over from."""


class State(models.TextChoices):
    """What a point is to those who write. "Reply only" is no fault: letters carry a point's id for years."""

    OPEN = "OPEN", _("Open")
    REPLY_ONLY = "REPLY_ONLY", _("Replies only")
    CLOSED = "CLOSED", _("Closed")
    VISIBLE_BUT_CLOSED = "VISIBLE_BUT_CLOSED", _("Visible but closed")


# (active, visible) of each state.
SWITCHES: dict[State, tuple[bool, bool]] = {
    State.OPEN: (True, True),
    State.REPLY_ONLY: (True, False),
    State.CLOSED: (False, False),
    State.VISIBLE_BUT_CLOSED: (False, True),
}
STATES = {switches: state for state, switches in SWITCHES.items()}
BADGES = {
    State.OPEN: "success",
    State.REPLY_ONLY: "info",
    State.CLOSED: "",
    State.VISIBLE_BUT_CLOSED: "error",
}
# What somebody may choose; the fourth is only ever found.
CHOICES = (State.OPEN, State.REPLY_ONLY, State.CLOSED)
EXPLANATIONS = {
    State.OPEN: _("Writers find the contact point and can write to it."),
    State.REPLY_ONLY: _("Writers do not find it, but replies to letters that carry its ID still arrive."),
    State.CLOSED: _("Writers do not find it, and replies to letters that carry its ID are refused."),
    State.VISIBLE_BUT_CLOSED: _("Writers find it but cannot write to it. Open it, or hide it."),
}


def of(*, active: bool, visible: bool) -> State:
    """Return the state that the two switches make."""
    return STATES[active, visible]


def state(point: ContactPoint) -> State:
    """Return the state of a point."""
    return of(active=point.active, visible=point.visible)


def set_state(*, caller: Caller, point: ContactPoint, new: State, replaced_by: uuid.UUID | None, version: int) -> None:
    """Give a point a state and name its successor (None: none).

    Raises `Circle` or `adgang.lib.registered.StaleVersion`.
    """
    before = _logged(point)
    point.active, point.visible = SWITCHES[new]
    point.replaced_by = replaced_by
    with transaction.atomic():
        organisation = lock(point.organisation_id)
        if replaced_by is not None:
            require_no_circle(point.pk, replaced_by, named(organisation))
        save_version(point, version=version)
        entry = events.Entry(
            tag=Tag.CONTACT_POINT_CHANGED,
            obj=point,
            before=before,
            after=_logged(point),
            system_id=point.system_id,
        )
        events.record(caller, point.organisation, entry)


def named(organisation: Organisation) -> dict[uuid.UUID, uuid.UUID]:
    """Return the successor of each point that names one, in one query."""
    points = ContactPoint.objects.filter(organisation=organisation, replaced_by__isnull=False)
    return {pk: successor for pk, successor in points.values_list("pk", "replaced_by") if successor is not None}


def last(point_id: uuid.UUID, successors: Mapping[uuid.UUID, uuid.UUID]) -> uuid.UUID:
    """Return the end of the chain that begins at a point: itself without a successor; in a circle, where it closes."""
    seen = {point_id}
    while (following := successors.get(point_id)) is not None and following not in seen:
        point_id = following
        seen.add(point_id)
    return point_id


def circles(successors: Mapping[uuid.UUID, uuid.UUID]) -> list[list[uuid.UUID]]:
    """Return every circle of points that replace each other, each once and in order; every point is looked at once."""
    found: list[list[uuid.UUID]] = []
    done: set[uuid.UUID] = set()
    for start in successors:
        chain: dict[uuid.UUID, None] = {}
        point_id: uuid.UUID | None = start
        while point_id is not None and point_id not in done and point_id not in chain:
            chain[point_id] = None
            point_id = successors.get(point_id)
        if point_id in chain:
            walked = list(chain)
            found.append(walked[walked.index(point_id) :])
        done.update(chain)
    return found


def require_no_circle(point_id: uuid.UUID, by: uuid.UUID, successors: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """Raise `Circle` when the chain that begins at `by` leads back to the point."""
    chain = {pk: successor for pk, successor in successors.items() if pk != point_id}
    if last(by, chain) == point_id:
        raise Circle


def _logged(point: ContactPoint) -> dict[str, object]:
    return {
        "active": point.active,
        "visible": point.visible,
        "replaced_by": str(point.replaced_by) if point.replaced_by else None,
    }

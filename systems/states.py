"""The five states of a system. They follow from its two dates alone, in Python and in the database alike."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a system stands in its life."""

    DRAFT = "DRAFT", _("not in service yet")
    PLANNED = "PLANNED", _("planned")
    ACTIVE = "ACTIVE", _("in service")
    EXPIRING = "EXPIRING", _("in service, ends")
    DEACTIVATED = "DEACTIVATED", _("out of service")


IN_SERVICE = frozenset({State.ACTIVE, State.EXPIRING})
# In service, or going into service by itself: what the protocol needs must be there.
COMMITTED = IN_SERVICE | {State.PLANNED}


def state_between(active_from: dt.datetime | None, active_to: dt.datetime | None, at: dt.datetime) -> State:
    """Return the state that two dates make at a moment; the first counts from its moment on, the second ends it."""
    if active_from is None:
        return State.DRAFT
    if active_to is not None and active_to <= at:
        return State.DEACTIVATED
    if active_from > at:
        return State.PLANNED
    return State.ACTIVE if active_to is None else State.EXPIRING


def in_state(state: State, at: dt.datetime) -> Q:
    """Return the condition of `state_between` for a query."""
    begun = Q(active_from__lte=at)
    match state:
        case State.DRAFT:
            return Q(active_from=None)
        case State.PLANNED:
            return Q(active_from__gt=at)
        case State.ACTIVE:
            return begun & Q(active_to=None)
        case State.EXPIRING:
            return begun & Q(active_to__gt=at)
        case State.DEACTIVATED:
            return Q(active_to__lte=at)
    raise AssertionError(state)


def in_service(at: dt.datetime) -> Q:
    """Return the condition that a system is in service."""
    return in_state(State.ACTIVE, at) | in_state(State.EXPIRING, at)

"""The two dates of a system when a document sets them, as the registry's API does: the same rules as for the acts."""

import datetime as dt

from adgang.lib.findings import Finding, finding
from organisations.event_tags import Tag
from systems.lifecycle import refusals, state
from systems.models import System
from systems.states import COMMITTED


def date_refusals(system: System, before: System | None, *, at: dt.datetime) -> list[Finding]:
    """Return why the dates that were set on the unsaved `system` cannot count; empty when they can.

    `before` is the system as it stands, None for a new one. What goes into service needs what `lifecycle.activate`
    asks; a program gives no reason, so doubts about the connection do not refuse.
    """
    begin, end = system.active_from, system.active_to
    if end is not None and (begin is None or end <= begin):
        return [finding("system.end_before_beginning", time=begin or end)]
    if state(system, at) not in COMMITTED or _stands(system, before, at):
        return []
    return refusals(system, at=max(at, begin or at), doubted=False)


def _stands(system: System, before: System | None, at: dt.datetime) -> bool:
    """Say whether the system was in service, or going to be by the same date, already."""
    return before is not None and state(before, at) in COMMITTED and before.active_from == system.active_from


def tag_of(system: System, before: System, *, at: dt.datetime) -> Tag:
    """Return what the change of a system is called in the log."""
    was, now = state(before, at) in COMMITTED, state(system, at) in COMMITTED
    if was == now:
        return Tag.SYSTEM_CHANGED
    return Tag.SYSTEM_ACTIVATED if now else Tag.SYSTEM_DEACTIVATED

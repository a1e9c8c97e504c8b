"""System checks of the room: the guard of the event log is there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from organisations import event_guard


@register(Tags.database)
def event_log_is_guarded(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The triggers that refuse changes of events exist wherever the table does."""
    if not databases or DEFAULT_DB_ALIAS not in databases:
        return []
    if event_guard.TABLE not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return []
    return [
        Error(
            f"The trigger {name} on the event log is missing.",
            hint="Run manage.py migrate; it makes the triggers anew.",
            id="adgang.E010",
        )
        for name in event_guard.missing()
    ]

"""System checks of the room: the guard of the event log is there, and the settings of second factors are sound."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from adgang.lib.settings_passkeys import fault_of
from organisations import event_guard

WHO_NEEDS_TWO = ("nobody", "administrators", "everyone")


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


def settings_of_factors() -> Iterator[Error]:
    """Yield what is wrong with the settings of second factors; `adgang/checks.py` asks with all others."""
    if settings.ADGANG_REQUIRE_SECOND_FACTOR not in WHO_NEEDS_TWO:
        yield Error(
            f"ADGANG_REQUIRE_SECOND_FACTOR is {settings.ADGANG_REQUIRE_SECOND_FACTOR!r}.",
            hint=f"It is one of: {', '.join(WHO_NEEDS_TWO)}.",
            id="adgang.E053",
        )
    if wrong := fault_of(settings.ADGANG_PASSKEY_RP_ID, settings.ADGANG_PASSKEY_ORIGINS):
        yield Error(
            f"ADGANG_PASSKEY_ORIGINS: {wrong}; browsers would refuse every passkey.",
            hint="Name https addresses at ADGANG_PASSKEY_RP_ID or below it, or leave both settings out.",
            id="adgang.E054",
        )

"""An object as the event log keeps it: its fields by name, as JSON values, without secrets."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import Model

JSON = Any
UNINTERESTING = frozenset({"id", "version", "created", "updated"})


def snapshot(obj: Model, **related: JSON) -> dict[str, JSON]:
    """Return the concrete fields of `obj` as JSON values; `related` adds what lives in other tables.

    Fields named in the class attribute `secret_fields` are left out, whatever they hold, and so are those of
    `derived_fields`, which only repeat what other fields say.
    """
    hidden = UNINTERESTING | getattr(obj, "secret_fields", frozenset()) | getattr(obj, "derived_fields", frozenset())
    fields = {field.name: field for field in obj._meta.concrete_fields if field.name not in hidden}
    return {name: as_json(getattr(obj, field.attname)) for name, field in fields.items()} | related


def as_json(value: Any) -> JSON:
    """Return `value` in the form that stands in the log."""
    match value:
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date() | uuid.UUID() | Decimal():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no form in the event log")


def differences(before: dict[str, JSON], after: dict[str, JSON]) -> dict[str, tuple[JSON, JSON]]:
    """Return the names whose values differ, with (before, after); a missing name counts as None."""
    names = dict.fromkeys([*before, *after])
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}

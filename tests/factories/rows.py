"""A row of any model, made from the types of its fields: of today's models, or of those of an earlier version."""

import datetime as dt
import itertools
import uuid
from typing import Any

from django.db import models

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)

# What constraints of the database ask of several fields together, by the model's name.
TOGETHER: dict[str, dict[str, Any]] = {
    "ReadinessLine": {"text": "Linje"},
    "Privilege": {"type": "READER"},
    "Organisation": {"status_type": "ACTIVE"},
    "AccessRequest": {"state": "DRAFT", "request_type": "PRIVILEGE_REQUEST", "code_hash": ""},
    "Event": {"payload": "{}", "seq": 1},
    "Outage": {"is_open": False, "ended": NOW},
    "System": {"is_sender": True},
    "Certificate": {"kind": "MOCES"},
    "TrustAnchor": {"pinned": True},
    "MaintenanceWindow": {"ends": NOW + dt.timedelta(hours=1)},
    "CheckKey": {"the_only": True},
}
# References that may be empty, and are not together.
LED = {"Privilege": {"user", "scope"}}


def row(model: type[models.Model], made: dict[str, models.Model] | None = None, **given: Any) -> models.Model:
    """Return a new row. `made` remembers one row of each model, to be led to by the others; `given` are its own values.

    Every field gets a value, so that a migration finds something in each; only references may stay empty.
    """
    made = {} if made is None else made
    label = model._meta.label
    known = {one.name for one in model._meta.local_fields}  # an earlier version has fewer
    together = {name: value for name, value in TOGETHER.get(label.split(".")[1], {}).items() if name in known}
    values: dict[str, Any] = {**together, **given}
    for field in model._meta.local_concrete_fields:
        if field.name in values or field.attname in values or field.generated:
            continue
        if isinstance(field, models.ForeignKey):
            needed = not field.null or field.name in LED.get(label.split(".")[1], ())
            values[field.attname] = _leading_to(field, made, label) if needed else None
        elif (value := _value(field)) is not models.NOT_PROVIDED:
            values[field.name] = value
    created = model(**values)
    model._base_manager.bulk_create([created])  # past `save`, which may have rules of its own
    if created.pk is None:
        created = model._base_manager.order_by("-pk")[0]
    made.setdefault(label, created)
    return created


def _leading_to(field: Any, made: dict[str, models.Model], label: str) -> Any:
    other = field.related_model
    if field.one_to_one or other._meta.label not in made:
        fresh = row(other, made if other._meta.label != label else {})
        return fresh.pk
    return made[other._meta.label].pk


def _value(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, models.AutoField | models.BigAutoField):
        return models.NOT_PROVIDED
    number = next(_numbers)
    if field.choices:
        return "" if field.blank else next(iter(field.flatchoices))[0]
    match field:
        case models.UUIDField():
            return uuid.uuid4()
        case models.EmailField():
            return f"a{number}@example.org"
        case models.CharField() | models.TextField():
            return f"{number:08}"[-(field.max_length or 8) :]
        case models.DateTimeField():
            return models.NOT_PROVIDED if field.null else NOW
        case models.DateField():
            return NOW.date()
        case models.JSONField():
            return field.get_default() if field.has_default() else []
        case models.BinaryField():
            return b"x"
        case models.BooleanField():
            return field.get_default() if field.has_default() else False
        case models.DecimalField():
            return 1
        case models.IntegerField():
            return models.NOT_PROVIDED if field.null else number % 30000
        case _:
            return models.NOT_PROVIDED

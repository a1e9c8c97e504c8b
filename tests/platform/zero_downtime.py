"""What a migration may do while the version before it still runs, and what locks no large table on PostgreSQL."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.fields import NOT_PROVIDED

# Tables of which an installation may have millions of rows.
LARGE = {
    "event", "eventdetail", "mail", "signin", "webhookdelivery", "checkrun", "healthchange", "contactpoint",
    "contactgroup", "placement", "searchterm", "contactpointcode", "draftchange", "session",
}  # fmt: skip
# What the database does not hear of.
WORDS = {"verbose_name", "help_text", "choices", "validators", "blank", "editable", "default", "error_messages"}
BREAKS = (
    migrations.RemoveField, migrations.RenameField, migrations.RenameModel, migrations.DeleteModel,
    migrations.AlterModelTable,
)  # fmt: skip


def faults(migration: migrations.Migration, state: Any) -> list[str]:
    """Return what is wrong with a migration, given the state before it.

    A migration may say `second_step = "1.2.0"`: the release since which nothing uses what it takes away.
    """
    found = []
    for operation in migration.operations:
        found += [f"{migration}: {fault}" for fault in _faults(operation, migration, state)]
        operation.state_forwards(migration.app_label, state)
    return found


def _faults(operation: Any, migration: migrations.Migration, state: Any) -> Iterator[str]:
    second = bool(getattr(migration, "second_step", ""))
    name = operation.__class__.__name__
    large = getattr(operation, "model_name", "") in LARGE
    match operation:
        case _ if isinstance(operation, BREAKS):
            if not second:
                yield f"{name} breaks the version that still runs: stop using it first, take it away a release later"
        case migrations.AddField(field=field):
            if not field.null and field.db_default is NOT_PROVIDED and not field.many_to_many:
                yield f"{name} {operation.name}: the version that still runs writes no value; null=True or db_default"
            if large and (field.unique or field.db_index):
                yield f"{name} {operation.name}: its index locks a large table; add it apart, with AddIndexOnline"
        case migrations.AlterField():
            before = state.models[migration.app_label, operation.model_name].fields[operation.name]
            if not second and not widens(before, operation.field):
                yield f"{name} {operation.name}: the version that still runs writes values that no longer fit"
        case AddIndexConcurrently() | RemoveIndexConcurrently() | AddConstraintNotValid():
            if migration.atomic and not isinstance(operation, AddConstraintNotValid):
                yield f"{name} needs atomic = False"
        case migrations.AddIndex() | migrations.AddConstraint():
            if large:
                yield f"{name} locks a large table: AddIndexOnline, or AddConstraintNotValid and ValidateConstraint"
            elif isinstance(operation, migrations.AddConstraint) and not second:
                yield f"{name}: the version that still runs may write what it refuses"
        case migrations.RunPython():
            if len(migration.operations) > 1 or migration.atomic:
                yield f"{name}: alone in a migration with atomic = False, in batches, so that no lock lasts"
        case migrations.RunSQL():
            if not second:
                yield f"{name}: nobody can tell what it locks; use Django's operations"


def widens(before: "models.Field[Any, Any]", after: "models.Field[Any, Any]") -> bool:
    """Say whether every value that could be written before can be written still, and PostgreSQL rewrites nothing."""
    if (before.get_internal_type(), before.unique, before.db_index) != (
        after.get_internal_type(), after.unique, after.db_index,
    ):  # fmt: skip
        return False
    if before.null and not after.null:
        return False
    one, other = (field.deconstruct()[3] for field in (before, after))
    shorter = (one.get("max_length") or 0) > (other.get("max_length") or 0) > 0
    rest = [
        {key: value for key, value in each.items() if key not in WORDS | {"null", "max_length"}}
        for each in (one, other)
    ]
    return not shorter and rest[0] == rest[1]

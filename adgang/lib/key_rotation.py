"""Changing the keys that encrypt fields: every kept value is encrypted anew with the first of them.

A model names its encrypted fields in the class attribute `encrypted_fields`: the field, and what stands before the
row's id in the associated data (`blob` for `blob:<id>`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model

from adgang.lib import secrets


@dataclass
class Rotated:
    """What became of the kept values; `unreadable` names those that no key opens, as `model:id`."""

    changed: int = 0
    already: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate() -> Rotated:
    """Encrypt every kept value anew that another key than the first encrypted. May be stopped and run again."""
    done = Rotated()
    for model, name, prefix in encrypted_fields():
        for id_ in list(model._default_manager.values_list("pk", flat=True)):
            # One at a time: a kept file may be large.
            kept = model._default_manager.filter(pk=id_).values_list(name, flat=True).first()
            if kept:
                _renew(model, name, f"{prefix}:{id_}", id_, bytes(kept), done)
    return done


def encrypted_fields() -> Iterator[tuple[type[Model], str, str]]:
    """Yield every encrypted field: its model, its name, and what stands before the row's id."""
    for model in apps.get_models():
        for name, prefix in getattr(model, "encrypted_fields", {}).items():
            yield model, name, prefix


def _renew(model: type[Model], name: str, row: str, id_: object, kept: bytes, done: Rotated) -> None:
    try:
        fresh = secrets.renewed(kept, row=row)
    except secrets.UnreadableSecret:
        done.unreadable.append(f"{model._meta.label}:{id_}")
        return
    # Only what was read is replaced: somebody may have written the row meanwhile, and then with the first key.
    if fresh is None or not model._default_manager.filter(**{"pk": id_, name: kept}).update(**{name: fresh}):
        done.already += 1
    else:
        done.changed += 1

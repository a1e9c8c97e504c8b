"""What every registered object has: a UUID, a version and two times; and how a changed one is saved."""

import uuid
from typing import Any, TypeVar

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaleVersion(Exception):
    """Somebody saved the object since it was read; `current` is the object as it stands now (None: deleted)."""

    def __init__(self, current: models.Model | None) -> None:
        super().__init__("the object was changed by somebody else")
        self.current = current


class Registered(models.Model):
    """Abstract base of registered objects."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveBigIntegerField(default=1, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


T = TypeVar("T", bound=Registered)


def save_version(obj: Registered, *, version: int) -> None:
    """Write every field of `obj` and raise its version by one, provided that it still stands at `version`.

    One conditional UPDATE, so two savers can never both win. Raises `StaleVersion` with the object as it is now.
    """
    obj.updated = timezone.now()
    values: dict[str, Any] = {
        field.attname: getattr(obj, field.attname)
        for field in obj._meta.concrete_fields
        if field.attname not in ("id", "version", "created")
    }
    manager = type(obj)._default_manager
    if not manager.filter(pk=obj.pk, version=version).update(**values, version=F("version") + 1):
        raise StaleVersion(manager.filter(pk=obj.pk).first())
    obj.version = version + 1


def check_version(obj: T, *, version: int) -> T:
    """Return `obj` when it stands at `version`, else raise `StaleVersion`; for deletions and moves."""
    if obj.version != version:
        raise StaleVersion(obj)
    return obj

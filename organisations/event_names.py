"""The words of the event log: what objects, fields and values are called by whoever reads about them.

Names come from the models themselves; the table adds those that are no field. It is data and may name upper rooms.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Field, ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import dates
from adgang.lib.snapshots import JSON
from organisations.event_tags import label_of
from organisations.rights import PrivilegeType, roles

NAMES: dict[str, str | Promise] = {
    "role": gettext_lazy("role"),
    "roles": gettext_lazy("roles"),
    "system_id": gettext_lazy("only this system"),
    "active_to": gettext_lazy("ends"),
    "self_granted": gettext_lazy("given to oneself"),
    "locked_until": gettext_lazy("locked until"),
    "method": gettext_lazy("way of signing in"),
    "sessions": gettext_lazy("sessions ended"),
    "sessions_ended": gettext_lazy("other sessions ended"),
    "expires": gettext_lazy("expires"),
    "person": gettext_lazy("person"),
    "version": gettext_lazy("version"),
    "logo": gettext_lazy("logo"),
    "erased": gettext_lazy("erased values"),
    "filter": gettext_lazy("filter"),
    "format": gettext_lazy("file format"),
    "list": gettext_lazy("list"),
    "made_by": gettext_lazy("made by"),
    "legal_contact_name": gettext_lazy("legal contact's name"),
    "legal_contact_email": gettext_lazy("legal contact's e-mail"),
    "legal_contact_phone": gettext_lazy("legal contact's telephone"),
    "allowed_ips": gettext_lazy("allowed addresses"),
    "api_token": gettext_lazy("API token begins with"),
    "confirmed": gettext_lazy("connection confirmed"),
}
METHODS = {"password": gettext_lazy("password"), "demo": gettext_lazy("demo button")}


@cache
def model_of(kind: str) -> type[Model] | None:
    """Return the model whose name an event keeps as its object's kind; None for one that is no more."""
    return next((model for model in apps.get_models() if model._meta.model_name == kind), None)


def kind_name(kind: str) -> str:
    """Return what objects of a kind are called, with a capital letter."""
    model = model_of(kind)
    return capfirst(str(model._meta.verbose_name)) if model else kind


def field_name(kind: str, name: str) -> str:
    """Return what a key of before/after is called, with a capital letter."""
    field = _field(kind, name)
    return capfirst(str(NAMES.get(name) or (field.verbose_name if field else name.replace("_", " "))))


def _field(kind: str, name: str) -> "Field[Any, Any] | None":
    model = model_of(kind)
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def in_order(kind: str, names: Iterable[str]) -> list[str]:
    """Return keys of before/after in the order of the model's fields, others last."""
    model = model_of(kind)
    order = [field.name for field in model._meta.concrete_fields] if model else []
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def value_text(kind: str, name: str, value: JSON, *, known: dict[str, str]) -> str:
    """Return a logged value as a person reads it. `known` gives names to ids that stand in the log."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return ", ".join(value_text(kind, name, item, known=known) for item in value)
        case dict():
            return "; ".join(
                f"{NAMES.get(str(key), key)}: {value_text(kind, str(key), item, known=known)}"
                for key, item in value.items()
            )
        case str():
            return known.get(value) or _word(kind, name, value)
        case _:
            return str(value)


def _word(kind: str, name: str, value: str) -> str:
    field = _field(kind, name)
    if name in ("role", "roles") and value in PrivilegeType.values:
        return roles()[PrivilegeType(value)].label
    if name == "tag":
        return label_of(value)
    if name == "method":
        return str(METHODS.get(value, value))
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateField) or name in ("active_to", "expires", "locked_until"):
        return dates.moment(_time(value)) or value
    return value


def _time(value: str) -> dt.date | None:
    return parse_datetime(value) or parse_date(value)


def is_reference(kind: str, name: str) -> bool:
    """Say whether a key of before/after holds the id of another object."""
    return name == "system_id" or isinstance(_field(kind, name), ForeignKey)


def referred(kind: str, name: str, value: JSON) -> str:
    """Return the name of the object that a foreign key in the log leads to, or "" when it is gone."""
    field = _field(kind, name)
    if not isinstance(field, ForeignKey) or not isinstance(value, str) or not _is_uuid(value):
        return ""
    found = field.related_model._default_manager.filter(pk=value).first()
    return str(found) if found else ""


def _is_uuid(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True

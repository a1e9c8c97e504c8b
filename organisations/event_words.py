"""The event log in words: objects, fields and values as they are called by whoever reads about them."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Field, ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from adgang.lib import dates
from adgang.lib.findings import Finding
from adgang.lib.snapshots import JSON
from organisations.event_names import (
    CHOICES_OF,
    FILTERS,
    HIDDEN,
    KINDS,
    LIST_NAMES,
    METHODS,
    NAMES,
    NESTED_KINDS,
    SLICE_NAMES,
)
from organisations.event_tags import label_of
from organisations.mail_words import kind_words
from organisations.models import User
from organisations.rights import PrivilegeType, roles
from organisations.verifying import fault_text

Known = Mapping[str, str]
FINDING = {"code", "severity", "params"}
MOMENTS = frozenset({"active_to", "expires", "locked_until"})
# As `snapshot` writes a time, whatever the field is called and whichever model it is of.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@cache
def model_of(kind: str) -> type[Model] | None:
    """Return the model whose name an event keeps as its object's kind; None for one that is no more."""
    return next((model for model in apps.get_models() if model._meta.model_name == kind), None)


def field_of(kind: str, name: str) -> "Field[Any, Any] | None":
    """Return the model field that a key of before/after is a value of, or None."""
    model = model_of(kind)
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def kind_name(kind: str) -> str:
    """Return what objects of a kind are called, with a capital letter."""
    model = model_of(kind)
    return capfirst(str(KINDS.get(kind) or model._meta.verbose_name)) if model else kind


def field_name(kind: str, name: str) -> str:
    """Return what a key of before/after is called, with a capital letter."""
    return capfirst(str(NAMES.get(name) or _verbose_name((kind, *NESTED_KINDS), name)))


def _verbose_name(kinds: Iterable[str], name: str) -> str:
    fields = (field_of(kind, name) for kind in kinds)
    return next((str(field.verbose_name) for field in fields if field), name.replace("_", " "))


def in_order(kind: str, names: Iterable[str]) -> list[str]:
    """Return keys of before/after in the order of the model's fields, others last, without what tells nothing."""
    model = model_of(kind)
    order = [field.name for field in model._meta.concrete_fields] if model else []
    shown = (name for name in names if name not in HIDDEN)
    return sorted(shown, key=lambda name: order.index(name) if name in order else len(order))


def is_id(text: str) -> bool:
    """Say whether a text is a UUID."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def is_reference(kind: str, name: str) -> bool:
    """Say whether a key of before/after holds the id of another object."""
    return name == "system_id" or isinstance(field_of(kind, name), ForeignKey)


def referred(kind: str, name: str, value: JSON) -> str:
    """Return the name of the object that a foreign key in the log leads to, or "" when it is gone."""
    field = field_of(kind, name)
    if not isinstance(field, ForeignKey) or not isinstance(value, str) or not is_id(value):
        return ""
    found = field.related_model._default_manager.filter(pk=value).first()
    return str(found) if found else ""


def value_text(kind: str, name: str, value: JSON, *, known: Known) -> str:
    """Return a logged value as a person reads it. `known` gives names to ids that stand in the log."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return ", ".join(filter(None, (value_text(kind, name, item, known=known) for item in value)))
        case dict():
            return _dict_text(kind, name, value, known)
        case str():
            return known.get(value) or _word(kind, name, value)
        case None:
            return ""
        case _:
            return str(value)


def _dict_text(kind: str, name: str, value: dict[str, JSON], known: Known) -> str:
    if value.keys() == FINDING:
        return _finding_text(value)
    names = {key: str(FILTERS.get(key, key)) if name == "filter" else field_name(kind, key) for key in value}
    texts = {key: value_text(kind, key, item, known=known) for key, item in value.items()}
    return "; ".join(f"{names[key]}: {text}" for key, text in texts.items() if text)


def filter_text(shown: Mapping[str, str]) -> str:
    """Return a filter of the log in words; "" for none."""
    return "; ".join(f"{capfirst(str(FILTERS[key]))}: {_filtered(key, value)}" for key, value in shown.items())


def _filtered(key: str, value: str) -> str:
    match key:
        case "tag":
            return label_of(value)
        case "slice" if value in SLICE_NAMES:
            return str(SLICE_NAMES[value])
        case "kind":
            return kind_name(value)
        case "actor" | "party" if is_id(value):
            user = User.objects.filter(pk=value).first()
            return user.name if user else value
        case "system":
            model = model_of("system")
            found = model._default_manager.filter(pk=value).first() if model and is_id(value) else None
            return str(found) if found else value
        case "actor":
            return _("The portal itself")
        case _:
            return value


def _finding_text(value: dict[str, JSON]) -> str:
    try:
        return Finding.from_json(value).message
    except KeyError:
        return str(value["code"])


def _word(kind: str, name: str, value: str) -> str:
    field = field_of(*CHOICES_OF.get((kind, name), (kind, name)))
    if name in ("role", "roles") and value in PrivilegeType.values:
        return roles()[PrivilegeType(value)].label
    if name == "fault":
        return fault_text(value)
    if name == "tag":
        return label_of(value)
    if (kind, name) == ("mail", "kind"):
        return kind_words(value)
    if name == "list":
        return str(LIST_NAMES.get(value, value))
    if name == "method":
        return str(METHODS.get(value, value))
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateField) or name in MOMENTS or TIME.fullmatch(value):
        return _moment(value)
    return value


def _moment(value: str) -> str:
    is_day = len(value) == len("2026-11-23")
    read: dt.date | None = parse_date(value) if is_day else parse_datetime(value)
    return dates.moment(read) or value

"""What the values of a group or point must fulfil, whoever writes them: a form, a file or the registry's answers."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model

from adgang.lib.findings import Finding, finding
from contacts import codes
from contacts.models import ContactGroup, ContactPoint
from contacts.models.belongings import MAX_TERM
from contacts.texts import folded
from contacts.values import Code, GroupValues, PointValues, Values

# The field a fault is about, by its name in the values, and what is wrong.
Fault = tuple[str, Finding]
Entry = TypeVar("Entry", bound=Hashable)

is_url = URLValidator(schemes=["http", "https"])
MAX_MB = 9999
MAX_ATTACHMENTS = 1000
MAX_ENTRIES = 1000  # of one list


def group_faults(values: GroupValues) -> list[Fault]:
    """Return everything that is wrong with a group's values, in the order of its fields."""
    return [
        *_texts(values, ContactGroup),
        *_many(values),
        *_twice("postkasse_ids", map(str, values.postkasse_ids)),
    ]


def point_faults(values: PointValues) -> list[Fault]:
    """Return everything that is wrong with a point's values, in the order of its fields; no queries."""
    return [
        *_texts(values, ContactPoint),
        *_many(values),
        *_system(values),
        *_link(values),
        *_limits(values),
        *_codes(values.codes),
        *_entries("search_terms", values.search_terms),
        *_entries("recommended_attributes", values.recommended_attributes),
        *_twice("translations", [f"{one.postkasse_id}:{one.postkasse_emne_id}" for one in values.translations]),
    ]


def _texts(values: Values, model: type[Model]) -> Iterator[Fault]:
    if not values.name:
        yield "name", finding("value.missing")
    for name, value in vars(values).items():
        if isinstance(value, str) and (fault := _length(value, _longest(model, name))):
            yield name, fault


def _many(values: Values) -> Iterator[Fault]:
    for name, value in vars(values).items():
        if isinstance(value, tuple) and len(value) > MAX_ENTRIES:
            yield name, finding("value.many", count=len(value), most=MAX_ENTRIES)


@cache
def _longest(model: type[Model], name: str) -> int:
    return getattr(model._meta.get_field(name), "max_length", None) or 0


def _length(text: str, longest: int) -> Finding | None:
    return finding("value.long", length=len(text), longest=longest) if len(text) > longest else None


def _system(values: PointValues) -> Iterator[Fault]:
    if not values.system.is_recipient:
        yield "system", finding("system.not_recipient", value=values.system.name)


def _link(values: PointValues) -> Iterator[Fault]:
    if not values.report_link_url:
        return
    try:
        is_url(values.report_link_url)
    except ValidationError:
        yield "report_link_url", finding("value.url", value=values.report_link_url)


def _limits(values: PointValues) -> Iterator[Fault]:
    size, number = values.memo_size_threshold_mb, values.allowed_number_of_attachments
    if size is not None and not 0 < size <= MAX_MB:
        yield "memo_size_threshold_mb", finding("value.size", value=str(size))
    if number is not None and not 0 <= number <= MAX_ATTACHMENTS:
        yield "allowed_number_of_attachments", finding("value.number", value=str(number), largest=MAX_ATTACHMENTS)


def _codes(given: Iterable[Code]) -> Iterator[Fault]:
    given = list(given)
    for code in given:
        if fault := codes.fault(code):
            yield "codes", fault
        for text, longest in ((code.code_version, 50), (code.name, 200), (code.type_name, 100)):
            if too_long := _length(text, longest):
                yield "codes", too_long
    for key in _repeated(code.key for code in given):
        yield "codes", finding("value.twice", value=f"{key[0]} {key[1]}")


def _entries(name: str, entries: tuple[str, ...]) -> Iterator[Fault]:
    for entry in entries:
        if too_long := _length(entry, MAX_TERM):
            yield name, too_long
    yield from _twice(name, map(folded, entries))


def _twice(name: str, entries: Iterable[str]) -> Iterator[Fault]:
    for entry in _repeated(entries):
        yield name, finding("value.twice", value=entry)


def _repeated(entries: Iterable[Entry]) -> list[Entry]:
    entries = list(entries)
    if len(set(entries)) == len(entries):  # nearly always
        return []
    return [entry for entry, count in Counter(entries).items() if count > 1]

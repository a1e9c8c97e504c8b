"""The lists of KLE and FORM codes that the operator has loaded: loading them, checking against them, offering them.

The lists themselves are not ours to ship. Without one a code is checked by its form alone.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from contacts import search_words
from contacts.models import CodeType, ListedCode
from contacts.values import Code
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag

TYPES = (CodeType.KLE, CodeType.FORM)
BATCH = 500
OFFERED = 12


@dataclass(frozen=True)
class Entry:
    """A line of a list."""

    code: str
    name: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class Loaded:
    """How many codes of a list were new, changed, the same as before, and left out of it."""

    created: int
    changed: int
    unchanged: int
    left_out: int


def load(*, caller: Caller, type_: CodeType, entries: Collection[Entry]) -> Loaded:
    """Make `entries` the list of a classification: the same list again changes nothing.

    Codes that are not among them any more are kept as obsolete. One transaction, one event of the operator when
    something changed.
    """
    with transaction.atomic():
        known = {one.code: one for one in ListedCode.objects.select_for_update().filter(type=type_)}
        fresh = [_row(type_, entry) for entry in entries if entry.code not in known]
        changed = [one for entry in entries if entry.code in known and (one := _changed(known[entry.code], entry))]
        given = {entry.code for entry in entries}
        gone = [one for one in known.values() if one.listed and one.code not in given]
        for one in gone:
            one.listed = False
        ListedCode.objects.bulk_create(fresh, batch_size=BATCH)
        ListedCode.objects.bulk_update([*changed, *gone], [*FIELDS, "listed", "search_text"], batch_size=BATCH)
        done = Loaded(len(fresh), len(changed), len(entries) - len(fresh) - len(changed), len(gone))
        first = next(iter([*fresh, *changed, *gone]), None)
        if first is not None:
            after = {"type": str(type_), **vars(done)}
            events.record(caller, None, events.Entry(tag=Tag.CODES_LOADED, obj=first, after=after))
    return done


FIELDS = ("name", "valid_from", "valid_to")


def _row(type_: CodeType, entry: Entry) -> ListedCode:
    text = search_words.line(f"{entry.code} {entry.name}")
    return ListedCode(type=type_, listed=True, search_text=text, **vars(entry))


def _changed(row: ListedCode, entry: Entry) -> ListedCode | None:
    if row.listed and all(getattr(row, name) == getattr(entry, name) for name in FIELDS):
        return None
    for name in FIELDS:
        setattr(row, name, getattr(entry, name))
    row.listed, row.search_text = True, search_words.line(f"{entry.code} {entry.name}")
    return row


def any_loaded() -> bool:
    """Say whether the operator has loaded any list."""
    return ListedCode.objects.exists()


def subject(code: Code) -> str:
    """Return the part of a code that stands in a list: KLE's subject without the facet of what is done."""
    return code.code.split(" ")[0] if code.type == CodeType.KLE else code.code


def faults(codes: Iterable[Code]) -> list[tuple[Code, Finding]]:
    """Return the codes that the loaded list of their classification does not know, in two queries however many."""
    listed = [code for code in codes if code.type in TYPES]
    if not listed:
        return []
    loaded = set(ListedCode.objects.order_by().values_list("type", flat=True).distinct())
    asked = [code for code in listed if code.type in loaded]
    if not asked:
        return []
    rows = ListedCode.objects.filter(type__in=loaded, code__in={subject(code) for code in asked})
    known = set(rows.values_list("type", "code"))
    return [
        (code, finding("code.unlisted", code=code.code, type=code.type))
        for code in asked
        if (code.type, subject(code)) not in known
    ]


def named(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Return the codes, each that came without a name with the one in its list: one query when there are such."""
    codes = tuple(codes)
    nameless = {subject(code) for code in codes if code.type in TYPES and not code.name}
    if not nameless:
        return codes
    rows = ListedCode.objects.filter(type__in=TYPES, code__in=nameless)
    names = {(type_, code): name for type_, code, name in rows.values_list("type", "code", "name")}
    return tuple(code if code.name else replace(code, name=names.get((code.type, subject(code)), "")) for code in codes)


def offered(text: str) -> list[ListedCode]:
    """Return the codes in use whose code begins with, or whose name holds, every word of `text`; at most `OFFERED`.

    A code that begins with the text comes first.
    """
    words = search_words.words(text)
    if not words:
        return []
    condition = Q()
    for word in words:
        condition &= Q(search_text__contains=word)
    rows = ListedCode.objects.in_use(timezone.localdate()).filter(condition)
    first = list(rows.filter(code__startswith=words[0]).order_by("type", "code")[:OFFERED])
    others = rows.exclude(pk__in=[one.pk for one in first]).order_by("name", "code")
    return [*first, *others[: OFFERED - len(first)]]

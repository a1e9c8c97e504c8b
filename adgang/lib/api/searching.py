"""Searches of the registry: field filters, words in any field, sorting, fields to return, pages.

A resource declares a `Search`: the wire names of the fields by which it is filtered and sorted, and parameters of its
own. Everything in the query is read with care; what cannot be understood is a 400, never passed over.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, FieldError, invalid
from adgang.lib.api.filters import Column, one_of
from adgang.lib.api.wire import Wire

DEFAULT_SIZE = 20
MAX_SIZE = 1000
MAX_PAGE = 2**31 - 1
MAX_VALUE = 500  # characters
RESERVED = frozenset({"page", "size", "sortFields", "any", "searchParameters", "fields", "next"})
SALT = "adgang.api.next"
T = TypeVar("T", bound=Model)
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of one resource: what it means, and what it narrows the search to. `where` raises ValueError."""

    help: str
    where: Callable[[str], Q]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, kw_only=True)
class Search:
    """How a resource is searched. `words`: columns in which `any` looks; `answer`: the schema of one found object."""

    answer: type[Wire]
    columns: Mapping[str, Column]
    words: tuple[str, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    order: tuple[str, ...] = ("name",)

    @property
    def fields(self) -> list[str]:
        """The names that `fields` may ask for."""
        return [info.alias or name for name, info in self.answer.model_fields.items()]

    @property
    def sortable(self) -> list[str]:
        """The names that `sortFields` may ask for."""
        return [name for name, column in self.columns.items() if column.sortable]


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of what was found."""

    rows: list[R]
    number: int
    size: int
    total: int
    next: str | None
    fields: frozenset[str] | None

    @property
    def numbers(self) -> dict[str, Any]:
        """The properties that every search result has beside its list."""
        return {
            "currentPage": self.number,
            "totalPages": -(-self.total // self.size),
            "elementsOnPage": len(self.rows),
            "totalElements": self.total,
            **({"next": self.next} if self.next else {}),
        }


def find(request: HttpRequest, rows: QuerySet[T, T], search: Search) -> Page[T]:
    """Return the page of `rows` that the query asks for. Raises `ApiError` for what it cannot understand."""
    query = _query(request)
    _require_known(query, search)
    number = _number(query, "page", 0, low=0, high=MAX_PAGE)
    size = _number(query, "size", DEFAULT_SIZE, low=1, high=MAX_SIZE)
    wanted, order = _fields(query, search), _order(query, search)
    found = rows.filter(_where(query, search))
    total, start = found.count(), number * size
    shown = list(found.order_by(*order)[start : start + size]) if start < total else []
    following = _following(query, number) if start + size < total else None
    return Page(shown, number, size, total, following, wanted)


def page_of(request: HttpRequest, rows: Sequence[R]) -> Page[R]:
    """Return the page of what is not in the database, by `page`, `size` and `next`. Raises `ApiError`."""
    query = _query(request)
    if unknown := [name for name in query if name not in ("page", "size", "next")]:
        raise _unknown(unknown, ("page", "size", "next"))
    number = _number(query, "page", 0, low=0, high=MAX_PAGE)
    size = _number(query, "size", DEFAULT_SIZE, low=1, high=MAX_SIZE)
    shown = list(rows[number * size : (number + 1) * size])
    following = _following(query, number) if (number + 1) * size < len(rows) else None
    return Page(shown, number, size, len(rows), following, None)


def _query(request: HttpRequest) -> QueryDict:
    """Return the query, or the one that `next` stands for."""
    token = request.GET.get("next")
    if not token:
        return request.GET
    try:
        return QueryDict(str(signing.loads(token, salt=SALT)))
    except signing.BadSignature:
        raise _fault("next", _("Send the value of “next” as it was answered.")) from None


def _following(query: QueryDict, number: int) -> str:
    following = query.copy()
    following.pop("next", None)
    following["page"] = str(number + 1)
    return signing.dumps(following.urlencode(), salt=SALT, compress=True)


def _require_known(query: QueryDict, search: Search) -> None:
    known = RESERVED | search.columns.keys() | search.parameters.keys()
    if unknown := [name for name in query if name.strip() not in known]:
        raise _unknown(unknown, known)


def _unknown(names: Iterable[str], known: Iterable[str]) -> ApiError:
    text = _("There is no parameter “%(name)s” here. Known are: %(known)s.")
    return invalid(
        FieldError(
            resource="query",
            field=name,
            code="parameter.unknown",
            message=text % {"name": name[:60], "known": ", ".join(sorted(known))},
        )
        for name in names
    )


def _fault(name: str, message: str, value: Any = None) -> ApiError:
    return invalid(
        [FieldError(resource="query", field=name, code="parameter.invalid", message=message, rejected=value)]
    )


def _number(query: QueryDict, name: str, default: int, *, low: int, high: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) <= high):
        params = {"name": name, "low": low, "high": high}
        raise _fault(name, _("“%(name)s” is a whole number from %(low)s to %(high)s.") % params, text[:40])
    return int(text)


def _where(query: QueryDict, search: Search) -> Q:
    where = Q()
    for name, text in _given(query):
        if len(text) > MAX_VALUE:
            raise _fault(name, _("The value has more than %(limit)s characters.") % {"limit": MAX_VALUE})
        try:
            if name == "any":
                where &= _words(text, search)
            elif name in search.parameters:
                where &= search.parameters[name].where(text)
            elif name in search.columns:
                where &= search.columns[name].where(text)
        except ValueError as error:
            raise _fault(name, str(error), text[:60]) from None
    return where


def _given(query: QueryDict) -> Iterator[tuple[str, str]]:
    """Yield every (name, value), what no database takes left out; one name ends in a blank on the wire."""
    for name, texts in query.lists():
        for text in texts:
            yield name.strip(), str(text).replace("\0", "")


def _words(text: str, search: Search) -> Q:
    return one_of(text, lambda word: one_of_columns(word, search.words))


def one_of_columns(word: str, columns: tuple[str, ...]) -> Q:
    """Return the condition that a word stands in any of the columns, or is the object's id."""
    where = Q()
    for column in columns:
        where |= Q(**{f"{column}__icontains": word})
    try:
        return where | Q(pk=uuid.UUID(word))
    except ValueError:
        return where


def _fields(query: QueryDict, search: Search) -> frozenset[str] | None:
    text = query.get("fields", "")
    wanted = frozenset(text.split(",")) if text else frozenset()
    if unknown := wanted - set(search.fields):
        text = _("There is no field “%(name)s”.") % {"name": min(unknown)[:60]}
        raise _fault("fields", text, query["fields"][:200])
    return wanted or None


def _order(query: QueryDict, search: Search) -> list[str]:
    order: list[str] = []
    text = query.get("sortFields", "")
    for part in text.split(",") if text else ():
        name, _colon, direction = part.strip().partition(":")
        if name not in search.sortable or direction.casefold() not in ("", "asc", "desc"):
            params = {"value": part[:60], "known": ", ".join(search.sortable)}
            raise _fault("sortFields", _("“%(value)s” cannot be sorted by. Known are: %(known)s.") % params, part[:60])
        column = search.columns[name].path
        order.append(f"-{column}" if direction.casefold() == "desc" else column)
    return [*(order or search.order), "pk"]

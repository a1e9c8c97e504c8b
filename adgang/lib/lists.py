"""The one list of the portal: search, filters, sorting, pages and export, its whole state in the URL.

A page declares a `ListSpec` and returns `respond(...)`: the page, the results alone for htmx, or a file of all rows
that are shown, with `?format=csv` or `?format=xlsx`. Nonsense in the URL is passed over, never an error.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable, OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib import dates, exports, markup, slots
from adgang.lib.forms import DateField, parse_date

Text = str | Promise
Rows = QuerySet[Any, Any]
Choices = Sequence[tuple[str, Text]]
Order = str | Combinable | OrderBy

SIZES = (25, 50, 100)
MAX_QUERY = 200
CHUNK = 1000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column. `cell` is a path of attributes ("system.name") or a function of the row; it must not query.

    `sort` names what the column is ordered by, ascending; without it the column cannot be sorted. `link` gives the URL
    behind the cell. `export` gives the value in a file when it is not the cell's own. `where` keeps a column to the
    page or to the file.
    """

    key: str
    label: Text
    cell: str | Callable[[Any], object]
    sort: Sequence[Order] = field(default=(), kw_only=True)
    link: Callable[[Any], str] | None = field(default=None, kw_only=True)
    export: Callable[[Any], exports.Value] | None = field(default=None, kw_only=True)
    where: Literal["both", "page", "file"] = field(default="both", kw_only=True)
    numeric: bool = field(default=False, kw_only=True)

    def value(self, row: Any) -> object:
        """Return what the cell holds, before it is made into HTML."""
        if callable(self.cell):
            return self.cell(row)
        value: object = row
        for name in self.cell.split("."):
            value = getattr(value, name, None)
        return value

    def html(self, row: Any) -> str:
        """Return the cell's content for the page, safe to print."""
        shown = as_html(self.value(row))
        url = self.link(row) if self.link else ""
        return markup.link(url, shown) if url else shown

    def exported(self, row: Any) -> exports.Value:
        """Return the cell's value for a file."""
        if self.export:
            return self.export(row)
        value = self.value(row)
        if isinstance(value, SafeString):
            return strip_tags(value).strip()
        return value if isinstance(value, str | Promise | int | float | date | None) else str(value)


def as_html(value: object) -> str:
    """Return a value as a person reads it, escaped; what is already HTML stays."""
    if isinstance(value, str):
        return markup.escaped(value) if value else "–"
    match value:
        case None | "":
            return "–"
        case bool():
            return markup.escaped(_("Yes") if value else _("No"))
        case date():
            return dates.moment(value)
        case _:
            return format_html("{}", value)


def alike(cell: Callable[[Any], object], *, by: Callable[[Any], Hashable]) -> Callable[[Any], object]:
    """Return a cell that is made once for all rows of a list that are alike in `by`.

    For a list's own columns, made with it for one reader: what was made is kept as long as they are.
    """
    made: dict[Hashable, object] = {}

    def shown(row: Any) -> object:
        key = by(row)
        if key not in made:
            made[key] = cell(row)
        return made[key]

    return shown


@dataclass(frozen=True)
class Filter:
    """A choice that narrows the list. `choices` are (value, label); look them up anew for every request."""

    key: str
    label: Text
    choices: Choices = field(kw_only=True)
    apply: Callable[[Rows, str], Rows] = field(kw_only=True)
    any_label: Text = field(default="", kw_only=True)

    kind = "choice"

    def narrow(self, rows: Rows, typed: str) -> Rows:
        """Return the rows that pass; all of them when `typed` is no choice."""
        return self.apply(rows, typed) if typed in {str(value) for value, _label in self.choices} else rows

    def error(self, typed: str) -> str:
        """Return what is wrong with what was typed, or ""."""
        return ""


@dataclass(frozen=True)
class DateFilter:
    """A date, typed as dd-mm-åååå, that narrows the list."""

    key: str
    label: Text
    apply: Callable[[Rows, date], Rows] = field(kw_only=True)

    kind = "date"

    def narrow(self, rows: Rows, typed: str) -> Rows:
        """Return the rows that pass; all of them when `typed` is no date."""
        day = parse_date(typed)
        return self.apply(rows, day) if day else rows

    def error(self, typed: str) -> str:
        """Return how to write a date when `typed` is none, or ""."""
        return str(DateField.default_error_messages["invalid"]) if typed and not parse_date(typed) else ""


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what belongs here and how to begin."""

    title: Text
    text: Text
    action: Text = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ListSpec:
    """A list: its columns, how it may be narrowed, and where it begins.

    `search` names what is searched (ORM look-ups), or is a function of the rows and what was typed.
    """

    name: str
    caption: Text
    columns: Sequence[Column]
    default_sort: str
    empty: Empty
    search: Sequence[str] | Callable[[Rows, str], Rows] = ()
    search_label: Text = ""
    filters: Sequence[Filter | DateFilter] = ()
    page_size: int = SIZES[0]
    # Where a file of the list is asked for, when it takes too long to be made while one waits.
    export_url: str = ""
    # Where one asks to be told of what comes into the list.
    subscribe_url: str = ""
    # Reads what the cells of a page need beyond its rows, once for all of them.
    prepare: Callable[[Sequence[Any]], None] | None = None
    # Of rows with much to them: reads those of a page by their keys. A database that sorts the rows and passes over the
    # pages before would else carry all of it along.
    read: Callable[[Sequence[Any]], Mapping[Any, Any]] | None = None

    def sortable(self, key: str) -> Column | None:
        """Return the column that `key` ("name" or "-name") sorts by, or None."""
        wanted = key.removeprefix("-")
        return next((column for column in self.columns if column.key == wanted and column.sort), None)

    def searched(self, rows: Rows, query: str) -> Rows:
        """Return the rows that pass the search: all of them when nothing was typed."""
        if callable(self.search):
            return self.search(rows, query) if query else rows
        for word in query.split():
            rows = rows.filter(any_of(self.search, word))
        return rows

    def filtered(self, rows: Rows, state: "State") -> Rows:
        """Return the rows that pass the search and the filters."""
        rows = self.searched(rows, state.query)
        for one in self.filters:
            rows = one.narrow(rows, state.filters.get(one.key, ""))
        return rows

    def narrowed(self, rows: Rows, state: "State") -> Rows:
        """Return the rows that pass the search and the filters, in order."""
        rows = self.filtered(rows, state)
        column = self.sortable(state.sort)
        order = [directed(part, falling=state.sort.startswith("-")) for part in column.sort] if column else []
        return rows.order_by(*order, "pk")


def any_of(lookups: Sequence[str], word: str) -> Q:
    """Return the condition that `word` stands somewhere in one of the fields, in capitals or not."""
    condition = Q()
    for lookup in lookups:
        for spelling in spellings(word):
            condition |= Q(**{f"{lookup}__icontains": spelling})
    return condition


def spellings(word: str) -> set[str]:
    """Return the ways to write `word` that must be asked for: SQLite folds the case of a–z only, not of æ, ø and å."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


def directed(part: Order, *, falling: bool) -> str | OrderBy:
    """Return one part of an ordering in the wanted direction."""
    if isinstance(part, str):
        return (part[1:] if part.startswith("-") else f"-{part}") if falling else part
    expression: Any = part
    ordering: OrderBy = expression.copy() if isinstance(expression, OrderBy) else expression.asc()
    if falling:
        ordering.reverse_ordering()
    return ordering


@dataclass(frozen=True, kw_only=True)
class State:
    """What the URL says of a list, made harmless."""

    query: str
    sort: str
    page: str
    size: int
    filters: Mapping[str, str]
    others: tuple[tuple[str, str], ...]
    spec: ListSpec

    @classmethod
    def of(cls, spec: ListSpec, given: QueryDict) -> "State":
        """Read the state from a query; what makes no sense becomes the default."""
        own = {"q", "sort", "page", "size", "format", *(one.key for one in spec.filters)}
        sort = given.get("sort", "")
        size = given.get("size", "")
        return cls(
            query=given.get("q", "").replace("\0", "").strip()[:MAX_QUERY],
            sort=sort if spec.sortable(sort) else spec.default_sort,
            page=given.get("page", "1"),
            size=int(size) if size in map(str, SIZES) else spec.page_size,
            filters={one.key: given.get(one.key, "").replace("\0", "")[:MAX_QUERY] for one in spec.filters},
            others=tuple((key, value) for key in given if key not in own for value in given.getlist(key)),
            spec=spec,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something is searched for or filtered."""
        return bool(self.query or any(self.filters.values()))

    def url(self, **more: str) -> str:
        """Return the query part of the URL for this state, without what is as it is by default."""
        pairs = [*self.others, ("q", self.query), *self.filters.items()]
        if self.sort != self.spec.default_sort:
            pairs.append(("sort", self.sort))
        if self.size != self.spec.page_size:
            pairs.append(("size", str(self.size)))
        pairs += more.items()
        return "?" + urlencode([(key, value) for key, value in pairs if value])


@dataclass(frozen=True)
class Header:
    """A column's head on the page."""

    column: Column
    url: str
    direction: Literal["", "ascending", "descending"]
    id: str

    @property
    def icon(self) -> str:
        """The name of the icon that shows the direction."""
        return f"sort-table-{self.direction or 'none'}"


def _frame(column: Column, *, is_head: bool) -> tuple[Column, str, str]:
    """Return a column with the tags around each of its cells; the label stands before it where the table is folded."""
    name, scope = ("th", ' scope="row"') if is_head else ("td", "")
    numeric = ' class="align-text-right"' if column.numeric and not is_head else ""
    return column, f'<{name}{scope} data-title="{markup.escaped(str(column.label))}"{numeric}>', f"</{name}>"


class ListPage:
    """A list as its templates need it."""

    is_long = False

    def __init__(self, spec: ListSpec, state: State, rows: Rows, path: str, empty: Empty) -> None:
        self.spec, self.state, self.path, self.empty, self.all = spec, state, path, empty, rows
        self.paginator: Paginator[Model] = Paginator(spec.narrowed(rows, state), state.size)
        self.page: Page[Model] = self.paginator.get_page(state.page)
        self.id = f"list-{spec.name}"
        self.columns = [column for column in spec.columns if column.where != "file"]

    @property
    def count(self) -> int:
        """How many rows there are on all pages."""
        return self.paginator.count

    @property
    def has_rows(self) -> bool:
        """Whether there is any row, be it among those that are not shown; asks for it where nothing is found."""
        return self.count > 0 or (self.state.is_narrowed and self.all.exists())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all, so that the list says how to begin."""
        return not self.count and not self.state.is_narrowed

    @property
    def has_query(self) -> bool:
        """Whether something can be searched for by typing; a template would call a search that is a function."""
        return bool(self.spec.search)

    @property
    def has_search(self) -> bool:
        """Whether there is anything to search or filter, and a way to."""
        return bool(self.spec.search or self.spec.filters) and not self.is_empty

    @property
    def summary(self) -> str:
        """What is shown, in words, as it is read out after every change."""
        if not self.count:
            return _("Nothing found")
        span = {"first": self.page.start_index(), "last": self.page.end_index(), "count": self.count}
        return _("Shows %(first)s–%(last)s of %(count)s") % span

    def headers(self) -> Iterator[Header]:
        """Yield the heads of the columns."""
        for column in self.columns:
            direction: Literal["", "ascending", "descending"] = ""
            if self.state.sort.removeprefix("-") == column.key:
                direction = "descending" if self.state.sort.startswith("-") else "ascending"
            turned = f"-{column.key}" if direction == "ascending" else column.key
            url = replace(self.state, sort=turned).url() if column.sort else ""
            yield Header(column, url, direction, f"{self.id}-sort-{column.key}")

    def body(self) -> SafeString:
        """Return the rows of the page as HTML: the first cell heads its row, each bears its column's label.

        Made here, for a template takes as long for a hundred rows as everything else of the page together.
        """
        rows = self.rows()
        if self.spec.prepare:
            self.spec.prepare(rows)
        frames = [_frame(column, is_head=not position) for position, column in enumerate(self.columns)]
        pieces: list[str] = []
        for row in rows:
            pieces.append("<tr>")
            for column, before, after in frames:
                pieces += (before, column.html(row), after)
            pieces.append("</tr>\n")
        return SafeString("".join(pieces))

    def rows(self) -> list[Any]:
        """Return the rows of the page, in order."""
        shown: Any = self.page.object_list
        if self.spec.read is None:
            return list(shown)
        keys = list(shown.prefetch_related(None).values_list("pk", flat=True))
        read = self.spec.read(keys)
        return [read[key] for key in keys if key in read]

    def fields(self) -> Iterator[dict[str, object]]:
        """Yield the filters with what was chosen or typed in them."""
        for one in self.spec.filters:
            typed = self.state.filters[one.key]
            yield {"filter": one, "typed": typed, "error": one.error(typed), "id": f"{self.id}-{one.key}"}

    def pages(self) -> Iterator[tuple[int | str, str]]:
        """Yield (number, URL) of the pages to go to; a gap is ("…", "")."""
        for number in self.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1):
            yield number, self.page_url(number) if isinstance(number, int) else ""

    def page_url(self, number: int) -> str:
        """Return the URL of a page of the list."""
        return self.state.url(page=str(number) if number > 1 else "")

    @property
    def previous_url(self) -> str:
        """The URL of the page before, or ""."""
        return self.page_url(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The URL of the page after, or ""."""
        return self.page_url(self.page.next_page_number()) if self.page.has_next() else ""

    def sizes(self) -> list[tuple[int, str]]:
        """Return (rows a page, URL) to choose from; nothing when every row is on the smallest page."""
        if self.count <= SIZES[0]:
            return []
        return [(size, "" if size == self.state.size else replace(self.state, size=size).url()) for size in SIZES]

    @property
    def clear_url(self) -> str:
        """The URL of the list with nothing searched for and nothing filtered."""
        return replace(self.state, query="", filters=dict.fromkeys(self.state.filters, "")).url()

    @property
    def export_url(self) -> str:
        """The URL of the page where a file of what is shown is asked for, or ""."""
        return f"{self.spec.export_url}{self.state.url()}" if self.spec.export_url else ""

    @property
    def subscribe_url(self) -> str:
        """The URL of the page where one asks to be told of what would be shown, or ""."""
        return f"{self.spec.subscribe_url}{self.state.url()}" if self.spec.subscribe_url else ""

    @property
    def csv_url(self) -> str:
        """The URL of what is shown as CSV."""
        return self.state.url(format="csv")

    @property
    def xlsx_url(self) -> str:
        """The URL of what is shown as XLSX."""
        return self.state.url(format="xlsx")


def respond(
    request: HttpRequest,
    spec: ListSpec,
    queryset: Rows,
    *,
    template: str,
    context: Mapping[str, Any] | None = None,
    empty_action: tuple[str, Text] | None = None,
    page_class: type[ListPage] = ListPage,
) -> HttpResponseBase:
    """Return the page of the list, its results alone for htmx, or a file of all rows shown.

    `template` includes "lists/list.html" and gets `context` and `list`. `empty_action` is (URL, text) of what begins
    the list, for those who may; it stands in the empty list. A list with an `export_url` gives its files elsewhere.
    """
    state = State.of(spec, request.GET)
    if (wanted := request.GET.get("format")) in ("csv", "xlsx") and not spec.export_url:
        return export(request, spec, state, queryset, wanted)
    empty = replace(spec.empty, url=empty_action[0], action=empty_action[1]) if empty_action else spec.empty
    page = page_class(spec, state, queryset, request.path, empty)
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == page.id:
        return render(request, "lists/results.html", {"list": page, "is_fragment": True})
    return render(request, template, {**(context or {}), "list": page})


def export(request: HttpRequest, spec: ListSpec, state: State, queryset: Rows, wanted: str) -> HttpResponseBase:
    """Return a file of every row that passes, in the order shown, and tell whoever wants to know of it."""
    for note in slots.fillings("list_exports"):
        note(request, spec.name, wanted)
    columns = [column for column in spec.columns if column.where != "page"]
    header = [column.label for column in columns]
    rows = values(columns, spec.narrowed(queryset, state))
    filename = f"{spec.name}-{timezone.localdate():%Y-%m-%d}.{wanted}"
    response: HttpResponseBase
    if wanted == "csv":
        response = StreamingHttpResponse(exports.csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    else:
        from adgang.lib.workbooks import xlsx_bytes  # noqa: PLC0415 – see there

        response = HttpResponse(xlsx_bytes(str(spec.caption), header, rows), content_type=XLSX_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return response


def values(columns: Iterable[Column], rows: Rows) -> Iterator[list[exports.Value]]:
    """Yield the exported values row by row, without holding all rows at once."""
    for row in rows.iterator(chunk_size=CHUNK):
        yield [column.exported(row) for column in columns]

"""A difference as pages show it: what is looked for, all of it in the URL; a page of a list or tree; a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode

from adgang.lib import exports, slots
from adgang.lib.lists import MAX_QUERY
from contacts.csv_columns import Kind
from contacts.differences import Change
from contacts.drafts import browsing
from contacts.drafts.browsing import KINDS, MARKS, Branch, Browsing, Mark, Row, Wanted

CSV = "text/csv; charset=utf-8"
PAGE = 100
# On one page, to be printed; the file holds everything.
MOST_AT_ONCE = 2_000
MARK, KIND, TEXT, TREE, NUMBER, ALL = "aendring", "slags", "q", "vis", "side", "alle"


@dataclass(frozen=True)
class Pager:
    """The pages beside the one that is shown; `url` gives that of a number."""

    page: Page[Any]
    url: Callable[[int], str]

    def pages(self) -> Iterator[tuple[int | str, str]]:
        """Yield (number, URL) of the pages to go to; a gap is ("…", "")."""
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1):
            yield number, self.url(number) if isinstance(number, int) else ""

    @property
    def previous_url(self) -> str:
        """The page before; "" when there is none."""
        return self.url(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after; "" when there is none."""
        return self.url(self.page.next_page_number()) if self.page.has_next() else ""


class Look:
    """A difference with what the URL says of it. What makes no sense in the URL is passed over."""

    def __init__(self, request: HttpRequest, browsed: Browsing) -> None:
        given = request.GET
        self.browsed, self.path = browsed, request.path
        self.wanted = Wanted(
            mark=given.get(MARK, "") if given.get(MARK) in set(Mark) else "",
            kind=given.get(KIND, "") if given.get(KIND) in set(Kind) else "",
            text=given.get(TEXT, "").replace("\0", "").strip()[:MAX_QUERY],
        )
        self.as_tree = given.get(TREE) == "trae"
        self.number = given.get(NUMBER, "1")

    @cached_property
    def found(self) -> list[Change]:
        """The changes that are looked for."""
        return self.browsed.found(self.wanted)

    @property
    def is_narrowed(self) -> bool:
        """Whether only some are looked for."""
        return self.wanted != Wanted()

    @property
    def on_one_page(self) -> bool:
        """Whether all is shown at once."""
        return self.number == ALL

    @property
    def size(self) -> int:
        """How many are shown at once."""
        return MOST_AT_ONCE if self.on_one_page else PAGE

    @cached_property
    def page(self) -> Page[Change]:
        """The page that is shown."""
        return Paginator(self.found, self.size).get_page(self.number)

    @cached_property
    def rows(self) -> list[Row]:
        """The changes of the page."""
        return [self.browsed.row(change) for change in self.page]

    @property
    def tree(self) -> Branch:
        """The changes of the page below the groups that they stand in."""
        return self.browsed.tree(self.rows)

    def url(self, **more: str) -> str:
        """Return the URL of this look, with some of it otherwise."""
        own = {MARK: self.wanted.mark, KIND: self.wanted.kind, TEXT: self.wanted.text}
        state = own | {TREE: "trae" if self.as_tree else ""} | more
        return f"{self.path}?{urlencode({key: value for key, value in state.items() if value})}"

    @property
    def list_url(self) -> str:
        """The same as a list."""
        return self.url(vis="")

    @property
    def tree_url(self) -> str:
        """The same as a tree."""
        return self.url(vis="trae")

    @property
    def csv_url(self) -> str:
        """The same as a file."""
        return self.url(format="csv")

    @property
    def print_url(self) -> str:
        """The same on one page; "" when it is on one already."""
        return self.url(side=ALL) if self.page.has_other_pages() and not self.on_one_page else ""

    @property
    def pager(self) -> "Pager":
        """The way to the other pages."""
        return Pager(self.page, lambda number: self.url(side=str(number)))

    def mark_choices(self) -> list[tuple[str, Any, int]]:
        """Return the kinds of change with how many there are of each."""
        return [(mark, MARKS[mark][0], count) for mark, count in self.browsed.counts.items() if count]

    def kind_choices(self) -> list[tuple[str, Any]]:
        """Return groups and points to choose between."""
        return list(KINDS.items())

    def file(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Return everything that is looked for as a file."""
        for note in slots.fillings("list_exports"):
            note(request, name, "csv")
        rows = browsing.lines(self.browsed, self.found)
        response = StreamingHttpResponse(exports.csv_lines(browsing.HEADER, rows), content_type=CSV)
        filename = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
        response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
        return response

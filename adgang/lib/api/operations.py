"""Operations: an operation cannot be reached unless its first statement asks `access` who may, as with pages.

`operation` registers a function with django-ninja and remembers it in `OPERATIONS`, from which the access matrix and
the tests of the description are made. What it returns is rendered here: names of the wire, absent values left out.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router
from pydantic import TypeAdapter

from adgang.lib.api.errors import missing, stale
from adgang.lib.api.searching import Page, Search
from adgang.lib.api.versions import PATTERN
from adgang.lib.api.wire import Wire
from adgang.lib.registered import StaleVersion
from adgang.lib.urls import OPEN_GETTERS, policy

View = Callable[..., Any]
T = TypeVar("T")
REGISTRY, OWN = "v1/", "adgang/v1/"  # below /apis/
JSON_TYPE = "application/json"


class OwnRouter(Router):
    """Operations of this portal's own, beside those of the registry."""


def base_of(router: Router) -> str:
    """Return below what the operations of a router stand."""
    return OWN if isinstance(router, OwnRouter) else REGISTRY


@dataclass(frozen=True)
class Operation:
    """An operation: `path` below `base`, `status` of its success, `getter` and `rights` as of a page's route."""

    name: str
    method: str
    base: str
    path: str
    status: int
    getter: str
    rights: tuple[str, ...]
    errors: tuple[int, ...]
    versioned: bool
    view: View


OPERATIONS: dict[str, Operation] = {}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an operation says: an object of the wire or a list, the version it stands at, headers.

    `kept` is what an idempotency record keeps instead, where the answer holds a secret that is shown only once.
    """

    body: Any
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: Any = None


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    summary: str,
    answer: Any = None,
    status: int = 200,
    errors: Iterable[int] = (401, 403),
    versioned: bool = False,
    search: Search | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Callable[[View], View]:
    """Return the decorator that makes a function an operation of `router`.

    `answer` is the schema of its success; `versioned` that it wants If-Match; `search` declares the query's parameters;
    `extra` is added to the description. Raises ImproperlyConfigured for a function that states no policy.
    """

    def register(view: View) -> View:
        getter, rights = policy(view)
        if getter not in OPEN_GETTERS and not rights:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__}: access.{getter} needs right=Right.…")
        if view.__name__ in OPERATIONS:
            raise ImproperlyConfigured(f"there are two operations named {view.__name__}")
        base = base_of(router)
        implied = (400, 409, 428) if base == OWN else (400, 409)
        listed = tuple(
            sorted({*errors, *((400,) if search or method == "POST" else ()), *(implied if versioned else ())})
        )
        made = Operation(view.__name__, method, base, path, status, getter, rights, listed, versioned, view)
        OPERATIONS[made.name] = made
        _mount(router, made, summary, answer, _described(made, search, extra or {}))
        return view

    return register


def _mount(router: Router, made: Operation, summary: str, answer: Any, described: dict[str, Any]) -> None:
    # `rendered` answers by itself; what is named here is for the description, which tells of errors in one place. Each
    # schema named costs time at every start, so the address that is not described names none.
    responses = {made.status: answer, **dict.fromkeys((*made.errors, 429))}
    twin = made.path.removesuffix("/") if made.path.endswith("/") else f"{made.path}/"
    for path, shown, response in ((made.path, True, responses), (twin, False, None)):
        router.add_api_operation(
            path,
            [made.method],
            rendered(made),
            response=response,
            operation_id=made.name,
            summary=summary,
            by_alias=True,
            include_in_schema=shown,
            url_name=f"api_{made.name}",
            openapi_extra=described,
        )


def rendered(made: Operation) -> View:
    """Return the view with its answer put on the wire."""

    @wraps(made.view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            said = made.view(request, *args, **kwargs)
        except StaleVersion as lost:
            raise (stale(getattr(lost.current, "version", None)) if lost.current else missing()) from lost
        if isinstance(said, HttpResponseBase):
            return said
        return respond(said if isinstance(said, Answer) else Answer(body=said), status=made.status)

    return run


def respond(said: Answer, *, status: int) -> HttpResponse:
    """Return the response with which an answer travels."""
    response = HttpResponse(as_json(said.body), status=status, content_type=JSON_TYPE, headers=dict(said.headers))
    if said.body is None:
        del response.headers["Content-Type"]
    if said.version is not None:
        response.headers["ETag"] = f'"{said.version}"'
    response.kept = as_json(said.kept if said.kept is not None else said.body)  # type: ignore[attr-defined]
    return response


def found_one(row: T | None) -> T:
    """Return the row that was asked for by its id. Raises Http404 when there is none."""
    if row is None:
        raise Http404
    return row


_anything: TypeAdapter[Any] = TypeAdapter(Any)


def as_json(body: Any) -> bytes:
    """Return what answers hold as JSON: what has no value is left out."""
    if body is None:
        return b""
    if isinstance(body, Wire):
        return body.model_dump_json(by_alias=True, exclude_none=True).encode()
    return _anything.dump_json(body, by_alias=True, exclude_none=True)


def found(page: Page[Any], name: str, items: Iterable[Wire]) -> dict[str, Any]:
    """Return a search result: the numbers of the page, and under `name` its objects, with the fields asked for."""
    if page.fields is None:
        return page.numbers | {name: list(items)}
    shown = [json.loads(as_json(item)) for item in items]
    return page.numbers | {name: [{key: one[key] for key in one if key in page.fields} for one in shown]}


def _described(made: Operation, search: Search | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [*(_search_parameters(search) if search else ()), *extra.get("parameters", ())]
    if made.versioned:
        parameters.append(IF_MATCH)
    return {**extra, "parameters": parameters}


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The version that was read: 3 or "3".',
    "schema": {"type": "string", "pattern": PATTERN},
    "example": '"3"',
}


def parameter(name: str, help: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the description of a parameter of the query."""
    shape = dict(schema or {"type": "string"})
    return {"name": name, "in": "query", "required": False, "description": help, "schema": shape}


PAGING = [
    parameter("page", "The page, counted from 0.", {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}),
    parameter("size", "Objects on a page; 20 when not given.", {"type": "integer", "minimum": 1, "maximum": 1000}),
    parameter("next", "The value of `next` of the page before: the following page of the same search."),
    parameter("searchParameters", "A placeholder of the registry's own description; it is ignored."),
]


def _search_parameters(search: Search) -> list[dict[str, Any]]:
    own = [parameter(name, one.help, one.schema) for name, one in search.parameters.items()]
    fields = [parameter(name, *_of_column(column)) for name, column in search.columns.items()]
    return [*own, *PAGING, *_choosing(search), *fields]


def _choosing(search: Search) -> list[dict[str, Any]]:
    listed, sorted_ = "|".join(search.fields), "|".join(name.replace(".", r"\.") for name in search.sortable)
    one = f"({sorted_})(:(asc|desc))?"
    words = {"type": "string", "maxLength": 500}
    return [
        parameter("any", "Words, divided by commas; any of them in any text of the object.", words),
        parameter(
            "fields",
            "Names of the properties to return, divided by commas; all of them when not given.",
            {"type": "string", "pattern": f"^(({listed})(,({listed}))*)?$"},
        ),
        parameter(
            "sortFields",
            "field:asc or field:desc, divided by commas.",
            {"type": "string", "pattern": f"^({one}(,{one})*)?$"},
        ),
    ]


FILTER_HELP = "Values divided by commas: any of them; & before one: it too, ! before one: not that."


def _of_column(column: Any) -> tuple[str, dict[str, Any]]:
    return FILTER_HELP + (" * stands for any letters." if column.kind.value == "text" else ""), column.schema

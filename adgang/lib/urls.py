"""Routes: a view cannot be reached unless its first statement asks `access` who may.

The policy is read from the syntax tree when the URL configuration is imported, so a view without one stops the
start, and the same reading gives the access matrix its rows.
"""

import ast
import inspect
import textwrap
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponseBase
from django.urls import URLPattern, path, register_converter, reverse
from django.urls.converters import StringConverter

View = Callable[..., HttpResponseBase]


class CvrConverter(StringConverter):
    """Eight digits."""

    regex = "[0-9]{8}"


class SecretConverter(StringConverter):
    """The token of a one-time link, as `lib.secrets.new_token` makes it."""

    regex = "[A-Za-z0-9_-]{43}"


class FileFormatConverter(StringConverter):
    """What the name of a file with a structure ends in."""

    regex = "csv|xlsx|json"


register_converter(CvrConverter, "cvr")
register_converter(FileFormatConverter, "file_format")
register_converter(SecretConverter, "secret")


@dataclass(frozen=True)
class Route:
    """A page: `getter` is the name in `access` that guards it, `rights` the names of the rights it may ask for."""

    name: str
    pattern: str
    getter: str
    rights: tuple[str, ...]
    view: View


ROUTES: dict[str, Route] = {}


def route(pattern: str, view: View, *, name: str) -> URLPattern:
    """Return the URL pattern of a view that states its policy, and remember it in `ROUTES`.

    The first statement must call `access.<getter>(…)`; every getter but `public`, `person` and `requester` is given
    `right=Right.X`. Raises ImproperlyConfigured otherwise, or when view and URL bear different names.
    """
    if view.__name__ != name:
        raise ImproperlyConfigured(f"URL {name!r} is served by a view named {view.__name__!r}; they must agree")
    getter, rights = policy(view)
    if getter not in OPEN_GETTERS and not rights:
        raise ImproperlyConfigured(f"{view.__module__}.{name}: access.{getter} needs right=Right.…")
    ROUTES[name] = Route(name=name, pattern=pattern, getter=getter, rights=rights, view=view)
    return path(pattern, login_not_required(view) if getter == "public" else view, name=name)


def leading_to(name: str, *args: str) -> Callable[[object], str]:
    """Return what gives the URL of the page `name` of each object, by its id, which comes after `args`.

    For lists: the URL configuration is asked once for all of their rows.
    """
    begin, end = reverse(name, args=[*args, NOBODY]).split(NOBODY)
    return lambda id: f"{begin}{id}{end}"


NOBODY = str(uuid.UUID(int=0))
OPEN_GETTERS = frozenset({"public", "person", "requester"})


def policy(view: View) -> tuple[str, tuple[str, ...]]:
    """Return the getter that a view's first statement asks, and the rights it names. Raises ImproperlyConfigured."""
    function = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(view)))).body[0]
    if not isinstance(function, ast.FunctionDef):
        raise ImproperlyConfigured(f"{view.__module__}.{view.__name__}: a view is a function")
    statements = [node for node in function.body if not _is_docstring(node)]
    for node in ast.walk(statements[0]):
        if isinstance(node, ast.Call) and (getter := _getter(node.func)):
            return getter, tuple(_rights(node))
    raise ImproperlyConfigured(
        f"{view.__module__}.{function.name}: the first statement of a view must ask access.…(request, …)"
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _getter(node: ast.expr) -> str:
    match node:
        case ast.Attribute(value=ast.Name(id="access"), attr=name):
            return name
    return ""


def _rights(call: ast.Call) -> list[str]:
    return [
        node.attr
        for keyword in call.keywords
        if keyword.arg == "right"
        for node in ast.walk(keyword.value)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Right"
    ]

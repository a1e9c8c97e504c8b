"""Pages about the API: what there is, each operation with a form to try it, and the description for programs."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from adgang.api.description import ERRORS, JSON, description
from adgang.api.examples import example_of
from organisations import access


@dataclass(frozen=True)
class Shown:
    """An operation as its page shows it."""

    name: str
    method: str
    path: str
    said: JSON

    @property
    def tag(self) -> str:
        """The noun it is about."""
        return str((self.said.get("tags") or ["Adgang"])[0])

    @property
    def is_for_systems(self) -> bool:
        """Whether a system alone calls it, with its own token and certificate."""
        return all("SystemToken" in one for one in self.said["security"] if one)

    @property
    def parameters(self) -> list[JSON]:
        """What stands in path, query and headers."""
        return list(self.said.get("parameters", []))

    @property
    def media_type(self) -> str:
        """What the body is; "" without one."""
        return next(iter(self.said.get("requestBody", {}).get("content", {})), "")

    @property
    def schema_name(self) -> str:
        """The schema of the body; "" when it is no object of the API."""
        content = self.said.get("requestBody", {}).get("content", {}).get("application/json", {})
        return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]

    @property
    def example(self) -> str:
        """A body to begin with."""
        return example_of(self.schema_name) if self.schema_name else ""

    @property
    def answers(self) -> list[tuple[str, str]]:
        """(status, what it means) of every answer."""
        listed = sorted(self.said["responses"].items())
        return [(status, ERRORS.get(status) or answer["description"]) for status, answer in listed]


def _shown() -> list[Shown]:
    return [
        Shown(said["operationId"], method.upper(), path, said)
        for path, methods in description()["paths"].items()
        for method, said in methods.items()
    ]


def api(request: HttpRequest) -> HttpResponse:
    """List the operations of the API by noun."""
    access.public(request)
    nouns: dict[str, list[Shown]] = {}
    for one in _shown():
        nouns.setdefault(one.tag, []).append(one)
    return render(request, "api/api.html", {"nouns": nouns.items()})


def operation(request: HttpRequest, name: str) -> HttpResponse:
    """Show one operation: what it takes and answers, a call by curl, and a form to try it."""
    access.public(request)
    found = next((one for one in _shown() if one.name == name), None)
    if found is None:
        raise Http404
    context = {"operation": found, "properties": _properties(found), "base_url": request.build_absolute_uri("/")[:-1]}
    return render(request, "api/operation.html", context)


def _properties(shown: Shown) -> list[tuple[str, str]]:
    """Return (name, type) of the properties of the body."""
    schema = description()["components"]["schemas"].get(shown.schema_name, {})
    return [(name, _type(value)) for name, value in schema.get("properties", {}).items()]


def _type(value: Any) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "anyOf" in value:
        return " | ".join(_type(one) for one in value["anyOf"] if one.get("type") != "null")
    if value.get("type") == "array":
        return f"[{_type(value.get('items', {}))}]"
    if "enum" in value:
        return " | ".join(map(str, value["enum"]))
    return str(value.get("format") or value.get("type") or "any")


def openapi(request: HttpRequest) -> HttpResponse:
    """Send the description of the API as JSON."""
    access.public(request)
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})

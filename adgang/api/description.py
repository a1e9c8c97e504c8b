"""The description of the API (OpenAPI 3.1), made from the operations themselves."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings

from adgang.api import plain
from adgang.api.assembly import api
from adgang.api.examples import EXAMPLES
from adgang.api.idempotency import LONGEST
from adgang.lib.api.operations import OPERATIONS

JSON = dict[str, Any]
ABOUT = """\
The API of the registry of Digital Post, as this portal answers it, and below `/apis/adgang/` what is its own.

**Who calls.** A person or an organisation sends an access token (`Authorization: Bearer …`); a system sends its id and
token (`Authorization: Basic base64(id:token)`) over a connection that shows its certificate. A session's cookie counts
for nothing. A caller may do what its person, organisation or system may do on the pages.

**Versions.** What can be changed has a version, which answers carry as `version` and as `ETag`. Send it in `If-Match`
to change or delete; who comes second gets 409 and has changed nothing.

**Values.** Answers leave out what has no value. In requests null, the zero UUID, a date in the year 1 and `UNKNOWN`
mean that nothing is set.

**Errors.** Every answer that is no success is an `ErrorMessage`.

**Limits.** `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) tell how many calls are left in the
minute. Too many are answered with 429 and `Retry-After`.
"""
EXAMPLE = {
    "code": "validation.failed",
    "message": "Skriv en adresse, der begynder med https://.",
    "fieldErrors": [
        {
            "resource": "system",
            "field": "endpoint",
            "code": "endpoint.invalid",
            "message": "Skriv en adresse, der begynder med https://.",
            "rejectedValue": "http://modtager.example",
        }
    ],
}
CODES = {
    "401": "authentication.missing",
    "403": "access.denied",
    "404": "object.unknown",
    "409": "version.stale",
    "413": "body.too_large",
    "422": "idempotency_key.reused",
    "428": "version.missing",
    "429": "calls.throttled",
}
ERRORS = {
    "400": "Something in the request cannot be used; `fieldErrors` names what.",
    "401": "Nothing, or nothing valid, shows who calls.",
    "403": "The caller may see this, but not do that with it.",
    "404": "There is no such object, or the caller may not see it.",
    "409": "The object stands at another version, or something keeps this from being done.",
    "413": "The body is larger than the operation takes.",
    "422": "The idempotency key was used for another request.",
    "428": "The version is missing: send it in `If-Match`.",
    "429": "Too many calls in the minute.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own: the same call sent again within a day is done once, and answered as the first.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
}
NUMBER = {"schema": {"type": "integer"}}
LIMITS = {
    "RateLimit-Limit": NUMBER | {"description": "Calls in a minute."},
    "RateLimit-Remaining": NUMBER | {"description": "How many of them are left."},
    "RateLimit-Reset": NUMBER | {"description": "In how many seconds the limit begins anew."},
}
TAG = {"description": 'The version, as "3".', "schema": {"type": "string"}}


@cache
def description() -> JSON:
    """Return the description; it is the same for every caller."""
    found: JSON = json.loads(json.dumps(api.get_openapi_schema(path_prefix="apis/"), default=str))
    found["info"] |= {"description": ABOUT, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}}
    found["servers"] = [{"url": settings.ADGANG_BASE_URL}]
    found["paths"] |= json.loads(json.dumps(plain.PATHS))
    found["components"]["schemas"] |= plain.schemas()
    for method, said in operations(found):
        _tell(method, said)
    found["components"]["responses"] = {f"Error{status}": _error(status) for status in ERRORS}
    _without_nulls(found)
    _without_titles(found["components"]["schemas"])
    return found


def operations(found: JSON) -> Iterator[tuple[str, JSON]]:
    """Yield (method, operation) of a description."""
    for methods in found["paths"].values():
        yield from methods.items()


def _tell(method: str, said: JSON) -> None:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = str(body.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    if name in EXAMPLES:
        body["example"] = EXAMPLES[name]
    is_plain = said["operationId"] not in OPERATIONS
    if method == "post" and not is_plain:
        said["parameters"].append(KEY)
        said["responses"]["422"] = {}
    for status, answer in said["responses"].items():
        if status in ERRORS:
            said["responses"][status] = {"$ref": f"#/components/responses/Error{status}"}
        elif not is_plain:
            answer["headers"] = LIMITS | ({"ETag": TAG} if method != "delete" else {})


def _error(status: str) -> JSON:
    schema = {"$ref": "#/components/schemas/ErrorMessage"}
    code = CODES.get(status)
    example = EXAMPLE if code is None else {"code": code, "message": ERRORS[status], "fieldErrors": []}
    return {"description": ERRORS[status], "content": {"application/json": {"schema": schema, "example": example}}}


def _without_nulls(found: JSON) -> None:
    """Take null out of what is only answered: there, what has no value is left out."""
    schemas = found["components"]["schemas"]
    sent: set[str] = set()
    for _method, said in operations(found):
        _reach(said.get("requestBody"), schemas, sent)
    for name, schema in schemas.items():
        if name not in sent:
            properties = schema.get("properties", {})
            schema["properties"] = {key: _set(value) for key, value in properties.items()}


def _reach(value: Any, schemas: JSON, sent: set[str]) -> None:
    """Collect the names of the schemas that a request may hold."""
    if isinstance(value, list):
        for one in value:
            _reach(one, schemas, sent)
    elif isinstance(value, dict):
        name = str(value.get("$ref", "")).removeprefix("#/components/schemas/")
        if name in schemas and name not in sent:
            sent.add(name)
            _reach(schemas[name], schemas, sent)
        for one in value.values():
            _reach(one, schemas, sent)


def _set(value: JSON) -> JSON:
    if "default" in value and value["default"] is None:
        value = {key: one for key, one in value.items() if key != "default"}
    options = [one for one in value.get("anyOf", ()) if one.get("type") != "null"]
    rest = {key: one for key, one in value.items() if key not in ("anyOf", "default")}
    return value if not options else rest | (options[0] if len(options) == 1 else {"anyOf": options})


def _without_titles(schemas: JSON) -> None:
    for schema in schemas.values():
        for value in schema.get("properties", {}).values():
            value.pop("title", None)

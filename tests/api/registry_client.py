"""A client of the registry written from the wire facts alone (`registry.toml`): strict where generated clients are.

It takes an answer only with a listed status and, for a success, a body in which every property has its name, its type,
null only where that is allowed, and enumerations only of known values. Everything else is a failure.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@cache
def facts() -> dict[str, Any]:
    """Return what the registry's clients know."""
    return tomllib.loads(Path(__file__).with_name("registry.toml").read_text(encoding="utf-8"))


@cache
def schema(name: str) -> dict[str, str]:
    """Return the properties of a schema by name, with their types."""
    text = " ".join(facts()["schemas"][name].split())
    return dict(part.split(": ", 1) for part in text.split("; "))


@cache
def enum(name: str) -> frozenset[str]:
    """Return the values of an enumeration."""
    return frozenset(facts()["enums"][name].split())


def listed(operation: str) -> tuple[dict[int, str], set[int]]:
    """Return the successes of an operation with their bodies, and the errors it lists."""
    success, _bar, errors = facts()["operations"][operation].partition(" | ")
    successes = {int(part.split()[0]): part.partition(" ")[2].strip() for part in success.split(", ")}
    return successes, {int(number) for number in re.findall(r"\b\d{3}\b", errors)}


def read(operation: str, response: HttpResponse) -> Any:
    """Return the body of a success as the client reads it. Fails where the client would."""
    successes, _errors = listed(operation)
    assert response.status_code in successes, f"{operation}: {response.status_code} {response.content[:500]!r}"
    body = successes[response.status_code]
    if not body:
        assert response.content == b""
        return None
    if body == "binary":
        return response.content
    found = response.json()
    assert found is not None
    check(found, body.replace("array of enum ", "array of "), operation)
    return found


def refused(operation: str, response: HttpResponse) -> Any:
    """Return the ErrorMessage of an answer that is no success."""
    assert response.status_code >= 400, f"{operation}: {response.status_code}"
    error = response.json()
    check(error, "ErrorMessage", operation)
    assert error["code"]
    assert error["message"]
    return error


def check(value: Any, type_: str, where: str) -> None:
    """Fail unless a value is what a generated client can read as the type."""
    if type_.startswith("array of "):
        assert isinstance(value, list), where
        for one in value:
            check(one, type_.removeprefix("array of ").strip(), f"{where}[]")
        return
    nullable, type_ = type_.endswith("?"), type_.removesuffix("?")
    if value is None:
        assert nullable, f"{where} is null"
        return
    if type_.endswith("[]"):
        assert isinstance(value, list), where
        for one in value:
            check(one, type_.removesuffix("[]"), f"{where}[]")
    elif type_.startswith("map<"):
        assert isinstance(value, dict), where
        for name, one in value.items():
            check(one, type_[4:-1], f"{where}.{name}")
    elif type_ in facts()["schemas"]:
        _object(value, type_, where)
    elif type_ in facts()["enums"]:
        assert value in enum(type_), f"{where}: {value!r} is no {type_}"
    else:
        assert PLAIN[type_](value), f"{where}: {value!r} is no {type_}"


def _object(value: Any, name: str, where: str) -> None:
    assert isinstance(value, dict), where
    properties = {key.removesuffix("!"): type_ for key, type_ in schema(name).items()}
    missing = [key for key in schema(name) if key.endswith("!") and key.removesuffix("!") not in value]
    assert missing == [], f"{where}: {missing} are required"
    for key, one in value.items():
        if key in properties:
            check(one, properties[key], f"{where}.{key}")


def _whole(value: Any, bits: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2 ** (bits - 1)


PLAIN = {
    "string": lambda value: isinstance(value, str),
    "uuid": lambda value: isinstance(value, str) and UUID.fullmatch(value) is not None,
    "date-time": lambda value: isinstance(value, str) and MOMENT.fullmatch(value) is not None,
    "date": lambda value: isinstance(value, str) and DAY.fullmatch(value) is not None,
    "boolean": lambda value: isinstance(value, bool),
    "int": lambda value: _whole(value, 32),
    "long": lambda value: _whole(value, 64),
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "base64": lambda value: isinstance(value, str) and BASE64.fullmatch(value) is not None,
    "any": lambda value: True,
}


def shape(name: str) -> dict[str, Any]:
    """Return a command as the client writes it when nothing is set: every property, unset in its own way."""
    return {key.removesuffix("!"): unset(type_) for key, type_ in schema(name).items()}


def unset(type_: str) -> Any:
    """Return how the generated client writes a property that was never set."""
    bare = type_.removesuffix("?")
    if bare in facts()["enums"]:
        return next(iter(facts()["enums"][bare].split()))
    values = {
        "uuid": "00000000-0000-0000-0000-000000000000",
        "date-time": "0001-01-01T00:00:00+00:00",
        "date": "0001-01-01",
        "boolean": False,
        "int": 0,
        "long": 0,
        "float": 0.0,
    }
    return values.get(bare)

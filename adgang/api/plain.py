"""The calls that are plain views, not operations of the API's framework, described like the others.

`whoami` answers before anybody is let in, and `memos_check` reads a body of up to 100 MB as it comes.
"""

from typing import Any

from adgang.lib.api.findings import Finding
from adgang.lib.api.operations import parameter
from adgang.lib.api.uploads import FILE
from adgang.lib.api.wire import ErrorMessage, Flag, Id, Moment, Text, Wire

JSON = dict[str, Any]
REF = "#/components/schemas/{model}"


class CallingSystem(Wire):
    """The system that calls."""

    id: Id = None
    name: Text = None
    service_protocol: Text = None
    state: Text = None


class OwnOrganisation(Wire):
    """The organisation that the system belongs to."""

    id: Id = None
    name: Text = None
    cvr_number: Text = None


class CallPart(Wire):
    """Whether a part of the call was accepted, or why not; `address` is the one the call came from."""

    accepted: Flag = None
    code: Text = None
    message: Text = None
    remedy: Text = None
    address: Text = None


class WhoAmI(Wire):
    """Who the system is here, and whether its token, its certificate and its address are accepted."""

    accepted: Flag = None
    time: Moment = None
    environment: Text = None
    system: CallingSystem | None = None
    organisation: OwnOrganisation | None = None
    token: CallPart | None = None
    certificate: CallPart | None = None
    address: CallPart | None = None


class MemoFinding(Finding):
    """One thing found in a message: where, and by which code Digital Post itself would refuse it."""

    path: Text = None
    line: int | None = None
    ngdp_code: Text = None


class MemoVerdict(Wire):
    """Whether a message is in order. A container has a verdict of its own, and one for each of its messages."""

    valid: bool
    name: Text = None
    version: Text = None
    findings: list[MemoFinding]
    messages: list["MemoVerdict"] | None = None


SCHEMAS: tuple[type[Wire], ...] = (WhoAmI, MemoVerdict, ErrorMessage)
UUID: JSON = {"type": "string", "format": "uuid"}
BYTES: JSON = {"schema": {"type": "string", "format": "binary"}}
UPLOAD: JSON = FILE["requestBody"]["content"]
ANSWERS: JSON = {status: {} for status in ("401", "429")}


def _answer(model: type[Wire]) -> JSON:
    schema = {"$ref": REF.format(model=model.__name__)}
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


PATHS: dict[str, JSON] = {
    "/apis/adgang/v1/whoami": {
        "get": {
            "operationId": "whoami",
            "summary": "Who am I?",
            "description": "Tell a system whether its token, its certificate and its address are accepted, each or why "
            "not. Nothing is changed by asking, but an accepted call is a sign of life. See docs/whoami.md.",
            "tags": ["Systems calling in"],
            "parameters": [],
            "security": [{"SystemToken": []}],
            "responses": {"200": _answer(WhoAmI), **ANSWERS},
        }
    },
    "/apis/adgang/v1/memos/check": {
        "post": {
            "operationId": "memos_check",
            "summary": "Check a MeMo",
            "description": "Check a message or a container (tar.lzma), sent as the body or as the part “file” of a "
            "form, held against what the system's organisation has registered: up to 100 MB. Where the operator lets "
            "anybody check, also without a token: the format alone, up to 10 MB.",
            "tags": ["Letter types"],
            "parameters": [parameter("letterType", "The letter type that the letter should be as.", UUID)],
            "security": [{"SystemToken": []}, {}],
            "requestBody": {
                "required": True,
                "content": {**dict.fromkeys(("application/xml", "application/x-lzma"), BYTES), **UPLOAD},
            },
            "responses": {"200": _answer(MemoVerdict), "400": {}, "413": {}, **ANSWERS},
        }
    },
}


def schemas() -> JSON:
    """Return the schemas that the plain views answer with, by name."""
    found: JSON = {}
    for model in SCHEMAS:
        made = model.model_json_schema(ref_template=REF, mode="serialization")
        found |= made.pop("$defs", {})
        if "$ref" not in made:
            found[model.__name__] = made
    return found

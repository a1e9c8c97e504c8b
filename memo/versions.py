"""Which version a message says it is, by the attributes of its root."""

import re
from collections.abc import Mapping
from decimal import Decimal

from memo.elements import SCHEMA_VERSION, SCHEMA_VERSION_ATTRIBUTE, VERSION_ATTRIBUTE, Version
from memo.reports import MemoFinding, found
from memo.simple_types import BLANK, shown

# A decimal number as XML Schema has it: neither exponent nor anything that Python alone would take.
DECIMAL = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})", re.ASCII)

Told = tuple[Version | None, list[MemoFinding], dict[str, str]]


def told_version(attributes: Mapping[str, str], path: str, line: int) -> Told:
    """Return the version, what is to be said about it, and the other attributes.

    A message that does not say its version is taken for what its other attribute tells; None: it is not to be checked.
    """
    rest = dict(attributes)
    told, schema = rest.pop(VERSION_ATTRIBUTE, None), rest.pop(SCHEMA_VERSION_ATTRIBUTE, None)
    notes: list[MemoFinding] = []
    version: Version | None
    if told is None:
        version = Version.V1_2 if schema is None else Version.V1_1
        notes.append(found("memo.attribute.missing", path, line, name=VERSION_ATTRIBUTE, example=str(version)))
    else:
        version, fault = _version(told)
        if fault:
            return None, [found(fault, path, line, value=shown(told))], rest
    if version is Version.V1_2:
        notes.append(found("memo.version.unofficial", path, line))
        if schema is not None:
            notes.append(
                found("memo.attribute.removed", path, line, name=SCHEMA_VERSION_ATTRIBUTE, version=str(version))
            )
    elif schema is None:
        notes.append(found("memo.attribute.missing", path, line, name=SCHEMA_VERSION_ATTRIBUTE, example=SCHEMA_VERSION))
    elif len(schema) > 256:
        notes.append(found("memo.value.long", path, line, length=len(schema), longest=256))
    elif schema.strip() != SCHEMA_VERSION:
        notes.append(found("memo.version.schema", path, line, value=shown(schema), usual=SCHEMA_VERSION))
    return version, notes, rest


def _version(told: str) -> tuple[Version | None, str]:
    """Return the version, and "" or the code of what is wrong; the attribute is a decimal number."""
    if not DECIMAL.fullmatch(told.strip(BLANK)):
        return None, "memo.version.unknown"
    number = Decimal(told.strip(BLANK))
    for version in Version:
        if number == Decimal(version):
            return version, ""
    return None, "memo.version.old" if number <= 1 else "memo.version.unknown"

"""What programs are told of a check: the same by command and by API.

A message gives {valid, version, findings}; a container the same of itself, and {name, valid, version, findings} of
each of its messages.
"""

import datetime as dt
from typing import Any, BinaryIO, cast

from memo.checking import check_message
from memo.containers import WIDE, Bounds, Chained, Entry, check_container, is_container
from memo.reports import Limits, MemoFinding, Place, Report


def told(
    source: BinaryIO, *, at: dt.datetime, limits: Limits, bounds: Bounds = WIDE, place: Place | None = None
) -> dict[str, Any]:
    """Return what is to be told of a message, or of a container within `bounds`, held against a place.

    Raises only what `source.read` raises.
    """
    first = source.read(512)
    stream = cast(BinaryIO, Chained(first, source))
    if not is_container(first):
        return check_message(stream, at=at, limits=limits, place=place).as_json()
    messages: list[dict[str, Any]] = []
    findings: list[MemoFinding] = []
    for one in check_container(stream, at=at, limits=limits, bounds=bounds, place=place):
        if isinstance(one, Entry):
            messages.append({"name": one.name, **one.report.as_json()})
        else:
            findings = one.findings
    whole = Report(findings).as_json()
    return whole | {"valid": whole["valid"] and all(one["valid"] for one in messages), "messages": messages}

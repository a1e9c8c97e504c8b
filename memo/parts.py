"""What every element of a message has, and how the names of the format become names of fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

Text = str | None

WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Names that the rule above would split otherwise than people do.
OWN_NAMES = {
    "CPRdata": "cpr_data",
    "CVRdata": "cvr_data",
    "KLEdata": "kle_data",
    "FORMdata": "form_data",
    "SORdata": "sor_data",
    "SEnumber": "se_number",
    "EID": "eid",
}


@cache
def field_name(name: str) -> str:
    """Return the field of an element: "memo:messageUUID" is `message_uuid`."""
    local = name.partition(":")[2]
    return OWN_NAMES.get(local) or WORDS.sub("_", local).lower()


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element with children, and where it stood: its path and line, and the lines of its texts by field."""

    path: str = field(default="", compare=False, repr=False)
    line: int = field(default=0, compare=False, repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def place(self, name: str) -> tuple[str, int]:
        """Return path and line of one of its texts, by the name in the format; where it is absent, the element's."""
        line = self.lines.get(field_name(name))
        return (f"{self.path}/{name}", line) if line is not None else (self.path, self.line)

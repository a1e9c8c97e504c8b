"""A problem on the overview: what is wrong, how bad, and where it is cured."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise


class Weight(IntEnum):
    """How bad a problem is; the overview lists the worst first."""

    NOTICE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One line on the overview; `text` and `cure` are in the reader's language, `url` is where it is mended."""

    weight: Weight
    first: bool = False  # before the others of its weight: what cannot wait until tomorrow
    text: str | Promise
    cure: str | Promise
    url: str

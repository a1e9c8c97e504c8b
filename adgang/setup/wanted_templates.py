"""The standard systems of a set-up: as they stand, and as a file wants them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organisations.models import Organisation
from systems.models import SystemTemplate


@dataclass(frozen=True)
class WantedEdition:
    """A published edition as a file tells it; `told` is what the file says of its values, by keys with dots."""

    line: int
    number: int
    published: dt.datetime | None
    note: str
    values: Mapping[str, Any]
    to_fill: list[str]
    told: Mapping[str, Any]


@dataclass(eq=False)
class WantedTemplate:
    """A standard system as it is to be (`new`), as it stands (None: new), and the editions that are to be published.

    `before` and `after` are what a file says of the two, by keys with dots.
    """

    line: int
    new: SystemTemplate
    old: SystemTemplate | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    editions: list[WantedEdition]

    @property
    def is_changed(self) -> bool:
        """Whether the vendor's working copy, or that it is retired, is to be different."""
        return self.old is None or self.old.name != self.new.name or self.before != self.after


@dataclass(frozen=True)
class Templates:
    """All that the file asks for, and the standard systems that it leaves out."""

    wanted: list[WantedTemplate]
    gone: list[SystemTemplate]

    @property
    def after(self) -> list[SystemTemplate]:
        """The standard systems that will be there."""
        return [one.new for one in self.wanted]


def stored(organisation: Organisation) -> list[SystemTemplate]:
    """Return the organisation's own standard systems with their editions, by name."""
    rows = SystemTemplate.objects.filter(organisation=organisation).prefetch_related("editions")
    return sorted(rows, key=lambda one: (one.name.casefold(), one.pk))

"""A journey of several pages: one step one form, and the step indicator that shows where one is."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A step in the step indicator; `url` is empty for one that has not been reached."""

    number: int
    name: str
    label: str | Promise
    url: str
    is_current: bool
    is_done: bool

    @property
    def is_link(self) -> bool:
        """Whether one can go there from here."""
        return bool(self.url) and not self.is_current

    @property
    def css(self) -> str:
        """The design system's class for where the step stands."""
        return "current" if self.is_current else "" if self.url else "disabled"


def before(marks: list[Mark]) -> Mark | None:
    """Return the step before the current one, or None on the first."""
    at = next(position for position, mark in enumerate(marks) if mark.is_current)
    return marks[at - 1] if at else None

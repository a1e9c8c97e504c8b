"""The six marks of the overview: each is a colour, a symbol and a word, and no two share any of the three."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class Mark(StrEnum):
    """How far something is."""

    DONE = "done"
    STARTED = "started"
    MISSING = "missing"
    LATE = "late"
    WARNING = "warning"
    NOT_RELEVANT = "not-relevant"


@dataclass(frozen=True)
class Look:
    """A mark in the picture: the colours of its area, its edge, and its symbol drawn around the point 0,0."""

    area: str
    edge: str
    symbol: SafeString
    dashes: str = "none"


LOOKS: dict[Mark, Look] = {
    Mark.DONE: Look(
        area="#e6f3e9",
        edge="#1d7a3a",
        symbol=mark_safe(
            '<circle r="10" fill="#1d7a3a"/>'
            '<path d="M-5 .4l3.4 3.6L5-3.8" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"'
            ' stroke-linejoin="round"/>'
        ),
    ),
    Mark.STARTED: Look(
        area="#e6f0f7",
        edge="#0a639b",
        symbol=mark_safe(
            '<circle r="9" fill="#fff" stroke="#0a639b" stroke-width="2"/>'
            '<path d="M0-6a6 6 0 0 1 0 12z" fill="#0a639b"/>'
        ),
    ),
    Mark.MISSING: Look(
        area="#f4f5f5",
        edge="#636b70",
        symbol=mark_safe('<circle r="9" fill="#fff" stroke="#636b70" stroke-width="2"/>'),
    ),
    Mark.LATE: Look(
        area="#fdecea",
        edge="#b30000",
        symbol=mark_safe(
            '<path d="M-4.2-10h8.4L10-4.2v8.4L4.2 10h-8.4L-10 4.2v-8.4z" fill="#b30000"/>'
            '<path d="M0-5.2v6" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
            '<circle cy="5" r="1.5" fill="#fff"/>'
        ),
    ),
    Mark.WARNING: Look(
        area="#fff6df",
        edge="#8a5a00",
        symbol=mark_safe(
            '<path d="M0-9.5L10.5 9h-21z" fill="#ffcf4d" stroke="#8a5a00" stroke-width="1.6" stroke-linejoin="round"/>'
            '<path d="M0-3.2v6" stroke="#3d2800" stroke-width="2.2" stroke-linecap="round"/>'
            '<circle cy="6.2" r="1.3" fill="#3d2800"/>'
        ),
    ),
    Mark.NOT_RELEVANT: Look(
        area="#fff",
        edge="#7a8388",
        symbol=mark_safe(
            '<circle r="9" fill="#fff" stroke="#7a8388" stroke-width="2"/>'
            '<path d="M-4.5 0h9" stroke="#7a8388" stroke-width="2.2" stroke-linecap="round"/>'
        ),
        dashes="5 4",
    ),
}


def symbol(mark: Mark) -> SafeString:
    """Return the mark as a small image beside the word that says the same; it says nothing by itself."""
    return format_html(
        '<svg class="mark-symbol" viewBox="-12 -12 24 24" width="24" height="24" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        LOOKS[mark].symbol,
    )

"""Bars over months, made as SVG on the server: a colour for each series; the page has the numbers in a table too."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib.exports import thousands
from adgang.statistics.figures import Topic

WIDTH, HEIGHT = 420, 210
LEFT, RIGHT, TOP, BOTTOM = 44, 6, 10, 26
# Told apart by lightness too, so that a grey print and any eye can tell them.
COLOURS = ("#0a4d7a", "#e0a030", "#8a9299")
INK, GRID = "#3b4247", "#d6dadd"
LABELS = 6


def chart(topic: Topic, months: Sequence[dt.date]) -> SafeString:
    """Return the picture of a topic: a stacked bar for each month, with a scale."""
    sums = [sum(series.numbers[place] for series in topic.series) for place in range(len(months))]
    top = ceiling(max(sums, default=0))
    return format_html(
        '<svg class="chart" viewBox="0 0 {1} {2}" role="img" aria-labelledby="chart-{0}-title chart-{0}-desc">'
        '<title id="chart-{0}-title">{3}</title><desc id="chart-{0}-desc">{4}</desc>{5}{6}{7}</svg>',
        topic.key,
        WIDTH,
        HEIGHT,
        topic.title,
        description(topic),
        _joined(_scale(top)),
        _joined(_bars(topic, len(months), top)),
        _joined(_labels(months)),
    )


def _joined(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def description(topic: Topic) -> str:
    """Return what the picture shows, in words."""
    if topic.adds_up:
        told = [f"{series.label}: {thousands(series.total)}" for series in topic.series]
        return _("In all: %(figures)s. The table below has every month.") % {"figures": ", ".join(told)}
    told = [f"{series.label}: {thousands(series.numbers[-1])}" for series in topic.series]
    return _("Now: %(figures)s. The table below has every month.") % {"figures": ", ".join(told)}


def ceiling(most: int) -> int:
    """Return the end of a scale that holds `most`: 4, or a round number that four steps divide."""
    step = 1
    while step * 4 < most:
        step = step * 2 if str(step)[0] == "1" else step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step * 4


def _y(value: float, top: int) -> float:
    return round(HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP), 1)


def _scale(top: int) -> Iterator[SafeString]:
    for place in (0, 2, 4):
        value = top * place // 4
        y = _y(value, top)
        yield format_html(
            '<path d="M{} {}H{}" stroke="{}"/><text x="{}" y="{}" font-size="13" text-anchor="end" fill="{}">{}</text>',
            LEFT,
            y,
            WIDTH - RIGHT,
            GRID,
            LEFT - 6,
            y + 4.5,
            INK,
            thousands(value),
        )


def _bars(topic: Topic, count: int, top: int) -> Iterator[SafeString]:
    room = (WIDTH - LEFT - RIGHT) / count
    for place in range(count):
        below = 0
        for series, colour in zip(topic.series, COLOURS, strict=False):
            number = series.numbers[place]
            if not number:
                continue
            y = _y(below + number, top)
            yield format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#fff"/>',
                round(LEFT + room * (place + 0.14), 1),
                y,
                round(room * 0.72, 1),
                round(_y(below, top) - y, 1),
                colour,
            )
            below += number


def _labels(months: Sequence[dt.date]) -> Iterator[SafeString]:
    room, every = (WIDTH - LEFT - RIGHT) / len(months), -(-len(months) // LABELS)
    for place, month in enumerate(months):
        if (len(months) - 1 - place) % every == 0:
            yield format_html(
                '<text x="{}" y="{}" font-size="13" text-anchor="middle" fill="{}">{}</text>',
                round(min(LEFT + room * (place + 0.5), WIDTH - 24), 1),
                HEIGHT - 7,
                INK,
                date_format(month, "M y"),
            )


def legend(topic: Topic) -> list[tuple[str, str]]:
    """Return (colour, label) of each series."""
    return [(colour, str(series.label)) for series, colour in zip(topic.series, COLOURS, strict=False)]


def swatch(colour: str) -> SafeString:
    """Return a small square of a colour."""
    return format_html(
        '<svg class="chart-swatch" viewBox="0 0 9 9" aria-hidden="true"><path d="M0 0h9v9H0z" fill="{}"/></svg>',
        colour,
    )

"""The process guide as a picture: steps in a row with the work packages that feed them, made as SVG on the server.

Two drawings of the same thing: a wide one, and a tall one for small screens; the style sheet shows one of them. Text
is escaped, wrapped by estimated widths, and every colour is accompanied by a symbol and a word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.overview.marks import LOOKS, Mark

INK = "#1a1a1a"
SOFT = "#454d52"
ARROW = "#59636a"
LINE = 1.3  # the distance between lines of text, in font sizes
NARROW, WIDE = frozenset("fijlrtI.,:;|!'()-/ "), frozenset("mwMWÆ@%æ")


@dataclass(frozen=True, kw_only=True)
class Package:
    """A work package as drawn: what stands in it and how far it is."""

    heading: str | Promise
    title: str | Promise
    mark: Mark
    state: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A step as drawn; `share` of 0–1 is finished."""

    heading: str | Promise
    title: str | Promise
    mark: Mark
    state: str
    share: float
    url: str
    packages: Sequence[Package]


def wide(parts: Sequence[Part]) -> SafeString:
    """Return the drawing for wide screens and paper: steps as arrows in a row, packages below."""
    column, height = 292, 158
    drawn = [
        _column(part, x=column * place, width=column, height=height, first=not place)
        for place, part in enumerate(parts)
    ]
    return _svg("wide", parts, width=column * len(parts), height=height + 138, drawn=drawn)


def tall(parts: Sequence[Part]) -> SafeString:
    """Return the drawing for narrow screens: one step under the other."""
    drawn, y = [], 2
    for place, part in enumerate(parts):
        if place:
            drawn.append(_arrow(160, y - 26, 160, y - 5))
        piece, height = _row(part, y=y)
        drawn.append(piece)
        y += height + 32
    return _svg("tall", parts, width=320, height=y - 28, drawn=drawn)


def _svg(name: str, parts: Sequence[Part], *, width: int, height: int, drawn: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg class="guide guide--{0}" viewBox="0 0 {1} {2}" role="group" aria-labelledby="guide-{0}-title"'
        ' aria-describedby="guide-{0}-desc"><title id="guide-{0}-title">{3}</title>'
        '<desc id="guide-{0}-desc">{4}</desc>{5}</svg>',
        name,
        width,
        height,
        _("The process guide: three steps, and the marking of letters"),
        description(parts),
        format_html_join("", "{}", ((piece,) for piece in drawn)),
    )


def description(parts: Sequence[Part]) -> str:
    """Return the picture in words, one sentence for each step."""
    return " ".join(
        _("%(step)s, %(title)s: %(state)s. Depends on %(packages)s.")
        % {
            "step": part.heading,
            "title": part.title,
            "state": part.state,
            "packages": ", ".join(f"{package.heading} ({package.state})" for package in part.packages),
        }
        for part in parts
    )


def _column(part: Part, *, x: int, width: int, height: int, first: bool) -> SafeString:
    look, gap, point = LOOKS[part.mark], 8, 20
    right = x + width - gap
    notch = "" if first else f" {x + point},{height / 2 + 1}"
    outline = f"{x + 1},2 {right - point},2 {right},{height / 2 + 1} {right - point},{height} {x + 1},{height}{notch}"
    left = x + (18 if first else 36)
    inner = right - point - left
    shape = format_html(
        '<polygon class="guide-area" points="{}" fill="{}" stroke="{}" stroke-width="1.5" stroke-dasharray="{}"'
        ' stroke-linejoin="round"/>',
        outline,
        look.area,
        look.edge,
        look.dashes,
    )
    content = [
        _text(left, 26, [part.heading], size=14, weight=600, fill=SOFT),
        _text(left, 49, wrapped(part.title, size=18, width=inner, bold=True), size=18, weight=700),
        _state(part, x=left, y=height - 26, width=inner - 10),
    ]
    step = _link(part.url, [shape, *content])
    return format_html("{}{}", step, _packages_below(part.packages, x=x, width=width - gap, top=height))


def _packages_below(packages: Sequence[Package], *, x: int, width: int, top: int) -> SafeString:
    box = min(200, (width - 8 * (len(packages) - 1)) // len(packages))
    start = x + (width - box * len(packages) - 8 * (len(packages) - 1)) // 2
    drawn = []
    for place, package in enumerate(packages):
        left = start + place * (box + 8)
        middle = left + box // 2
        drawn.append(_arrow(middle, top + 34, middle, top + 6))
        drawn.append(_package(package, x=left, y=top + 36, width=box, height=98))
    return format_html_join("", "{}", ((piece,) for piece in drawn))


def _package(package: Package, *, x: int, y: int, width: int, height: int) -> SafeString:
    title = wrapped(package.title, size=13, width=width - 18)
    content = [
        _box(package.mark, x=x, y=y, width=width, height=height),
        _text(x + 10, y + 19, [package.heading], size=13, weight=600),
        _text(x + 10, y + 36, title, size=13, fill=SOFT),
        _symbol(package.mark, x + 18, y + height - 16, scale=0.72),
        _text(x + 31, y + height - 11.5, [package.state], size=13, weight=600),
    ]
    return _link(package.url, content)


def _row(part: Part, *, y: int) -> tuple[SafeString, int]:
    title = wrapped(part.title, size=17, width=288, bold=True)
    height = 34 + round(len(title) * 17 * LINE) + 46
    step = _link(
        part.url,
        [
            _box(part.mark, x=1, y=y, width=318, height=height),
            _text(16, y + 24, [part.heading], size=14, weight=600, fill=SOFT),
            _text(16, y + 46, title, size=17, weight=700),
            _state(part, x=16, y=y + height - 22, width=288),
        ],
    )
    drawn, below = [step], y + height
    for package in part.packages:
        drawn.append(_arrow(16, below + 30, 16, below + 6) if below == y + height else SafeString(""))
        piece, taken = _package_row(package, y=below + 8)
        drawn.append(piece)
        below += taken + 8
    return format_html_join("", "{}", ((piece,) for piece in drawn)), below - y


def _package_row(package: Package, *, y: int) -> tuple[SafeString, int]:
    title = wrapped(package.title, size=14, width=262)
    height = 30 + round(len(title) * 14 * LINE) + 28
    content = [
        _box(package.mark, x=34, y=y, width=285, height=height),
        _text(46, y + 21, [package.heading], size=14, weight=600),
        _text(46, y + 40, title, size=14, fill=SOFT),
        _symbol(package.mark, 54, y + height - 16, scale=0.75),
        _text(69, y + height - 11, [package.state], size=14, weight=600),
    ]
    return _link(package.url, content), height


def _state(part: Part, *, x: float, y: float, width: float) -> SafeString:
    return format_html(
        "{}{}{}",
        _symbol(part.mark, x + 10, y - 6),
        _text(x + 27, y - 0.5, [part.state], size=15, weight=600),
        "" if part.mark is Mark.NOT_RELEVANT else _bar(part, x=x, y=y + 9, width=width),
    )


def _bar(part: Part, *, x: float, y: float, width: float) -> SafeString:
    look = LOOKS[part.mark]
    return format_html(
        '<rect x="{0}" y="{1}" width="{2}" height="5" rx="2.5" fill="#fff" stroke="{3}" stroke-width=".8"/>'
        '<rect x="{0}" y="{1}" width="{4}" height="5" rx="2.5" fill="{3}"/>',
        x,
        y,
        round(width),
        look.edge,
        round(width * part.share),
    )


def _box(mark: Mark, *, x: float, y: float, width: float, height: float) -> SafeString:
    look = LOOKS[mark]
    return format_html(
        '<rect class="guide-area" x="{}" y="{}" width="{}" height="{}" rx="8" fill="{}" stroke="{}" stroke-width="1.5"'
        ' stroke-dasharray="{}"/>',
        x,
        y,
        width,
        height,
        look.area,
        look.edge,
        look.dashes,
    )


def _symbol(mark: Mark, x: float, y: float, *, scale: float = 1) -> SafeString:
    return format_html('<g transform="translate({} {}) scale({})">{}</g>', x, y, scale, LOOKS[mark].symbol)


def _arrow(x1: float, y1: float, x2: float, y2: float) -> SafeString:
    towards = 1 if y2 > y1 else -1
    return format_html(
        '<path d="M{0} {1}V{2}M{3} {4}L{0} {2}L{5} {4}" fill="none" stroke="{6}" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round"/>',
        x1,
        y1,
        y2,
        x2 - 5,
        y2 - 6 * towards,
        x2 + 5,
        ARROW,
    )


def _link(url: str, content: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<a class="guide-link" href="{}">{}</a>', url, format_html_join("", "{}", ((piece,) for piece in content))
    )


def _text(
    x: float, y: float, lines: Sequence[str | Promise], *, size: float, weight: int = 400, fill: str = INK
) -> SafeString:
    spans = format_html_join(
        " ",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((x, round(y + place * size * LINE, 1), line) for place, line in enumerate(lines)),
    )
    return format_html('<text font-size="{}" font-weight="{}" fill="{}">{}</text>', size, weight, fill, spans)


def wrapped(text: str | Promise, *, size: float, width: float, bold: bool = False) -> list[str]:
    """Return the text in lines that are about `width` wide at a font of `size`; a longer word stands alone."""
    lines = [""]
    for word in str(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size=size, bold=bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def text_width(text: str, *, size: float, bold: bool = False) -> float:
    """Return about how wide a line of the page's typeface is; rather too much than too little."""
    ems = sum(
        0.32 if letter in NARROW else 0.86 if letter in WIDE else 0.67 if letter.isupper() else 0.57 for letter in text
    )
    return ems * size * (1.05 if bold else 1)

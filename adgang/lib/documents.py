"""A document as its writers take it (`adgang.lib.pdf`, `adgang.lib.odt`): headings, paragraphs, lists and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the title's) to 3."""

    text: Text
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `quiet` for what only explains."""

    text: Text
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: Sequence[Text]


@dataclass(frozen=True)
class Table:
    """A table with a row of heads; `widths` are shares of the line."""

    header: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    widths: Sequence[float]


Block = Heading | Paragraph | Bullets | Table


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document with its title, language ("da") and what stands at the foot of every page."""

    title: Text
    language: str
    foot: Text
    blocks: Sequence[Block] = field(default_factory=list)

"""Writing a document as PDF: real text in an embedded typeface, title, language, and bookmarks for its headings.

The writer has no tags for assistive technology; what it can give them, it gives. The page on the portal is the
accessible form.
"""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import CondPageBreak, Flowable, ListFlowable, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Written
from reportlab.platypus import Table as Drawn

from adgang.lib.documents import Block, Bullets, Document, Heading, Paragraph, Table, Text

FONT, BOLD = "Vera", "VeraBd"  # free typefaces that come with the writer, with every Danish letter
MARGIN = 18 * mm
LEAST_BELOW = 45 * mm  # of room on a page for a heading and the beginning of what follows it
INK, SOFT, LINE, HEAD = HexColor("#1a1a1a"), HexColor("#454d52"), HexColor("#b7bfc4"), HexColor("#eef1f3")


@cache
def _style(name: str) -> ParagraphStyle:
    for font, file in ((FONT, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
        if font not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(font, file))
    body = {"fontName": FONT, "fontSize": 9.5, "leading": 13, "textColor": INK, "spaceAfter": 4}
    headed = {"fontName": BOLD}
    styles: dict[str, dict[str, Any]] = {
        "body": {},
        "quiet": {"textColor": SOFT},
        "cell": {"fontSize": 8, "leading": 10.5, "spaceAfter": 0},
        "head": {"fontName": BOLD, "fontSize": 8, "leading": 10.5, "spaceAfter": 0},
        "h1": {**headed, "fontSize": 19, "leading": 24, "spaceAfter": 8},
        "h2": {**headed, "fontSize": 13, "leading": 17, "spaceBefore": 12, "spaceAfter": 5},
        "h3": {**headed, "fontSize": 10.5, "leading": 14, "spaceBefore": 8, "spaceAfter": 3},
    }
    return ParagraphStyle(name, **(body | styles[name]))


def render(document: Document) -> bytes:
    """Return the document as a PDF file of A4 pages."""
    stream = BytesIO()
    template = SimpleDocTemplate(
        stream,
        pagesize=A4,
        title=str(document.title),
        author="Adgang",
        lang=document.language,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        displayDocTitle=1,
    )

    def foot(canvas: Any, _template: Any) -> None:
        canvas.setFont(FONT, 7.5)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, MARGIN / 2, str(document.foot))
        canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, str(canvas.getPageNumber()))

    _style("body")
    title = Heading(document.title, level=1)
    flow = [piece for block in [title, *document.blocks] for piece in _flowables(block)]
    template.build(flow, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


class _Bookmarked(Written):  # type: ignore[misc]  # reportlab is untyped
    """A heading that the reader's outline leads to."""

    def __init__(self, heading: Heading) -> None:
        super().__init__(_text(heading.text), _style(f"h{heading.level}"))
        self.heading = heading

    def draw(self) -> None:
        """Draw the heading, and name its place."""
        place = f"h{id(self)}"
        self.canv.bookmarkPage(place)
        self.canv.addOutlineEntry(str(self.heading.text), place, level=self.heading.level - 1)
        super().draw()


def _flowables(block: Block) -> Iterator[Flowable]:
    match block:
        case Heading():
            # Kept with a whole table, a heading would leave the page before it empty.
            yield CondPageBreak(LEAST_BELOW)
            yield _Bookmarked(block)
        case Paragraph():
            yield Written(_text(block.text), _style("quiet" if block.quiet else "body"))
        case Bullets():
            items = [Written(_text(item), _style("body")) for item in block.items]
            yield ListFlowable(items, bulletType="bullet", bulletFontName=FONT, bulletFontSize=7, leftIndent=12)
        case Table():
            yield _table(block)
            yield Spacer(1, 6)


def _table(block: Table) -> Drawn:
    room = A4[0] - 2 * MARGIN - 12
    head = [Written(_text(cell), _style("head")) for cell in block.header]
    rows = [[Written(_text(cell), _style("cell")) for cell in row] for row in block.rows]
    return Drawn(
        [head, *rows],
        colWidths=[room * share / sum(block.widths) for share in block.widths],
        repeatRows=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("GRID", (0, 0), (-1, -1), 0.5, LINE),
            ("BACKGROUND", (0, 0), (-1, 0), HEAD),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ],
    )


def _text(text: Text) -> str:
    """Return a text as the writer's markup; what no typeface shows is left out."""
    kept = "".join(letter for letter in str(text) if letter.isprintable() or letter in "\n\N{NO-BREAK SPACE}")
    return escape(kept).replace("\n", "<br/>")

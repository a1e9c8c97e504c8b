"""Writing a document as OpenDocument text (ODF 1.2), which word processors open and change."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from adgang.lib.documents import Block, Bullets, Document, Heading, Paragraph, Table, Text

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
COUNTRY = {"da": "DK", "en": "GB"}
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
    )
)
NAMESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
LINE_CM = 17.0


def render(document: Document) -> bytes:
    """Return the document as an ODT file."""
    stream = BytesIO()
    parts = {"content.xml": _content(document), "styles.xml": _styles(document), "meta.xml": _meta(document)}
    with ZipFile(stream, "w", ZIP_DEFLATED) as file:
        # First and not compressed: programs know the kind of file by these bytes (ODF 1.2, part 3, §3.3).
        file.writestr("mimetype", MEDIA_TYPE, compress_type=ZIP_STORED)
        for name, text in parts.items():
            file.writestr(name, text)
        file.writestr("META-INF/manifest.xml", _manifest(list(parts)))
    return stream.getvalue()


def _xml(root: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {NAMESPACES} office:version="1.2">{inner}</{root}>'


def _manifest(parts: Sequence[str]) -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{MEDIA_TYPE}"/>'
        f"{entries}</manifest:manifest>"
    )


def _meta(document: Document) -> str:
    inner = f"<dc:title>{_text(document.title)}</dc:title><dc:language>{document.language}</dc:language>"
    return _xml("office:document-meta", f"<office:meta>{inner}</office:meta>")


def _styles(document: Document) -> str:
    language = f'fo:language="{document.language}" fo:country="{COUNTRY.get(document.language, "none")}"'
    paragraph = (
        '<style:style style:name="{0}" style:family="paragraph" style:parent-style-name="Standard"{1}>{2}</style:style>'
    )
    return _xml(
        "office:document-styles",
        "<office:styles>"
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.15cm"/>'
        f'<style:text-properties fo:font-family="Arial" fo:font-size="10pt" {language}/></style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph"/>'
        + paragraph.format("Quiet", "", '<style:text-properties fo:color="#454d52"/>')
        + paragraph.format("Head", "", '<style:text-properties fo:font-weight="bold"/>')
        + "".join(
            paragraph.format(
                f"Heading_{level}",
                f' style:default-outline-level="{level}"',
                f'<style:paragraph-properties fo:margin-top="0.4cm" fo:keep-with-next="always"/>'
                f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="bold"/>',
            )
            for level, size in ((1, 20), (2, 14), (3, 11))
        )
        + "</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"'
        ' fo:margin="2cm"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer>'
        f'<text:p text:style-name="Quiet">{_text(document.foot)} · <text:page-number/></text:p>'
        "</style:footer></style:master-page></office:master-styles>",
    )


def _content(document: Document) -> str:
    tables = [block for block in document.blocks if isinstance(block, Table)]
    columns = "".join(_column_styles(number, table) for number, table in enumerate(tables, 1))
    cell = (
        '<style:style style:name="Cell" style:family="table-cell">'
        '<style:table-cell-properties fo:border="0.5pt solid #b7bfc4" fo:padding="0.1cm"/></style:style>'
    )
    numbers = iter(range(1, len(tables) + 1))
    body = "".join(_written(block, numbers) for block in [Heading(document.title, level=1), *document.blocks])
    return _xml(
        "office:document-content",
        f"<office:automatic-styles>{cell}{columns}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body>",
    )


def _column_styles(number: int, table: Table) -> str:
    return "".join(
        f'<style:style style:name="T{number}.{place}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{LINE_CM * share / sum(table.widths):.2f}cm"/></style:style>'
        for place, share in enumerate(table.widths, 1)
    )


def _written(block: Block, numbers: Iterator[int]) -> str:
    match block:
        case Heading():
            return (
                f'<text:h text:style-name="Heading_{block.level}" text:outline-level="{block.level}">'
                f"{_text(block.text)}</text:h>"
            )
        case Paragraph():
            return _paragraph(block.text, "Quiet" if block.quiet else "Standard")
        case Bullets():
            items = "".join(f"<text:list-item>{_paragraph(item)}</text:list-item>" for item in block.items)
            return f"<text:list>{items}</text:list>"
        case Table():
            return _table(block, next(numbers))


def _paragraph(text: Text, style: str = "Standard") -> str:
    return f"<text:p text:style-name={quoteattr(style)}>{_text(text)}</text:p>"


def _table(block: Table, number: int) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="T{number}.{place}"/>' for place in range(1, len(block.widths) + 1)
    )
    head = f"<table:table-header-rows>{_row(block.header, 'Head')}</table:table-header-rows>"
    rows = "".join(_row(row) for row in block.rows)
    return f'<table:table table:name="T{number}">{columns}{head}{rows}</table:table>'


def _row(cells: Sequence[Text], style: str = "Standard") -> str:
    inner = "".join(
        f'<table:table-cell table:style-name="Cell" office:value-type="string">{_paragraph(cell, style)}'
        "</table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row>{inner}</table:table-row>"


def _text(text: Text) -> str:
    """Return a text for XML, without what XML does not hold."""
    kept = "".join(letter for letter in str(text) if letter.isprintable() or letter == "\n")
    return escape(kept).replace("\n", "<text:line-break/>")

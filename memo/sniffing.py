"""What a file is, by its extension, by what it is said to be, and by its first bytes."""

import re

# Extension → the media types that go with it, the usual one first.
MEDIA_TYPES: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "txt": ("text/plain",),
    "html": ("text/html", "application/xhtml+xml"),
    "htm": ("text/html", "application/xhtml+xml"),
    "xml": ("application/xml", "text/xml"),
    "doc": ("application/msword",),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    "odt": ("application/vnd.oasis.opendocument.text",),
    "xls": ("application/vnd.ms-excel",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet",),
    "ppt": ("application/vnd.ms-powerpoint",),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    "odp": ("application/vnd.oasis.opendocument.presentation",),
    "rtf": ("application/rtf", "text/rtf"),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "gif": ("image/gif",),
    "tif": ("image/tiff",),
    "tiff": ("image/tiff",),
    "bmp": ("image/bmp", "image/x-ms-bmp"),
    "ics": ("text/calendar",),
    "csv": ("text/csv",),
    "json": ("application/json",),
    "zip": ("application/zip",),
}
EXTENSIONS = frozenset(MEDIA_TYPES) - {"htm", "ics", "csv", "json", "zip"}

BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
ZIP = b"PK\x03\x04"
ODF = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.[a-z-]+)")
OOXML = (
    (b"word/", MEDIA_TYPES["docx"][0]),
    (b"xl/", MEDIA_TYPES["xlsx"][0]),
    (b"ppt/", MEDIA_TYPES["pptx"][0]),
)
OLE = "application/x-ole-storage"
OLE_TYPES = frozenset(MEDIA_TYPES[one][0] for one in ("doc", "xls", "ppt"))
OFFICE = "application/zip"
OFFICE_TYPES = frozenset(
    type_ for type_ in (MEDIA_TYPES[one][0] for one in ("docx", "xlsx", "pptx", "odt", "ods", "odp"))
)
TEXTUAL = frozenset(
    ("text/plain", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/csv", "text/calendar")
) | {"application/json", "application/rtf", "text/rtf"}
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)", re.IGNORECASE | re.DOTALL)
XML = re.compile(rb"\s*<(?:\?xml|[a-zA-Z_!])")


def extension(filename: str) -> str:
    """Return the extension of a file name in small letters, "" for none."""
    stem, dot, last = filename.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def sniff(first: bytes) -> str:
    """Return the media type that the first bytes tell; text is "text/plain", "" stands for what nothing tells.

    An Office file whose kind does not show in its beginning is "application/zip".
    """
    for beginning, type_ in BEGINNINGS:
        if first.startswith(beginning):
            return type_
    if first.startswith(ZIP):
        return _archive(first)
    body = first.removeprefix(MARKS[0])
    if first.startswith(MARKS[1:]):
        return "text/plain"
    if CONTROL.search(body):
        return ""
    if HTML.match(body):
        return "text/html"
    return "application/xml" if XML.match(body) else "text/plain"


def _archive(first: bytes) -> str:
    if odf := ODF.search(first[:200]):
        return odf.group(1).decode()
    for part, type_ in OOXML:
        if part in first:
            return type_
    return OFFICE


def goes_with(sniffed: str, expected: tuple[str, ...]) -> bool:
    """Say whether what the first bytes tell can be a file of one of the expected media types."""
    if not sniffed or sniffed in expected:
        return bool(sniffed)
    wanted = set(expected)
    if sniffed == OLE:
        return bool(wanted & OLE_TYPES)
    if sniffed == OFFICE:
        return bool(wanted & (OFFICE_TYPES | {OFFICE}))
    # Every text may begin as any other: an XML file may be plain text, an HTML file lack its first element.
    return sniffed in TEXTUAL and bool(wanted & TEXTUAL)

"""Documents are judged by their content; hostile ones get a clear refusal, and cost little."""

import re
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from organisations.access_requests import papers
from tests.factories.access_requests import PDF, picture

PNG, JPEG = picture(), picture(format_="JPEG")


def code(content):
    """Return the code of the refusal, or the kind of document."""
    found = papers.read(content)
    return found.media_type if isinstance(found, papers.Paper) else found.code


def pdf(inner: bytes) -> bytes:
    return PDF.replace(b"/Catalog", b"/Catalog " + inner)


def object_stream(plain: bytes, *, head: bytes = b"/Filter /FlateDecode") -> bytes:
    packed = zlib.compress(plain)
    return pdf(b"").replace(
        b"trailer",
        b"2 0 obj <</Type /ObjStm /N 1 /First 4 %b /Length %d>>\nstream\n%b\nendstream endobj\ntrailer"
        % (head, len(packed), packed),
    )


def test_good_documents():
    assert [code(content) for content in (PDF, PNG, JPEG)] == ["application/pdf", "image/png", "image/jpeg"]
    assert papers.read(PDF).preview is None


@pytest.mark.parametrize("content", [PNG, JPEG, picture((3000, 2000), "JPEG")], ids=["png", "jpeg", "large"])
def test_previews_are_made_anew_and_small(content):
    with Image.open(BytesIO(papers.read(content).preview)) as preview:
        assert preview.format == "JPEG"
        assert max(preview.size) <= papers.PREVIEW_SIDE


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(side: int) -> bytes:
    """Return a PNG whose header promises a picture of that side; what is inside hardly matters."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return papers.PNG_SIGNATURE + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


HOSTILE = {
    "nothing": (b"", "document.empty"),
    "too large": (PDF + bytes(papers.MAX_BYTES), "document.too_large"),
    "program": (b"MZ\x90\x00" + bytes(100), "document.wrong_type"),
    "html": (b"<html><script>alert(1)</script>", "document.wrong_type"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "document.wrong_type"),
    "gif": (picture(format_="GIF"), "document.wrong_type"),
    "pdf late": (b"MZ" + PDF, "document.wrong_type"),
    "png and zip": (PNG + b"PK\x03\x04", "document.more_than_one"),
    "jpeg and zip": (JPEG + b"PK\x03\x04" + bytes(30) + b"x", "document.more_than_one"),
    "pdf and zip": (PDF + b"PK\x03\x04" + bytes(5000), "document.more_than_one"),
    "cut png": (PNG[:-20], "document.more_than_one"),
    "broken png": (PNG[:40] + b"xxxx" + PNG[44:], "document.broken"),
    "cut pdf": (PDF[:-7], "document.broken"),
    "pixel bomb": (bomb(60_000), "document.too_many_pixels"),
    "promises more": (bomb(3_000), "document.broken"),
    "encrypted": (pdf(b"/Encrypt 5 0 R"), "document.locked"),
    "script": (pdf(b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), "document.active"),
    "escaped script": (pdf(b"/OpenAction <</S /J#61vaScript /JS (x)>>"), "document.active"),
    "launch": (pdf(b"/AA <</O <</S /Launch /F (cmd.exe)>>>>"), "document.active"),
    "form that sends": (pdf(b"/A <</S/SubmitForm/F(http://x)>>"), "document.active"),
    "xfa": (pdf(b"/AcroForm <</XFA 7 0 R>>"), "document.active"),
    "hidden in an object stream": (object_stream(b"1 0 <</S /JavaScript /JS (x)>>"), "document.active"),
    "hidden behind a false stream": (pdf(b"% stream\n/S /JavaScript\n% endstream\n"), "document.active"),
    "object stream by a strange filter": (
        object_stream(b"1 0 <<>>", head=b"/Filter [/ASCIIHexDecode /FlateDecode]"),
        "document.not_readable",
    ),
    "escaped object stream": (
        object_stream(b"1 0 <</S /JavaScript>>").replace(b"/ObjStm", b"/Obj#53tm"),
        "document.not_readable",
    ),
    "object stream bomb": (object_stream(bytes(papers.MAX_INFLATED + 10)), "document.not_readable"),
    "object stream without end": (pdf(b"/ObjStm /Filter /FlateDecode stream\n"), "document.not_readable"),
}


@pytest.mark.parametrize(("content", "wanted"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_are_refused_by_name(content, wanted):
    assert code(content) == wanted


def test_ordinary_links_forms_and_object_streams_are_taken():
    assert code(pdf(b"/A <</S /URI /URI (https://example.org)>> /AcroForm <</Fields []>>")) == "application/pdf"
    assert code(object_stream(b"1 0 <</Type /Page>>")) == "application/pdf"
    assert code(PDF + b"\n" * 20) == "application/pdf"


@pytest.mark.parametrize("piece", [b"<<", b"stream\n", b"/ObjStm ", b"#41", b"obj", b"/ObjStm stream\n"])
def test_repeated_pieces_are_judged_in_passing(piece):
    """Ten million bytes of what a careless search would go through again and again; linear work ends at once."""
    content = PDF[:-7] + piece * ((papers.MAX_BYTES - len(PDF) - 10) // len(piece)) + b"\n%%EOF\n"
    assert code(content) in ("application/pdf", "document.not_readable")


@given(st.binary(max_size=300), st.sampled_from([PDF, PNG, JPEG]), st.integers(0, 400))
def test_anything_gets_an_answer(noise, document, place):
    spoilt = document[:place] + noise + document[place + len(noise) :]
    assert re.fullmatch(r"document\.\w+|image/png|image/jpeg|application/pdf", code(spoilt))

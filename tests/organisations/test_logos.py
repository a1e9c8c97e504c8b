"""Logos: judged by the header, encoded anew."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from adgang.lib.findings import Finding
from organisations import logos


def png(width=40, height=20, **options):
    file = BytesIO()
    Image.new("RGB", (width, height), "#0b4a58").save(file, format="PNG", **options)
    return file.getvalue()


def read(content):
    found = logos.read(BytesIO(content))
    return found.code if isinstance(found, Finding) else found


def test_a_picture_is_encoded_anew_without_what_else_was_in_it():
    extra = PngInfo()
    extra.add_text("Comment", "hemmelig", zip=False)
    fresh = read(png(pnginfo=extra, icc_profile=b"hemmelig"))
    with Image.open(BytesIO(fresh)) as picture:
        assert (picture.format, picture.size) == ("PNG", (40, 20))
    assert b"hemmelig" not in fresh
    assert b"iCCP" not in fresh


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return logos.SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo.not_png"),
        (b"GIF89a" + bytes(100), "logo.not_png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.not_png"),
        (b"-----BEGIN PRIVATE KEY-----" + bytes(64), "logo.not_png"),
        (png() + bytes(logos.MAX_BYTES), "logo.too_large"),
        (png(1001, 10), "logo.too_wide"),
        (bomb(60_000, 60_000), "logo.too_wide"),
        (bomb(1000, 1000), "logo.broken"),
        (png()[:60], "logo.broken"),
    ],
    ids=range(9),
)
def test_what_is_refused(content, code):
    assert read(content) == code


def test_a_second_header_does_not_make_it_larger_than_the_first_says():
    begun = png()[: len(logos.SIGNATURE) + 25]
    assert read(begun + png(2000, 2000)[len(logos.SIGNATURE) :]) == "logo.broken"


def test_the_largest_that_is_allowed():
    assert isinstance(read(png(1000, 1000)), bytes)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=8))
def test_a_mutated_picture_never_raises(changes):
    content = bytearray(png())
    for position, byte in changes:
        content[position % len(content)] = byte
    assert isinstance(logos.read(BytesIO(bytes(content))), bytes | Finding)

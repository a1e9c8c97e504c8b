"""Hostile files without end: sound messages, containers, tables and pictures, spoiled by dice; and bombs."""

import io
import lzma
import random
import struct
import tarfile
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image

from adgang.lib.exports import csv_lines
from adgang.lib.workbooks import xlsx_bytes
from contacts import exporting
from memo import containers, letter_columns
from memo.elements import Version
from memo.messages import MainDocument
from tests.factories.hostile import MUTATIONS, SEED
from tests.factories.messages import body, file, full, header, message, written

MEGABYTE = 1024 * 1024
KINDS = ("memo", "container", "csv", "letters", "xlsx", "png")
# An Excel file is opened in a process of its own, which takes half a second: most of the dice fall elsewhere.
WEIGHTS = (40, 10, 17, 17, 2, 14)


@dataclass(frozen=True)
class HostileFile:
    """A spoiled file, and which kind of upload it pretends to be."""

    kind: str
    content: bytes


def files(count: int, *, limit: int = 256 * 1024) -> Iterator[HostileFile]:
    """Yield every bomb, and then spoiled files until there are `count`, always the same ones."""
    yield from bombs()
    dice = random.Random(SEED)
    for _ in range(count - len(bombs())):
        kind = dice.choices(KINDS, WEIGHTS)[0]
        yield HostileFile(kind, spoiled(dice.choice(originals()[kind]), dice, limit))


def spoiled(content: bytes, dice: random.Random, limit: int) -> bytes:
    """Return the content with some of it changed, doubled, cut or put elsewhere."""
    data = bytearray(content)
    for _ in range(dice.choice([1, 1, 2, 4, 16])):
        dice.choice((*MUTATIONS, *TEXTUAL))(data, dice)
        data = data[: limit + 1] or bytearray(b"0")
    return bytes(data)


def _insert(data: bytearray, dice: random.Random) -> None:
    """Put in what the parsers of texts, tables and markup stumble over."""
    at = dice.randrange(len(data))
    data[at:at] = dice.choice(PIECES)


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]
    data += b"0" if not data else b""


PIECES = (
    *(b"<", b">", b"&", b"]]>", b"<!--", b"<![CDATA[", b"&#0;", b"</memo:File>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>"),
    *(b'"', b"'", b";", b"\r", b"\n", b"\t", b"|", b"\\", b"/ ", b"=1+1", b"#REF!", b"9" * 5000, b"\0", b"\xff\xfe"),
    *("\N{RIGHT-TO-LEFT OVERRIDE}\N{COMBINING ACUTE ACCENT}\N{PILE OF POO}".encode(), b"\xed\xa0\x80", b"\xc0\x80"),
)
TEXTUAL: tuple[Callable[[bytearray, random.Random], None], ...] = (_insert, _insert, _insert, _cut)


@cache
def originals() -> dict[str, tuple[bytes, ...]]:
    """Return what is spoiled, by kind: made once per process."""
    picture = png(64, 64)
    pictures = MainDocument(
        file=(file("a.png", picture), file("b.gif", _picture("GIF")), file("c.jpg", _picture("JPEG")))
    )
    right, new = written(), written(full(Version.V1_2))
    wrapped = b"<kombi_request><KombiValgKode>2</KombiValgKode>" + right.partition(b"?>")[2] + b"</kombi_request>"
    wide = right.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    return {
        "memo": (right, new, wrapped, wide, written(message(message_body=body(main_document=pictures)))),
        "container": (container(3), container(30)),
        "csv": (_structure("utf-8"), _structure("cp1252"), _structure("utf-16")),
        "letters": (_letters("utf-8"), _letters("cp1252")),
        "xlsx": tuple(exporting.template(exporting.Format.XLSX)),
        "png": (picture, png(300, 200)),
    }


def _structure(encoding: str) -> bytes:
    text = b"".join(exporting.template(exporting.Format.CSV)).decode()
    return text.encode(encoding, errors="replace")


def _letters(encoding: str) -> bytes:
    header_row = [column.name for column in letter_columns.COLUMNS]
    return "".join(csv_lines(header_row, letter_columns.template() * 5)).encode(encoding, errors="replace")


def container(count: int) -> bytes:
    """Return a container of so many messages."""
    ids = [uuid.UUID(int=number, version=4) for number in range(count)]
    letters = ((id_, written(message(message_header=header(message_uuid=id_)))) for id_ in ids)
    out = io.BytesIO()
    containers.write(letters, out)
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """Return a picture that has that size in truth."""
    return _picture("PNG", (width, height))


def _picture(form: str, size: tuple[int, int] = (32, 32)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form)
    return out.getvalue()


# --- Small files that want to become large ---


@cache
def bombs() -> tuple[HostileFile, ...]:
    """Return files whose damage is in what they become."""
    lol = b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n, n - 1, n - 1) for n in range(1, 40))
    head = b'<memo:Message xmlns:memo="https://DigitalPost.dk/MeMo-1" memoVersion="1.1" memoSchVersion="1.1.0">'
    large = png(4400, 4400)
    many = MainDocument(file=tuple(file(f"{number}.png", large) for number in range(8)))
    return (
        HostileFile("memo", b'<!DOCTYPE a [<!ENTITY l0 "lol">' + lol + b"]><a>&l39;</a>"),
        HostileFile("memo", head + b"<a>" * 100_000),
        HostileFile("memo", head + b"<memo:MessageHeader " + b" ".join(b'a%d=""' % n for n in range(50_000))),
        HostileFile("memo", head + b"<memo:AdditionalDocument/>" * 10_000),
        HostileFile("memo", b'<?xml version="1.0" encoding="UTF-7"?>' + head),
        HostileFile("memo", written(message(message_body=body(main_document=many)))),
        HostileFile("container", lzma_bomb(512)),
        HostileFile("container", container_of_small(20_000)),
        HostileFile("csv", b"navn\r\n" + b'"' + b"a\r\n" * 80_000),
        HostileFile("csv", b";".join(b"k%d" % number for number in range(40_000)) + b"\r\n"),
        HostileFile("csv", b"navn;gruppe\r\n" + b"\r\n".join(b"A;" + b"a/" * 500 for _ in range(200))),
        HostileFile("letters", b"navn\r\n" + b"\r\n".join(b"B%d" % number for number in range(2_000))),
        HostileFile("letters", b"navn;koder\r\nA;" + b"KLE:1|" * 40_000),
        HostileFile("xlsx", _zip_bomb()),
        HostileFile("png", _lying_png()),
    )


def lzma_bomb(megabytes: int) -> bytes:
    """Return a container whose one entry is so many megabytes of nothing."""
    out = io.BytesIO()
    with lzma.LZMAFile(out, "wb", format=lzma.FORMAT_ALONE, filters=containers.FILTERS) as packed:
        entry = tarfile.TarInfo(f"{uuid.uuid4()}.xml")
        entry.size = megabytes * MEGABYTE
        packed.write(entry.tobuf(tarfile.PAX_FORMAT))
        for _ in range(megabytes):
            packed.write(bytes(MEGABYTE))
    return out.getvalue()


def container_of_small(count: int) -> bytes:
    """Return a container of very many entries that are nothing."""
    out = io.BytesIO()
    entry = tarfile.TarInfo("a.xml")
    entry.size = 5
    one = entry.tobuf(tarfile.PAX_FORMAT) + b"<a/>\n".ljust(512, b"\0")
    with lzma.LZMAFile(out, "wb", format=lzma.FORMAT_ALONE, filters=containers.FILTERS) as packed:
        for _ in range(count):
            packed.write(one)
    return out.getvalue()


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    sheet = xlsx_bytes("Ark", ["navn"], [["A"]])
    with zipfile.ZipFile(io.BytesIO(sheet)) as sound, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sound.namelist():
            archive.writestr(name, bytes(150 * MEGABYTE) if name.endswith("sheet1.xml") else sound.read(name))
    return out.getvalue()


def _lying_png() -> bytes:
    """Return a picture whose second header says that it is larger than the first did."""
    whole = png(8, 8)
    data = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(data)) + b"IHDR" + data + struct.pack(">I", zlib.crc32(b"IHDR" + data))
    return whole[:33] + chunk + whole[33:]

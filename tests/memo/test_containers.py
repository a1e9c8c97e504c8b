"""Containers: written as the format has it, read as a stream, and refused by name when they are something else."""

import gzip
import io
import lzma
import random
import tarfile
import tracemalloc
import uuid

import pytest

from memo import containers
from memo.containers import Bounds, Entry
from memo.reports import Limits
from tests.factories.messages import AT, header, message, written

pytestmark = pytest.mark.once


def letter(**values):
    id_ = uuid.uuid4()
    return id_, written(message(message_header=header(message_uuid=id_, **values)))


def packed(*letters):
    out = io.BytesIO()
    containers.write(letters, out)
    return out.getvalue()


def checked(content, **how):
    *entries, outcome = containers.check_container(io.BytesIO(content), at=AT, limits=Limits(), **how)
    return entries, outcome


def faults(entry):
    return [one.code for one in entry.report.findings if one.severity != "info"]


def test_what_is_written_is_read():
    letters = [letter() for _ in range(3)]
    entries, outcome = checked(packed(*letters))
    assert [entry.name for entry in entries] == [f"{id_}.xml" for id_, _content in letters]
    assert all(isinstance(entry, Entry) and entry.report.valid and faults(entry) == [] for entry in entries)
    assert (outcome.findings, outcome.entries) == ([], 3)


def test_it_is_the_format_of_digital_post():
    content = packed(letter())
    assert content[0] == 0x5D
    assert int.from_bytes(content[1:5], "little") == 16 * 1024 * 1024
    assert content[5:13] == b"\xff" * 8  # the size is not known: it ends with a mark
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(content, lzma.FORMAT_ALONE))) as archive:
        (member,) = archive.getmembers()
        assert member.isreg()
        assert uuid.UUID(member.name.removesuffix(".xml")).version == 4


def test_no_uuid_twice():
    one = letter()
    entries, _ = checked(packed(one, letter(), one))
    assert [faults(entry) for entry in entries] == [[], [], ["memo.container.twice"]]


def test_a_name_that_is_not_the_uuid():
    _id, content = letter()
    entries, _ = checked(packed((uuid.uuid4(), content)))
    assert faults(entries[0]) == ["memo.container.name"]


def test_every_message_is_checked():
    _id, content = letter()
    entries, outcome = checked(packed(letter(), (uuid.uuid4(), content[:500]), (uuid.uuid4(), b"")))
    assert [entry.report.valid for entry in entries] == [True, False, False]
    assert outcome.entries == 3


def tar(**members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def alone(content, **filters):
    return lzma.compress(content, lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "preset": 3} | filters])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: lzma.compress(b"x" * 1000), "memo.container.format"),
        (lambda: gzip.compress(b"x" * 1000), "memo.container.format"),
        (lambda: b"PK\x03\x04" + b"x" * 600, "memo.container.format"),
        (lambda: tar(a=b"x"), "memo.container.format"),
        (lambda: b"<memo:Message/>" * 50, "memo.container.format"),
        (lambda: alone(b"ingen tar" * 500), "memo.container.no_tar"),
        (lambda: alone(tar()), "memo.container.empty"),
        (lambda: packed(letter())[:-30], "memo.container.truncated"),
        (lambda: packed(letter())[:200] + b"\0" * 300, "memo.container.damaged"),
        (lambda: b"\x5d\0\0\0\x40" + b"\xff" * 8 + packed(letter())[13:], "memo.container.dictionary"),
    ],
)
def test_what_is_no_container(content, code):
    _entries, outcome = checked(content())
    assert [one.code for one in outcome.findings] == [code]


def test_a_bomb_is_stopped():
    bomb = alone(tar(a=b"\0" * 5_000_000))
    assert len(bomb) < 10_000
    inside = (content for _name, content in containers.messages(io.BytesIO(bomb), bounds=Bounds(total=1_000_000)))
    with pytest.raises(containers.Refused) as refused:
        next(inside).read()
    assert refused.value.finding.code == "memo.container.large"


def test_too_many_messages():
    _entries, outcome = checked(packed(letter(), letter(), letter()), bounds=Bounds(entries=2))
    assert [one.code for one in outcome.findings] == ["memo.container.many"]


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_SPARSE])
def test_headers_without_end_are_not_read(kind):
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = kind, 20_000_000
    bomb = alone(entry.tobuf() + b"\0" * 20_000_000)
    tracemalloc.start()
    _entries, outcome = checked(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.code for one in outcome.findings] == ["memo.container.no_tar"]
    assert peak < 10_000_000


def test_links_and_folders_are_passed_over():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE):
            entry = tarfile.TarInfo("../../etc/passwd")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    assert checked(alone(out.getvalue()))[0] == []


def test_a_container_is_told_from_a_message():
    assert containers.is_container(packed(letter())[:512])
    assert containers.is_container(lzma.compress(b"x"))
    assert not containers.is_container(written()[:512])
    assert not containers.is_container(b"")


@pytest.mark.parametrize("seed", range(3))
def test_no_container_is_a_fault_of_ours(seed):
    chance = random.Random(seed)
    original = packed(letter(), letter())
    for _ in range(100):
        data = bytearray(original)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        checked(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]))

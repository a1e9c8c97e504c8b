"""Files that nobody should send: refused in words, in bounded time and memory, whatever they are."""

import random
import tracemalloc

import pytest

from memo.elements import Version
from memo.reports import Limits
from tests.factories.messages import check, codes, full, message, written

pytestmark = pytest.mark.once

CONTENT = written().index(b"<memo:content>") + len(b"<memo:content>")
END = written().index(b"</memo:content>")
HEAD = b'<memo:Message xmlns:memo="https://DigitalPost.dk/MeMo-1" memoVersion="1.1" memoSchVersion="1.1.0">'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "memo.file.empty"),
        (b" \r\n", "memo.file.empty"),
        (b"%PDF-1.7", "memo.file.not_xml"),
        (b"PK\x03\x04", "memo.file.not_xml"),
        (b'{"a": 1}', "memo.file.not_xml"),
        (b"hej", "memo.file.not_xml"),
        (b"<html><body/></html>", "memo.root.unknown"),
        (b'<Message xmlns="https://DigitalPost.dk/MeMo-2"/>', "memo.root.unknown"),
        (b"<Message/>", "memo.root.unknown"),
        (b"<kombi_request><KombiValgKode>1</KombiValgKode></kombi_request>", "memo.root.unknown"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "memo.xml.doctype"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', "memo.xml.doctype"),
        (HEAD, "memo.xml.truncated"),
        (HEAD[:-20], "memo.xml.truncated"),
        (HEAD + b"<memo:MessageHeader>&eget;", "memo.xml.entity"),
        (HEAD + b"</memo:Andet>", "memo.xml.mismatch"),
        (HEAD + b"a & b", "memo.xml.letter"),
        (HEAD + b"\x00", "memo.xml.letter"),
        (HEAD + b"\xff\xfe", "memo.xml.letter"),
        (HEAD + b"<ukendt:a/>", "memo.xml.unbound"),
        (HEAD + b'<memo:a b="1" b="2"/>', "memo.xml.attribute_twice"),
        (HEAD + b"&#0;", "memo.xml.reference"),
        (b" " + b'<?xml version="1.0"?><a/>', "memo.xml.declaration"),
        (b'<?xml version="1.0" encoding="EBCDIC-XX"?><a/>', "memo.xml.encoding"),
        (b'<?xml version="1.0" encoding="shift_jis"?><a/>', "memo.xml.encoding"),
        (b'<?xml version="1.0" encoding="base64"?><a/>', "memo.xml.encoding"),
        (HEAD + b"<a>" * 70, "memo.xml.deep"),
        (HEAD + b"<memo:MessageHeader x='" + b"y" * 3_000_000, "memo.xml.token"),
        (HEAD + b"<!--" + b"y" * 3_000_000, "memo.xml.token"),
    ],
)
def test_what_is_no_message(data, code):
    report = check(data)
    assert [one.code for one in report.findings if one.severity == "error"][-1:] == [code]
    assert report.message is None
    assert not report.valid


def test_something_after_the_end():
    assert codes(written() + b"<a/>") == ["memo.xml.after_end"]


def test_entities_are_never_expanded():
    lol = b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n, n - 1, n - 1) for n in range(1, 40))
    report = check(b'<!DOCTYPE a [<!ENTITY l0 "lol">' + lol + b"]><a>&l39;</a>")
    assert [one.code for one in report.findings] == ["memo.xml.doctype"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_that_are_declared_are_read(encoding):
    text = written().decode().replace("UTF-8", "UTF-8" if encoding == "utf-8-sig" else encoding)
    report = check(text.encode(encoding))
    assert report.valid
    assert report.message == message()
    assert ("memo.xml.other_encoding" in [one.code for one in report.findings]) is (encoding != "utf-8-sig")


def test_a_wrapped_message_is_checked_and_that_is_said():
    inner = written().partition(b"?>")[2]
    report = check(b"<kombi_request><KombiValgKode>2</KombiValgKode>" + inner + b"</kombi_request>")
    assert report.valid
    assert report.wrapped
    assert report.message == message()
    assert "memo.wrapped" in [one.code for one in report.findings]


def test_a_second_message_is_not_passed_over():
    inner = written().partition(b"?>")[2]
    report = check(b"<kombi_request><KombiValgKode>2</KombiValgKode>" + inner * 2 + b"</kombi_request>")
    assert [one.code for one in report.findings if one.severity == "error"] == ["memo.wrapped.several"]


@pytest.mark.parametrize("blank", ["\u00a0", "&#160;", "\u2003"])
def test_only_the_blanks_of_xml_stand_between_elements(blank):
    data = written().replace(b"</memo:messageType>", b"</memo:messageType>" + blank.encode())
    assert codes(data) == ["memo.text.unexpected"]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_are_counted_alike_within_a_content(end, monkeypatch):
    data = written()[:CONTENT] + end.join([b"", *(written()[at : at + 4] for at in range(CONTENT, END, 4))])
    data += written()[END:].replace(b"<memo:filename>bilag", b"<memo:filename>b?lag")
    lines = set()
    for size in (1, 3, 10_000):
        monkeypatch.setattr("memo.checking.CHUNK", size)
        lines |= {one.line for one in check(data).findings if one.code == "memo.filename.letters"}
    expected = data[: data.index(b"b?lag")].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    assert lines == {expected}


def test_unusual_prefixes_are_said_once():
    data = written(full()).replace(b"memo:", b"m:").replace(b"xmlns:memo", b"xmlns:m")
    found = [one for one in check(data).findings if one.code == "memo.xml.prefix"]
    assert [one.finding.params["prefix"] for one in found] == ["m"]
    assert codes(data) == []
    bare = written().replace(b"memo:", b"").replace(b"xmlns:memo", b"xmlns")
    assert codes(bare, notes=True) == ["memo.xml.no_prefix", "memo.xml.no_schema_location"]


def test_instructions_are_passed_over():
    assert codes(written().replace(b"?>\n", b"?>\n<?xml-stylesheet href='a'?>", 1)) == []


def test_a_million_siblings_take_no_memory_to_speak_of():
    many = b"<memo:AdditionalDocument/>" * 20_000
    data = written().replace(b"</memo:MessageBody>", many + b"</memo:MessageBody>")
    tracemalloc.start()
    report = check(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not report.valid
    assert report.findings[-1].code == "memo.findings.more"
    assert peak < 30_000_000


def test_reading_ends_at_the_limit():
    assert "memo.file.large" in codes(written(), limits=Limits(stop=1000))


@pytest.mark.parametrize("seed", range(4))
def test_no_file_is_a_fault_of_ours(seed):
    """2,000 mutated messages: bytes changed, cut, doubled, put elsewhere."""
    chance = random.Random(seed)
    originals = [written(), written(full(Version.V1_2)), written().decode().replace("UTF-8", "UTF-16").encode("utf-16")]
    for _ in range(500):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 8)):
            at, to = sorted(chance.randrange(len(data)) for _ in range(2))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : min(to, at + 40)]
                case 2:
                    data[at:at] = data[at : min(to, at + 200)]
                case _:
                    data[to:to] = chance.choice(
                        [b"<", b">", b"&", b"]]>", b"<!--", b"<![CDATA[", b"\0", b"</memo:File>"]
                    )
        report = check(bytes(data), keep=100)
        assert all(one.finding.message for one in report.findings[:3])


ODD_CONTENTS = {
    "folded": lambda text: b"\n" + text[:5] + b"\r\n\t" + text[5:] + b"\n",
    "in CDATA": lambda text: b"<![CDATA[" + text + b"]]>",
    "with a comment": lambda text: text[:4] + b"<!-- <memo:content>x -->" + text[4:],
    "with a reference": lambda text: text[:4] + b"&#10;" + text[4:],
    "that begins with a reference": lambda text: b"&#82;" + text,
    "with letters of its own": lambda text: text[:7] + b"*" + text[7:],
    "with bytes that are no text": lambda text: text[:7] + b"\xff" + text[7:],
    "with an element": lambda text: text + b"<memo:content>QQ==</memo:content>",
    "that is empty": lambda text: b"",
}


@pytest.mark.parametrize("change", ODD_CONTENTS.values(), ids=ODD_CONTENTS)
def test_a_content_reads_alike_however_the_file_comes(change, monkeypatch):
    """Base64 goes past the parser; where a piece of the file ends must make no difference."""
    data = written()[:CONTENT] + change(written()[CONTENT:END]) + written()[END:]
    for spaced in (data, data.replace(b"<memo:content>", b"<memo:content >", 1)):
        told = set()
        for size in (1, 2, 3, 5, 7, 14, 15, 16, 60, 10_000):
            monkeypatch.setattr("memo.checking.CHUNK", size)
            report = check(spaced, keep=10_000)
            found = [(one.code, one.path, one.line) for one in report.findings if one.severity == "error"]
            read = [(file.sha256, file.size) for file in report.message.files()] if report.message else None
            told.add(str((found, read)))
        assert len(told) == 1

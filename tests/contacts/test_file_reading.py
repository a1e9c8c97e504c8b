"""Files as people have them: Excel, JSON and CSV told apart, damages named, hostile ones refused."""

import datetime as dt
import io
import json
import random
import zipfile

import pytest
from openpyxl import Workbook

from contacts import file_reading, xlsx_reading
from contacts.sheets import MAX_CELLS, Sheet

pytestmark = pytest.mark.once

HEADER = ["type", "navn", "koder", "postkasse og emne", "antal vedhæftninger"]


def workbook(*rows, **sheets):
    """Return an XLSX file of one sheet with the header, and others by title."""
    book = Workbook()
    sheet = book.active
    for row in [HEADER, *rows]:
        sheet.append(row)
    for title, cells in sheets.items():
        book.create_sheet(title).append(cells)
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def found(sheet: Sheet):
    return [(fault.row, fault.column, fault.finding.code) for fault in sheet.faults]


def codes(content):
    return [fault.finding.code for fault in file_reading.read(content).faults]


def test_a_workbook_is_read_as_it_is():
    sheet = file_reading.read(
        workbook(["punkt", "Pas", "KLE:27.03.08", None, 5], [None] * 5, ["gruppe", " Ø ", "", "", ""])
    )
    assert sheet.faults == []
    assert [(number, row["navn"], row["antal vedhæftninger"]) for number, row in sheet.rows] == [
        (2, "Pas", "5"),
        (4, "Ø", ""),
    ]
    assert sheet.encoding == "Excel (XLSX)"


def test_what_excel_has_made_of_cells_is_named_with_row_and_column():
    content = workbook(
        ["punkt", dt.date(2026, 4, 3), dt.date(2026, 4, 4), dt.time(12, 34), None],
        ["punkt", "=A1", None, 12345678901234567890, 2.5],
    )
    sheet = file_reading.read(content)
    assert found(sheet) == [
        (2, "navn", "excel.date_cell"),
        (2, "koder", "excel.date_cell"),
        (2, "postkasse og emne", "excel.date_cell"),
        (3, "navn", "excel.formula"),
        (3, "postkasse og emne", "excel.precision"),
    ]
    assert "=A1" in sheet.faults[3].finding.message
    assert sheet.rows[1][1]["antal vedhæftninger"] == "2,5"


def test_numbers_keep_the_zeros_that_their_format_shows():
    book = Workbook()
    book.active.append(["navn", "koder"])
    book.active.append(["Pas", 123])
    book.active["B2"].number_format = "00000"
    assert file_reading.read(saved(book)).rows == [(2, {"navn": "Pas", "koder": "00123"})]


def test_truth_values_are_words():
    book = Workbook()
    book.active.append(["navn", "aktiv"])
    book.active.append(["Pas", False])
    assert file_reading.read(saved(book)).rows[0][1]["aktiv"] == "nej"


def test_text_that_looks_like_a_formula_stays_text():
    book = Workbook()
    book.active.append(["navn"])
    book.active.append(["x"])
    book.active["A2"].value, book.active["A2"].data_type = "=1+1", "s"
    assert file_reading.read(saved(book)).rows == [(2, {"navn": "=1+1"})]


def test_other_sheets_are_named():
    sheet = file_reading.read(workbook(["punkt", "Pas", "", "", ""], Noter=["husk"], Tomt=[]))
    assert [(fault.finding.code, fault.finding.params["others"]) for fault in sheet.faults] == [("file.sheets", 1)]
    assert len(sheet.rows) == 1


def test_a_cell_beyond_the_header_is_named():
    assert found(file_reading.read(workbook(["punkt", "Pas", "", "", "", "mere"]))) == [(2, "", "row.cells")]


def test_a_row_without_end_is_refused():
    book = Workbook()
    book.active.append(["navn"] + ["x"] * MAX_CELLS)
    assert codes(saved(book)) == ["file.wide", "file.empty"]


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def with_member(content, name, data):
    """Return a workbook in which one part is replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: archive(word__document_xml="<w/>"), "file.not_sheet"),
        (lambda: archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "file.ods"),
        (lambda: archive(mimetype="application/vnd.oasis.opendocument.text"), "file.not_sheet"),
        (lambda: workbook()[:-200], "file.damaged"),
        (lambda: with_member(workbook(), "xl/workbook.xml", b"<nonsense/>"), "file.damaged"),
        (lambda: with_member(workbook(), "xl/worksheets/sheet1.xml", b"\0" * 30_000_000), "file.bomb"),
        (
            lambda: with_member(
                workbook(), "xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
            ),
            "file.hostile",
        ),
        (lambda: archive(**{f"f{number}": "" for number in range(300)}, xl__workbook_xml="<x/>"), "file.bomb"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.old_excel"),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0", "file.not_text"),
        (lambda: b" " * (file_reading.MAX_BYTES + 1), "file.large"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(content, code):
    assert codes(content()) == [code]


def test_a_part_that_lies_about_its_size_costs_no_memory(monkeypatch):
    """The archive's own list of sizes is somebody's word; the process has a limit of its own."""
    packed = with_member(workbook(), "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 60_000_000)
    lying = bytearray(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        member = opened.getinfo("xl/worksheets/sheet1.xml")
    central = lying.rindex(b"PK\x01\x02", 0, lying.rindex(b"xl/worksheets/sheet1.xml"))
    assert int.from_bytes(lying[central + 24 : central + 28], "little") == member.file_size
    lying[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    assert xlsx_reading.archive_fault(bytes(lying)) == ""
    assert codes(bytes(lying)) in (["file.damaged"], ["file.bomb"])


def test_json_states_only_what_it_says():
    rows = [
        {"type": "gruppe", "navn": "Borger"},
        {"navn": "Pas", "gruppe": [["Ind/ud", "Ydelser"], ["Borger"]], "aktiv": True, "søgeord": ["a|b", "c"]},
        {"navn": "Top", "gruppe": [], "antal vedhæftninger": 3, "største besked i mb": 2.5, "beskrivelse": None},
    ]
    sheet = file_reading.read(json.dumps({"kontaktstruktur": rows}).encode("utf-8-sig"))
    assert sheet.faults == []
    assert [row for _number, row in sheet.rows] == [
        {"type": "gruppe", "navn": "Borger"},
        {"navn": "Pas", "gruppe": "Ind\\/ud / Ydelser | Borger", "aktiv": "ja", "søgeord": "a\\|b|c"},
        {"navn": "Top", "gruppe": "", "antal vedhæftninger": "3", "største besked i mb": "2,5", "beskrivelse": ""},
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"kontaktstruktur": [', [(None, "", "file.not_json")]),
        ('{"andet": []}', [(None, "", "file.json_form")]),
        ("[1, 2]", [(None, "", "file.json_form")]),
        ("[]", [(None, "", "file.empty")]),
        ("[" * 5000, [(None, "", "file.json_form")]),
        ('[{"navn": "A", "farve": "blå"}]', [(1, "farve", "column.unknown")]),
        ('[{"navn": {"da": "A"}}]', [(1, "navn", "row.json_value")]),
        ('[{"navn": "A", "gruppe": ["Borger", ["Ydelser"]]}]', [(1, "gruppe", "row.json_value")]),
        ('[{"beskrivelse": "A"}]', [(None, "navn", "column.missing")]),
        ('[{"navn": "A", "Navn": "B"}]', [(1, "navn", "column.twice")]),
    ],
)
def test_faults_of_json_are_named(text, expected):
    assert found(file_reading.read(text.encode())) == expected


def test_unicode_text_from_excel_is_read():
    sheet = file_reading.read("navn\tbeskrivelse\r\nPas\tÆøå\r\n".encode("utf-16"))
    assert (sheet.encoding, sheet.separator, sheet.rows[0][1]["beskrivelse"]) == ("UTF-16 (BOM)", "\t", "Æøå")


@pytest.mark.parametrize("seed", range(3))
def test_no_file_is_a_fault_of_ours(seed):
    """Mutated files of every format are read or refused, never more."""
    chance = random.Random(seed)
    texts = [
        json.dumps([{"navn": "Pas", "gruppe": [["Borger"]], "koder": ["KLE:27.03.08"]}]).encode(),
        "navn;koder\r\nPas;KLE:27.03.08\r\n".encode("utf-16"),
        b'navn;koder\r\n"Pas";KLE:27.03.08\r\n',
    ]
    for _ in range(200):
        data = bytearray(chance.choice(texts))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file_reading.read(bytes(data))
    book = workbook(["punkt", "Pas", "KLE:27.03.08", "1:2", 5])
    for _ in range(10):
        data = bytearray(book)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file_reading.read(bytes(data))

"""Files that leave a list: nothing in them runs, everything in them comes back."""

import csv
import datetime as dt
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from adgang.lib import exports, workbooks

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from("'=+-@\t\r\n;\""), max_size=40)


@given(TEXTS)
def test_guard_is_undone_by_unguard(text):
    assert exports.unguard(exports.guard(text)) == text


@given(TEXTS)
def test_guarded_text_never_begins_a_formula(text):
    assert not exports.guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("plain", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("'n Sted", "'n Sted"),
        ("5-4", "5-4"),
        ("", ""),
    ],
)
def test_guard(plain, guarded):
    assert exports.guard(plain) == guarded


@given(st.lists(st.lists(TEXTS.filter(lambda text: "\0" not in text), min_size=2, max_size=2), max_size=5))
def test_csv_comes_back_as_it_was(rows):
    text = "".join(exports.csv_lines(["A", "B"], rows)).removeprefix("\ufeff")
    read = list(csv.reader(StringIO(text, newline=""), delimiter=";"))
    assert [[exports.unguard(cell) for cell in row] for row in read] == [["A", "B"], *rows]


def test_csv_opens_right_in_a_danish_excel():
    moment = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)
    with translation.override("da"):
        text = "".join(
            exports.csv_lines(["Navn", "Aktiv"], [["Ærø; Å", True], [moment, None], [dt.date(2026, 1, 2), 7]])
        )
    assert text == '\ufeffNavn;Aktiv\r\n"Ærø; Å";Ja\r\n23-11-2026 14:05;\r\n02-01-2026;7\r\n'


def sheet(rows):
    return openpyxl.load_workbook(BytesIO(workbooks.xlsx_bytes("Systemer", ["Navn", "Værdi"], rows))).active


def test_xlsx_keeps_text_as_text():
    cells = sheet([["=HYPERLINK(1)", "+45"], ["-5", "@SUM"]])
    assert [(cell.value, cell.data_type) for row in cells.iter_rows(min_row=2) for cell in row] == [
        ("=HYPERLINK(1)", "s"),
        ("+45", "s"),
        ("-5", "s"),
        ("@SUM", "s"),
    ]


def test_xlsx_keeps_numbers_and_times():
    cells = sheet([[5, dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)], [True, None]])
    with translation.override("da"):
        assert [cell.value for row in cells.iter_rows(min_row=2) for cell in row] == [
            5,
            dt.datetime(2026, 11, 23, 14, 5),  # noqa: DTZ001 - spreadsheets know no zones
            "Ja",
            None,
        ]


def test_xlsx_survives_what_a_cell_cannot_hold():
    cells = sheet([["a\x00b\x08c", "x" * 40_000]])
    assert cells["A2"].value == "abc"
    assert len(cells["B2"].value) == workbooks.MAX_CELL


@pytest.mark.parametrize(("title", "made"), [("Systemer/2026", "Systemer 2026"), ("", "Adgang"), ("x" * 40, "x" * 31)])
def test_sheet_title(title, made):
    assert workbooks.sheet_title(title) == made

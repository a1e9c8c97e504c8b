"""Lists, paths and codes in one cell; texts in the form in which they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import cells, codes
from contacts.csv_columns import COLUMNS, Refused, audiences, key, megabytes, size_text, yes_no
from contacts.texts import one_line, paragraphs
from contacts.values import Code

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20).map(one_line)
ENTRIES = TEXTS.filter(bool)


@given(st.lists(ENTRIES))
def test_lists_come_back(entries):
    assert cells.split_list(cells.join_list(entries)) == entries


@given(st.lists(st.lists(ENTRIES, min_size=1), min_size=1))
def test_paths_come_back(paths):
    written = cells.join_paths(cells.path_text(path) for path in paths)
    assert cells.split_paths(written) == [tuple(path) for path in paths]


@given(
    st.builds(
        Code, type=st.sampled_from(["SOR", "CUSTOM"]), code=ENTRIES, code_version=TEXTS, name=TEXTS, type_name=TEXTS
    )
)
def test_codes_come_back(code):
    assert codes.parse(codes.write(code)) == code
    assert [codes.parse(entry) for entry in cells.split_list(cells.join_list([codes.write(code)]))] == [code]


@given(st.text(max_size=30))
def test_reading_never_fails(text):
    cells.split_list(text)
    cells.split_paths(text)
    codes.fault(codes.parse(text))


@given(st.text(max_size=40))
def test_texts_have_one_form(text):
    assert one_line(one_line(text)) == one_line(text)
    assert paragraphs(paragraphs(text)) == paragraphs(text)


@pytest.mark.parametrize(
    ("cell", "paths"),
    [
        ("", [()]),
        ("Borger", [("Borger",)]),
        (" Borger/Ydelser | Ungdom ", [("Borger", "Ydelser"), ("Ungdom",)]),
        (r"Ind\/ud / A\|B / C\\D", [("Ind/ud", "A|B", r"C\D")]),
        ("| Borger", [(), ("Borger",)]),
        ("A / / B", [("A", "", "B")]),
    ],
)
def test_paths(cell, paths):
    assert cells.split_paths(cell) == paths


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("KLE:27.36.04", None),
        ("KLE:27.36.04 G01", None),
        ("kle 27.36.04g01", None),
        ("KLE:27.36", "code.form"),
        ("KLE:27.3.4", "excel.zeros"),
        ("FORM:12.34.56.78", None),
        ("FORM:1.2.3.4", "excel.zeros"),
        ("FORM:12.34.56", "code.form"),
        ("GLN:5790000000005", None),
        ("GLN:5790 0000 00005", None),
        ("GLN:5790000000006", "code.gln"),
        ("GLN:579000000000", "code.form"),
        ("GLN:5,79E+12", "excel.scientific"),
        ("SOR:123456789012345678", None),
        ("SOR:12a", "code.form"),
        ("SOR:3-4", "excel.date"),
        ("KLE:03-04-2026", "excel.date"),
        ("KLE:apr-27", "excel.date"),
        ("CUSTOM:B12:::Afdeling", None),
        ("CUSTOM:B12", "code.label"),
        ("GLN:", "code.missing"),
        ("ABC:1", "code.type"),
        ("27.36.04", "code.type"),
        ("CUSTOM:" + "x" * 51 + ":::L", "code.long"),
        ("KLE:２７.36.04", "code.form"),
    ],
)
def test_codes(code, fault):
    found = codes.fault(codes.parse(code))
    assert (found.code if found else None) == fault


def test_columns_are_known_by_any_spelling():
    assert {key(name) for name in ("Søgeord", "SOEGEORD", "søge-ord", " søge_ord ")} == {"soegeord"}
    assert len({key(column.name) for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize(("text", "size"), [("25", "25"), ("0,5", "0,5"), ("2.50", "2,5"), ("100", "100")])
def test_sizes(text, size):
    assert size_text(megabytes(text)) == size


@pytest.mark.parametrize("text", ["0", "-1", "NaN", "Infinity", "1,234", "10000", "1e5", "stor"])
def test_what_is_no_size(text):
    with pytest.raises(Refused):
        megabytes(text)


def test_words_of_cells():
    assert (yes_no("JA"), yes_no("Falsk"), yes_no(" 1 ")) == (True, False, True)
    assert audiences("Borgere, virksomhed") == {
        "for_citizens": True,
        "for_companies": True,
        "for_authorities": False,
    }

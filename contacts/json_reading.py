"""From a JSON file to rows of cells: a list of objects whose properties are the columns.

`{"kontaktstruktur": [{"type": "punkt", "gruppe": [["Borger", "Ydelser"]], "navn": "Pas", "aktiv": true, …}, …]}`; the
list alone will do. What a property does not say is left as it is, so each object may state different ones. A place is
a list of names from the top; lists need no separators. What `write` makes of cells, `read` makes into the same cells.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from contacts import cells
from contacts.csv_columns import BY_KEY, Column, Kind, key
from contacts.sheets import MAX_ROWS, MOST_UNKNOWN, Sheet, require_name, unknown

LIST_OF_ROWS = "kontaktstruktur"
PLACES = "gruppe"
SWITCHES = frozenset({"aktiv", "synlig", "organisatorisk enhed"})
LISTS = frozenset({"målgrupper", "søgeord", "koder", "ekstra oplysninger", "postkasse og emne", "postkasser"})
WORDS = {"ja": True, "nej": False}


class NoCell(Exception):
    """A value that no cell can hold."""


def read(content: bytes) -> Sheet:
    """Return the rows of a JSON file with every fault of its form; never raises."""
    sheet = Sheet(encoding="JSON")
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        sheet.refuse("file.not_json", line=error.lineno, character=error.colno)
        return sheet
    except (UnicodeDecodeError, RecursionError, ValueError):
        sheet.refuse("file.json_form")
        return sheet
    rows = value.get(LIST_OF_ROWS) if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        sheet.refuse("file.json_form")
    elif len(rows) > MAX_ROWS:
        sheet.refuse("file.rows", limit=MAX_ROWS)
    elif not rows:
        sheet.refuse("file.empty")
    else:
        _take(sheet, rows)
    return sheet


def _take(sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    columns: dict[str, Column | None] = {}
    for number, row in enumerate(rows, start=1):
        for name in row:
            if name not in columns:
                columns[name] = _column(name, number, columns, sheet)
        sheet.rows.append((number, _cells(number, row, columns, sheet)))
    sheet.columns = [column for column in columns.values() if column]
    require_name(sheet, None)


def _column(name: str, number: int, known: Mapping[str, Column | None], sheet: Sheet) -> Column | None:
    column = BY_KEY.get(key(name))
    if column is None and len(sheet.faults) < MOST_UNKNOWN:
        sheet.faults.append(unknown(name, number))
    elif column is not None and column in known.values():
        sheet.refuse("column.twice", row=number, column=column.name)
        return None
    return column


def _cells(number: int, row: dict[str, Any], columns: Mapping[str, Column | None], sheet: Sheet) -> dict[str, str]:
    made = {}
    for name, value in row.items():
        if column := columns[name]:
            try:
                made[column.name] = _cell(column.name, value)
            except NoCell:
                sheet.refuse("row.json_value", row=number, column=column.name)
    return made


def _cell(column: str, value: Any) -> str:
    """Return the text of a cell. Raises `NoCell`."""
    if isinstance(value, list):
        return _places(value) if column == PLACES else cells.join_list(_plain(item) for item in value)
    return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case str():
            return value.strip()
        case int() | float():
            return f"{value}".replace(".", ",")
        case _:
            raise NoCell


def _places(value: list[Any]) -> str:
    """Return the cell of one place (a list of names) or of several (a list of lists)."""
    paths: Iterable[Any] = value if any(isinstance(item, list) for item in value) or not value else [value]
    return cells.join_paths(_path(path) for path in paths)


def _path(path: Any) -> str:
    if not isinstance(path, list) or not all(isinstance(name, str) for name in path):
        raise NoCell
    return cells.path_text(path)


def write(kind: Kind, row: Mapping[Column, str]) -> dict[str, Any]:
    """Return the object of a row of cells: what is not for its kind is left out."""
    return {column.name: _value(column.name, text) for column, text in row.items() if kind in column.kinds}


def _value(column: str, text: str) -> Any:
    if column == PLACES:
        return [list(path) for path in cells.split_paths(text)]
    if column in LISTS:
        return cells.split_list(text)
    return WORDS.get(text, text) if column in SWITCHES else text

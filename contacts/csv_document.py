"""docs/contact-import.md, made from the table of columns."""

from pathlib import Path

from django.conf import settings
from django.utils import translation

from contacts.csv_columns import COLUMNS, Column, Kind
from contacts.file_reading import MAX_BYTES
from contacts.sheets import MAX_CELLS, MAX_ROWS

PATH = Path(settings.BASE_DIR) / "docs" / "contact-import.md"

HEAD = f"""\
# Import of a contact structure

Made from `contacts/csv_columns.py` by `manage.py contact_columns`; do not edit by hand.

An Excel workbook (XLSX), a CSV file or a JSON file describes groups and contact points, one a row; which of them it is
is told by its content. At most {MAX_ROWS:,} rows, {MAX_CELLS} columns and {MAX_BYTES // 1024 // 1024} MB.

- **Excel:** the first visible sheet is read, as it is shown: a number keeps the leading zeros of its format. Cells that
  Excel has turned into dates, formulas without a result and numbers of more than 15 digits are refused by name.
- **CSV** is read as UTF-8 (with or without byte order mark), Windows-1252 or Excel's Unicode text, with semicolons,
  commas or tabs between the cells; what was recognised is said.
- **JSON** is `{{"kontaktstruktur": [{{"navn": "Pas", "gruppe": [["Borger", "Ydelser"]], "aktiv": true, …}}, …]}}`: the
  columns are properties, a place is a list of names from the top, lists are lists. What an object does not state is
  left as it is.

```
manage.py import_contacts CVR FILE --dry-run    # every fault and every change; nothing is written
manage.py import_contacts CVR FILE              # all of it or nothing; exit 1 when something is refused
manage.py import_contacts CVR FILE --draft NAME # into a new draft, to be looked through and published on its page
manage.py export_contacts CVR --format xlsx     # or csv, json; imported again it is no difference
```

On the page *Kontaktstruktur → Importér* the dry run is shown first, and a template with every column can be downloaded.

## Rules

- Only `navn` is required. Leave out the columns that are not needed: a column that is absent changes nothing. An
  unknown column is an error.
- **With an ID a row changes** the group or contact point of that ID (here or in Digital Post); **without one it
  creates** something. An empty cell empties the value, save in `aktiv`, `synlig`, `organisatorisk enhed` and
  `modtagersystem`, where it leaves it as it is.
- What is not in the file stays as it is. Only the column `handling` hides and deletes.
- A row without ID whose name stands in the same place already is an error, unless "create anyway" is chosen.
- Groups are named by their path, `Borger / Ydelser / Kontanthjælp`, or by their ID. Groups that a path leads through
  and that do not exist are created. A path that several groups have is an error for whatever is not there already.
- Lists have `|` between their entries. Inside a name `/` and `|` are written `\\/` and `\\|`, a backslash `\\\\`.
- Codes that Excel has damaged (lost leading zeros, `5,79E+12`, dates) are recognised and refused.
- A cell that begins with `=`, `+`, `-`, `@` is exported with an apostrophe before it, so that no spreadsheet runs it;
  the import takes it away.

## Columns

| column | for | what stands in it | example |
| --- | --- | --- | --- |
"""


def document() -> str:
    """Return the text of the document."""
    with translation.override("en"):
        return HEAD + "".join(f"{_row(column)}\n" for column in COLUMNS)


KINDS = {Kind.GROUP: "groups", Kind.POINT: "contact points"}


def _row(column: Column) -> str:
    kinds = " and ".join(KINDS[kind] for kind in Kind if kind in column.kinds)
    cells = [f"`{column.name}`", kinds, column.help, f"`{column.example}`"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

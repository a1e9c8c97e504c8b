"""Registering many organisations from a CSV file: all of it or nothing, and every fault at once.

The file is UTF-8 with a header; columns are divided by semicolon or comma, as Danish or other Excels write them.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from adgang.lib.cvr import digits
from adgang.lib.exports import unguard
from adgang.lib.findings import Finding, finding
from organisations import inviting, registering
from organisations.callers import Caller
from organisations.models import Invitation, Organisation
from organisations.privileges import USER_ADMINISTRATOR

REQUIRED = ("cvr_number", "name")
# What a column may be called in a Danish file.
ALIASES = {
    "cvr": "cvr_number",
    "cvr-nummer": "cvr_number",
    "navn": "name",
    "type": "type",
    "myndighedstype": "authority_type",
    "branchekode": "industry_code",
    "juridisk kontakt": "legal_contact_name",
    "juridisk kontakt e-mail": "legal_contact_email",
    "juridisk kontakt telefon": "legal_contact_phone",
    "brugeradministrator": "administrator_name",
    "brugeradministrator e-mail": "administrator_email",
}
COLUMNS = (
    "cvr_number",
    "name",
    "type",
    "authority_type",
    "industry_code",
    "legal_contact_name",
    "legal_contact_email",
    "legal_contact_phone",
    "administrator_name",
    "administrator_email",
)
LIMITS = {
    "name": 200,
    "industry_code": 10,
    "legal_contact_name": 200,
    "legal_contact_email": 254,
    "legal_contact_phone": 30,
    "administrator_name": 200,
    "administrator_email": 254,
}
CHOICES = {"type": Organisation.Type.values, "authority_type": Organisation.AuthorityType.values}


@dataclass(frozen=True)
class Fault:
    """What is wrong in the file: the row as a spreadsheet counts (the header is 1), the column or "", and why."""

    row: int
    column: str
    finding: Finding


@dataclass
class Imported:
    """What an import did or would do. With `faults` it did nothing."""

    created: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


Row = tuple[int, dict[str, str]]


def import_organisations(content: bytes, *, caller: Caller, dry_run: bool = False) -> Imported:
    """Create the file's organisations and invite their first user administrators, in one transaction.

    An organisation that exists is left as it is, so the same file can be imported again. With `dry_run` nothing is
    written, and the result is the same.
    """
    rows, faults = _read(content)
    done = Imported(faults=faults or list(_faults(rows)))
    if done.faults:
        return done
    with transaction.atomic():
        for _, row in rows:
            _import_row(row, caller=caller, done=done)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _read(content: bytes) -> tuple[list[Row], list[Fault]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Fault(1, "", finding("import.not_text"))]
    if "\0" in text:
        return [], [Fault(1, "", finding("import.not_text"))]
    lines = StringIO(text, newline=None)  # the line ends of every system
    header_line = lines.getvalue().partition("\n")[0]
    reader = csv.reader(lines, delimiter=";" if header_line.count(";") >= header_line.count(",") else ",")
    try:
        header = [_column(name) for name in next(reader, [])]
        if faults := list(_header_faults(header)):
            return [], faults
        rows = [
            (number, {name: unguard(" ".join(cell.split())) for name, cell in zip(header, cells, strict=False)})
            for number, cells in enumerate(reader, start=2)
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error:
        return [], [Fault(reader.line_num, "", finding("import.too_long", limit=csv.field_size_limit()))]
    return rows, [] if rows else [Fault(1, "", finding("import.empty"))]


def _column(name: str) -> str:
    plain = name.strip().lower()
    return ALIASES.get(plain, plain)


def _header_faults(header: list[str]) -> Iterator[Fault]:
    for name in header:
        if name not in COLUMNS:
            yield Fault(1, name, finding("import.unknown_column", column=name[:60], columns=list(COLUMNS)))
    for name in REQUIRED:
        if name not in header:
            yield Fault(1, name, finding("import.missing_column", column=name))


def _faults(rows: list[Row]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, row in rows:
        cvr = digits(row.get("cvr_number", ""))
        for column, check in CHECKS.items():
            if found := check(column, row):
                yield Fault(number, column, found)
        if cvr and cvr in seen:
            yield Fault(number, "cvr_number", finding("import.twice", cvr=cvr))
        seen.add(cvr)


def _check_cvr(column: str, row: Mapping[str, str]) -> Finding | None:
    return registering.cvr_fault(digits(row[column])) if row.get(column) else finding("import.missing")


def _check_name(column: str, row: Mapping[str, str]) -> Finding | None:
    return _check_length(column, row) if row.get(column) else finding("import.missing")


def _check_length(column: str, row: Mapping[str, str]) -> Finding | None:
    return finding("import.too_long", limit=LIMITS[column]) if len(row.get(column, "")) > LIMITS[column] else None


def _check_choice(column: str, row: Mapping[str, str]) -> Finding | None:
    value = row.get(column, "").upper()
    if value and value not in CHOICES[column]:
        return finding("import.no_choice", value=value[:60], choices=CHOICES[column])
    if column == "authority_type" and value and row.get("type", "").upper() == Organisation.Type.COMPANY:
        return finding("import.company_kind")
    return None


def _check_email(column: str, row: Mapping[str, str]) -> Finding | None:
    value = row.get(column, "")
    if not value:
        return finding("import.missing") if column == "administrator_email" and row.get("administrator_name") else None
    try:
        validate_email(value)
    except ValidationError:
        return finding("email.invalid", value=value[:100])
    return _check_length(column, row)


CHECKS: dict[str, Callable[[str, Mapping[str, str]], Finding | None]] = {
    "cvr_number": _check_cvr,
    "name": _check_name,
    "type": _check_choice,
    "authority_type": _check_choice,
    "industry_code": _check_length,
    "legal_contact_name": _check_length,
    "legal_contact_email": _check_email,
    "legal_contact_phone": _check_length,
    "administrator_name": _check_length,
    "administrator_email": _check_email,
}


def _import_row(row: Mapping[str, str], *, caller: Caller, done: Imported) -> None:
    cvr = digits(row["cvr_number"])
    label = f"{cvr} {row['name']}"
    made = registering.create(caller=caller, organisation=_organisation(cvr, row))
    if isinstance(made, Finding):
        done.present.append(label)
        return
    done.created.append(label)
    if registering.cvr_is_doubtful(cvr):
        done.doubtful.append(label)
    if email := row.get("administrator_email"):
        _invite(made, email, row.get("administrator_name") or email, caller=caller, done=done)


def _organisation(cvr: str, row: Mapping[str, str]) -> Organisation:
    return Organisation(
        cvr_number=cvr,
        name=row["name"],
        type=row.get("type", "").upper() or Organisation.Type.AUTHORITY,
        authority_type=row.get("authority_type", "").upper(),
        industry_code=row.get("industry_code", ""),
        legal_contact_name=row.get("legal_contact_name", ""),
        legal_contact_email=row.get("legal_contact_email", ""),
        legal_contact_phone=row.get("legal_contact_phone", ""),
    )


def _invite(organisation: Organisation, email: str, name: str, *, caller: Caller, done: Imported) -> None:
    made = inviting.invite(caller=caller, organisation=organisation, email=email, name=name, roles=[USER_ADMINISTRATOR])
    if isinstance(made, Invitation):
        done.invited.append(made.email)

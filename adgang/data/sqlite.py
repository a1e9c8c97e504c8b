"""A SQLite database copied while it is used, and put back."""

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections

from adgang.data.manifest import Unfit

BUSY_SECONDS = 30


def path_of() -> Path:
    """Return the database's file."""
    return Path(str(connections["default"].settings_dict["NAME"]))


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Let this thread's connection read another file for the block, outside any transaction."""
    connection = connections["default"]
    connection.close()
    own = connection.settings_dict
    connection.settings_dict = {**own, "NAME": str(path), "OPTIONS": {"timeout": BUSY_SECONDS}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own


def copy(source: Path, target: Path) -> None:
    """Copy a database, as of one moment, while others read and write it. Raises `Unfit` when the copy is not whole."""
    with closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)  # in one step: readers and writers of a write-ahead log do not wait for it
        other.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    check(target)


def check(path: Path) -> None:
    """Raise `Unfit` when the file is damaged or its references lead nowhere."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            raise Unfit(f"The database is damaged: {error}") from error
    if found != ["ok"] or loose:
        raise Unfit(f"The database is damaged: {found[0]}; {len(loose)} references lead nowhere.")


def pack(source: Path, target: Path) -> None:
    """Write a file's content compressed."""
    with source.open("rb") as plain, gzip.open(target, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)


def load(packed: Path, folder: Path) -> None:
    """Put a packed database in the place of the installation's own: all of it or nothing. Raises `Unfit`."""
    unpacked = folder / "database.sqlite3"
    with gzip.open(packed, "rb") as compressed, unpacked.open("wb") as plain:
        shutil.copyfileobj(compressed, plain, 1 << 20)
    check(unpacked)
    connections["default"].close()
    with (
        closing(sqlite3.connect(unpacked)) as one,
        closing(sqlite3.connect(path_of(), timeout=BUSY_SECONDS)) as other,
    ):
        try:
            one.backup(other)
        except sqlite3.OperationalError as error:
            raise Unfit(f"The database is in use: {error}. Stop the portal first.") from error
    unpacked.unlink()

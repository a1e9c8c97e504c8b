"""`python -m benchmarks [ID…] [--json FILE]`: measure, print the table; exit 0 when everything could be measured."""

import argparse
import importlib
import os
import platform
import shutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import report
from benchmarks.registry import BENCHMARKS, MODULES, Measurement


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when every benchmark asked for could be measured (whatever it found), else 1; 2 on misuse."""
    prepare()
    options = _options(arguments)
    wanted = options.ids or sorted(_usual(), key=lambda id: (id[:1], int(id[1:].rstrip("BC")), id))
    with database():
        measured = _measured(wanted)
    sys.stdout.write(f"{_where_and_when()}\n\n{report.as_table(measured)}\n")
    if options.json:
        report.write_json(options.json, measured)
    return 0 if len(measured) == len(wanted) else 1


def _usual() -> list[str]:
    return [id for id, entry in BENCHMARKS.items() if not entry.only_by_name]


def prepare() -> None:
    """Set Django up over the benchmarks' settings and import every benchmark."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    for module in MODULES:
        importlib.import_module(module)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = "; ".join(f"{entry.id}: {entry.title}" for entry in BENCHMARKS.values())
    parser.add_argument("ids", nargs="*", metavar="ID", type=str.upper, help=known.replace("%", "%%"))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    if unknown := [id for id in options.ids if id not in BENCHMARKS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    options.ids = list(dict.fromkeys(options.ids))
    return options


@contextmanager
def database() -> Iterator[None]:
    """Make the database that the benchmarks fill, and remove it with everything else they kept."""
    from django.conf import settings
    from django.db import connection

    name = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.close()
        connection.creation.destroy_test_db(name, verbosity=0)
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


def _measured(ids: list[str]) -> dict[str, Measurement]:
    measured = {}
    for id in ids:
        sys.stderr.write(f"{id}: {BENCHMARKS[id].title} …\n")
        try:
            measured[id] = BENCHMARKS[id].run()
        except Exception:
            sys.stderr.write(f"{id} could not be measured:\n{traceback.format_exc()}")
    return measured


def _where_and_when() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())

"""What the commands that judge files share: reading them, showing findings, and the exit codes.

0: everything accepted. 1: something refused. 2: wrong usage, or a file that cannot be read.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from adgang.lib.findings import Finding, Severity
from adgang.lib.uploads import CREDENTIAL_LIMIT

REFUSED, UNUSABLE = 1, 2
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}


def read_files(paths: Iterable[Path], *, limit: int = CREDENTIAL_LIMIT) -> list[tuple[Path, bytes]]:
    """Return the files with their content, at most one byte more than `limit`. Raises CommandError (exit code 2)."""
    return [(path, _read(path, limit)) for path in paths]


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=UNUSABLE) from None


def show_finding(stream: OutputWrapper, name: str, found: Finding) -> None:
    """Write a finding as a person reads it, with the file it concerns."""
    stream.write(f"{MARKS[found.severity]} {name}: {found.message} [{found.code}]")
    if found.remedy:
        stream.write(f"  → {found.remedy}")


def write_json(stream: OutputWrapper, results: Sequence[dict[str, Any]]) -> None:
    """Write one object for one file, a list for several; where the stream is no UTF-8, in ASCII alone."""
    plain = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    stream.write(json.dumps(results[0] if len(results) == 1 else list(results), ensure_ascii=plain, indent=2))


def finish(*, accepted: bool) -> None:
    """End the command with exit code 1 unless everything was accepted."""
    if not accepted:
        raise SystemExit(REFUSED)

"""Writing a backup while the portal runs: one file with the database as of one moment, and a signed manifest.

The keys (SECRET_KEY, ADGANG_FIELD_KEYS, ADGANG_EVENT_KEY) are not in it: with them, a lost backup would give away
everything that is encrypted. They are kept apart from the backups, as safely.
"""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from django.db import connection
from django.utils import timezone

from adgang.data import manifest, postgresql, sqlite
from adgang.data.manifest import Manifest, Unfit
from organisations import checkpoints

MANIFEST, DATABASE, CHECKPOINTS = "manifest.json", "database", "checkpoints/"
MANIFEST_LIMIT = 64 << 20
CHUNK = 1 << 20


def write(place: Path) -> tuple[Path, Manifest]:
    """Write a backup to the file, or into the folder under a name that tells its time; whole or not at all.

    Raises `Unfit` and OSError.
    """
    target = place / f"adgang-{timezone.now():%Y-%m-%dT%H%M%SZ}.backup" if place.is_dir() else place
    with tempfile.TemporaryDirectory(prefix=".adgang-backup-", dir=target.parent) as folder:
        content = Path(folder) / DATABASE
        said = _written(content, Path(folder))
        said = replace(said, sha256=digest(content), size=content.stat().st_size)
        packed = Path(folder) / "packed"
        _pack(packed, said, content)
        packed.replace(target)
    return target, said


def _written(content: Path, folder: Path) -> Manifest:
    if connection.vendor == "postgresql":
        with postgresql.snapshot() as moment:
            said = manifest.of_database()
            postgresql.dump(content, moment=moment)
        return said
    copy = folder / "copy.sqlite3"
    sqlite.copy(sqlite.path_of(), copy)
    with sqlite.reading(copy):
        said = manifest.of_database()
    sqlite.pack(copy, content)
    copy.unlink()
    return said


def _pack(target: Path, said: Manifest, content: Path) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            text = said.text().encode()
            about = tarfile.TarInfo(MANIFEST)
            about.size = len(text)
            tar.addfile(about, BytesIO(text))
            tar.add(content, DATABASE)
            for path in sorted(checkpoints.daily_path(timezone.localdate()).parent.glob("*.json")):
                tar.add(path, f"{CHECKPOINTS}{path.name}")
        file.flush()
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """Give the manifest of a backup, whose signature was found good, and the archive. Raises `Unfit` and OSError."""
    try:
        with tarfile.open(path) as tar:
            first = tar.next()
            text = tar.extractfile(first) if first and first.name == MANIFEST and first.isfile() else None
            if first is None or text is None or first.size > MANIFEST_LIMIT:
                raise Unfit("The file is not a backup of Adgang.")
            yield manifest.read(text.read().decode(errors="replace")), tar
    except (tarfile.TarError, EOFError) as error:
        raise Unfit("The file is not a backup of Adgang, or not a whole one.") from error


def extract(tar: tarfile.TarFile, said: Manifest, target: Path) -> None:
    """Write the database out of the archive. Raises `Unfit` when it is not the one that the manifest was made for."""
    member = next((one for one in tar if one.name == DATABASE and one.isfile()), None)
    source = tar.extractfile(member) if member else None
    if source is None:
        raise Unfit("The backup is not whole: its database is missing.")
    seal = hashlib.sha256()
    with target.open("wb") as file:
        while part := source.read(CHUNK):
            seal.update(part)
            file.write(part)
    if seal.hexdigest() != said.sha256:
        raise Unfit("The backup is not whole, or was changed: its database is not what its manifest says.")

"""What a backup says of itself: from which version and database, what was in it, where each chain of events ended.

It is signed with a key that is not in the database, as checkpoints are: whoever gets hold of a backup cannot change it
unseen, and an installation with another ADGANG_EVENT_KEY does not take it.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

import adgang
from adgang.lib import secrets
from adgang.lib.snapshots import as_json
from organisations import checkpoints, events

FORMAT = 1
PURPOSE = "adgang backup 1"
KEY_PURPOSE = "adgang event key name 1"


class Unfit(Exception):
    """The backup cannot be restored here; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`migrations`: those that its database had had; `rows`: how many of each table; `checkpoint`: see checkpoints."""

    format: int
    made: str
    version: str
    environment: str
    vendor: str
    server: str
    event_key: str
    field_key: str
    migrations: list[str]
    rows: dict[str, int]
    checkpoint: dict[str, Any]
    sha256: str = ""
    size: int = 0

    def text(self) -> str:
        """Return it as signed JSON."""
        body = asdict(self)
        signed = {**body, "signature": events.signature(body, purpose=PURPOSE)}
        return json.dumps(signed, indent=1, ensure_ascii=False) + "\n"


def of_database() -> Manifest:
    """Return what there is to say of the database, whose content must stand still meanwhile."""
    connection = connections["default"]
    return Manifest(
        format=FORMAT,
        made=as_json(timezone.now()),
        version=adgang.__version__,
        environment=settings.ADGANG_ENVIRONMENT,
        vendor=connection.vendor,
        server=".".join(map(str, connection.get_database_version())),
        event_key=event_key_name(),
        field_key=secrets.key_names()[0],
        migrations=sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations),
        rows=row_counts(),
        checkpoint=checkpoints.document(),
    )


def event_key_name() -> str:
    """Return what tells two event keys apart and gives neither away."""
    return events.signature({}, purpose=KEY_PURPOSE)[:16]


def row_counts(using: str = "default") -> dict[str, int]:
    """Return how many rows each table of a model has."""
    counts = {}
    with connections[using].cursor() as cursor:
        present = set(connections[using].introspection.table_names(cursor))
        for table in sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} & present):
            quoted = connections[using].ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {quoted}")  # noqa: S608 – a table of ours
            counts[table] = int(cursor.fetchone()[0])
    return counts


def read(text: str) -> Manifest:
    """Return the manifest in the text. Raises `Unfit` when it is none, was changed, or has another event key."""
    try:
        found = json.loads(text)
        signature = str(found.pop("signature"))
        if found.get("format") != FORMAT:
            raise Unfit(f"The backup has format {found.get('format')}; this version reads format {FORMAT}.")
        manifest = Manifest(**found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unfit("The file is not a backup of Adgang.") from error
    if manifest.event_key != event_key_name():
        raise Unfit("The backup was made with another ADGANG_EVENT_KEY; restore it with the key that was used then.")
    if not secrets.same(signature, events.signature(found, purpose=PURPOSE)):
        raise Unfit("The manifest of the backup was changed: its signature does not fit.")
    return manifest


def judge(manifest: Manifest) -> list[str]:
    """Return what to warn of before the backup is restored here. Raises `Unfit`."""
    connection = connections["default"]
    if manifest.vendor != connection.vendor:
        text = f"The backup is of {manifest.vendor}, DATABASE_URL names {connection.vendor}."
        raise Unfit(f"{text} Restore it where it came from; move_to_postgresql moves it on.")
    if manifest.environment != settings.ADGANG_ENVIRONMENT:
        raise Unfit(f"The backup is of an installation for {manifest.environment}, this one is for another purpose.")
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    rooms = {config.label for config in apps.get_app_configs()}
    if newer := [name for name in manifest.migrations if name.split(".")[0] in rooms and name not in known]:
        text = f"The backup was made by a newer version ({manifest.version}): this one does not know {newer[0]}."
        raise Unfit(f"{text} Install that version first.")
    if manifest.field_key not in secrets.key_names():
        return ["None of ADGANG_FIELD_KEYS is the one in force then: kept files and secrets will not be readable."]
    return []

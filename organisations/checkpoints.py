"""Checkpoints: the heads of all chains at a moment, signed, and kept where the database's owner cannot rewrite them.

Whoever owns the database could cut a chain's end together with its head. A checkpoint kept elsewhere (another
machine, the SIEM) shows it. The signing key is derived from ADGANG_EVENT_KEY, which is not in the database.
"""

import datetime as dt
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from adgang.lib.snapshots import JSON, as_json
from organisations import event_keys, event_seals, events
from organisations.models import EventHead

PURPOSE = "adgang event checkpoint 1"

log = structlog.get_logger(__name__)


class UnreadableCheckpoint(Exception):
    """The file is no checkpoint of this installation; the text says why, for whoever runs the command."""


@dataclass(frozen=True)
class Checkpoint:
    """A signed list of (chain, length, hash of the last entry)."""

    made: str
    heads: list[dict[str, Any]]

    def marks(self, organisation_id: uuid.UUID) -> dict[int, str]:
        """Return the hash that the entry of that number must have in the chain."""
        own = [head for head in self.heads if head["organisation"] == str(organisation_id) and head["seq"]]
        return {head["seq"]: head["hash"] for head in own}

    def chains(self) -> set[uuid.UUID]:
        """Return the chains that had entries when the checkpoint was made."""
        return {uuid.UUID(head["organisation"]) for head in self.heads if head["seq"]}


def _signature(body: JSON) -> str:
    return events.signature(body, purpose=PURPOSE)


def _is_signed(signed: str, body: dict[str, Any]) -> bool:
    """Say whether the checkpoint is ours: one made with a key that was replaced must be from before that."""
    if events.is_signed(signed, body, purpose=PURPOSE, keys=event_keys.current()):
        return True
    if not events.is_signed(signed, body, purpose=PURPOSE, keys=event_keys.replaced()):
        return False
    changed, made = event_seals.last_change(), parse_datetime(str(body["made"]))
    return changed is not None and made is not None and made <= changed


def document() -> dict[str, JSON]:
    """Return a checkpoint of now, signed."""
    heads = [
        {"organisation": str(head.pk), "seq": head.seq, "hash": head.hash} for head in EventHead.objects.order_by("pk")
    ]
    body = {"made": as_json(timezone.now()), "heads": heads}
    return {**body, "signature": _signature(body)}


def write(path: Path) -> dict[str, JSON]:
    """Write a checkpoint of now to the file, whole or not at all, and its signature to the log. Raises OSError."""
    checkpoint = document()
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside.write_text(json.dumps(checkpoint, indent=1) + "\n", encoding="utf-8")
    aside.replace(path)
    log.info("event_checkpoint", made=checkpoint["made"], chains=len(checkpoint["heads"]), mac=checkpoint["signature"])
    return checkpoint


def daily_path(day: dt.date) -> Path:
    """Return where the checkpoint of a day is kept."""
    return Path(settings.VAR_DIR) / "checkpoints" / f"{day.isoformat()}.json"


def newest() -> Checkpoint | None:
    """Return the newest of the daily checkpoints that can be read on this machine, or None."""
    for path in sorted(daily_path(timezone.localdate()).parent.glob("*.json"), reverse=True):
        try:
            return read(path)
        except (OSError, UnreadableCheckpoint):
            log.warning("event_checkpoint_unreadable", path=path.name)
    return None


def read(path: Path) -> Checkpoint:
    """Return the checkpoint in the file. Raises OSError, and `UnreadableCheckpoint` when it is none of ours."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        body = {"made": found["made"], "heads": found["heads"]}
        signature = found["signature"]
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableCheckpoint("the file is not a checkpoint") from error
    if not _is_signed(str(signature), body):
        raise UnreadableCheckpoint("the signature of the checkpoint does not fit")
    return Checkpoint(made=body["made"], heads=body["heads"])

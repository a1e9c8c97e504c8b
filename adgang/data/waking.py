"""What a database that was brought back must not do again, or must no longer open, and what the log tells of it.

It knows nothing of what happened after the backup: mails that it holds as waiting may have been sent, sessions and
links that it holds as open may have been ended. What follows from dates and states alone (expiries, publications,
checks) is worked out anew and may be told twice; open jobs and checks are found by their sweepers.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from adgang.data.manifest import Manifest
from organisations import checkpoints, events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN, Entry
from organisations.models import EventHead, Heartbeat, Mail, SecretLink, Session

HELD = "held back: the database was restored"
# Links that open an account or change it; calendars and reports stay as they are.
SHORT = [SecretLink.Purpose.PASSWORD, SecretLink.Purpose.EMAIL_CONFIRM]


@dataclass(frozen=True)
class Held:
    """How many rows were held back or ended, and the checkpoints that were set aside."""

    mails: int = 0
    sessions: int = 0
    links: int = 0
    checkpoints: int = 0


def settle(said: Manifest, *, at: dt.datetime, send_mails: bool) -> Held:
    """Hold back and end what must be, and tell the operator's log that the installation was brought back."""
    aside = _set_aside(dt.datetime.fromisoformat(said.made), at)
    with transaction.atomic():
        waiting = Mail.objects.filter(sent=None, next_attempt__isnull=False)
        mails = 0 if send_mails else waiting.update(next_attempt=None, error=HELD)
        sessions = Session.objects.all().delete()[0]
        links = SecretLink.objects.filter(purpose__in=SHORT, used=None, revoked=None).update(revoked=at)
        Heartbeat.objects.all().delete()
        held = Held(mails, sessions, links, aside)
        after = {"backup_made": said.made, "version": said.version, "mails_held": mails, "sessions_ended": sessions}
        head = EventHead.objects.filter(pk=OPERATOR_CHAIN).first() or EventHead(organisation_id=OPERATOR_CHAIN)
        events.record(Caller.command("restore"), None, Entry(tag=Tag.DATABASE_RESTORED, obj=head, after=after))
    checkpoints.write(checkpoints.daily_path(timezone.localdate()))
    return held


def _set_aside(made: dt.datetime, at: dt.datetime) -> int:
    """Move checkpoints of entries that are no more into a folder beside; they still prove what was lost."""
    folder: Path = checkpoints.daily_path(at.date()).parent
    later = []
    for path in folder.glob("*.json"):
        try:
            if dt.datetime.fromisoformat(checkpoints.read(path).made) > made:
                later.append(path)
        except (OSError, checkpoints.UnreadableCheckpoint):
            continue
    for path in later:
        aside = folder / f"before-restore-{at:%Y-%m-%dT%H%M%SZ}"
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
    return len(later)

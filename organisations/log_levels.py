"""How much is logged, changed while the installation runs, in every process, for a time.

Only the loggers named here can be set. Those that would write what people typed stay out of reach: Django's SQL
(`django.db`), whose lines would hold the values of every query, and the libraries of the queue and of HTTP. Whatever
the level, each line goes through `adgang.logs.redact`.
"""

import datetime as dt
import logging

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import LogLevel

LOGGERS: dict[str, str | Promise] = {
    "": _("The portal"),
    "adgang": _("Frame, API and operation (adgang)"),
    "organisations": _("People, rights, mail (organisations)"),
    "certificates": _("Certificates (certificates)"),
    "systems": _("Systems and checks (systems)"),
    "contacts": _("Contact structure (contacts)"),
    "memo": _("MeMo (memo)"),
    "django_structlog": _("Begin and end of each request and task (django_structlog)"),
    "paramiko": _("SSH (paramiko)"),
}
# What "" stands for: the portal's own rooms, never the libraries.
OURS = ("adgang", "organisations", "certificates", "systems", "contacts", "memo", "django_structlog")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MINUTES = 30
MOST_MINUTES = 24 * 60

_before: dict[str, int] = {}


@transaction.atomic
def change(*, caller: Caller, logger: str, level: str, minutes: int, at: dt.datetime) -> LogLevel:
    """Let a logger of `LOGGERS` write as much as `level` says for some minutes; recorded. Raises ValueError."""
    if logger not in LOGGERS or level not in LEVELS or not 0 < minutes <= MOST_MINUTES:
        raise ValueError(f"{logger!r} cannot be set to {level!r} for {minutes} minutes")
    until = at + dt.timedelta(minutes=minutes)
    row, _made = LogLevel.objects.update_or_create(logger=logger, defaults={"level": level, "until": until})
    after = {"logger": logger, "level": level, "minutes": minutes}
    events.record(caller, None, Entry(tag=Tag.LOG_LEVEL_CHANGED, obj=row, after=after))
    transaction.on_commit(lambda: look(at=at))
    return row


@transaction.atomic
def fall_back(*, caller: Caller, at: dt.datetime) -> int:
    """Let every logger write as much as the settings say; returns how many did not. Recorded."""
    rows = in_force(at=at)
    LogLevel.objects.all().delete()
    told = [(None, Entry(tag=Tag.LOG_LEVEL_CHANGED, obj=row, before={"level": row.level})) for row in rows]
    if told:
        events.record_all(caller, told)
    transaction.on_commit(lambda: look(at=at))
    return len(rows)


def in_force(*, at: dt.datetime) -> list[LogLevel]:
    """Return what was changed and has not fallen back."""
    return list(LogLevel.objects.filter(until__gt=at))


def look(*, at: dt.datetime) -> None:
    """Set the loggers of this process as the rows say, and back where they say nothing any more."""
    wanted: dict[str, int] = {}
    for row in in_force(at=at):  # "" comes first, so that a logger's own row outdoes it
        for name in OURS if row.logger == "" else (row.logger,):
            wanted[name] = logging.getLevelNamesMapping()[row.level]
    for name in _before.keys() - wanted.keys():
        logging.getLogger(name).setLevel(_before.pop(name))
    for name, level in wanted.items():
        logger = logging.getLogger(name)
        _before.setdefault(name, logger.level)
        logger.setLevel(level)

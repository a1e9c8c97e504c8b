"""What is removed when it has been kept long enough. The event log is not touched here."""

import datetime as dt

from django.conf import settings
from django.db.models import Q

from organisations.models import Job, Mail, SecretLink, Session, Throttle

KEEP_JOBS = dt.timedelta(days=30)


def tidy(*, at: dt.datetime) -> int:
    """Remove old mails, dead sessions and links, and counters of past windows; returns how many rows went."""
    mails_before = at - dt.timedelta(days=settings.ADGANG_KEEP_MAILS_DAYS)
    sessions_before = at - dt.timedelta(days=settings.ADGANG_KEEP_SESSIONS_DAYS)
    old = [
        Mail.objects.filter(created__lt=mails_before, next_attempt=None),
        Session.objects.filter(expire_date__lt=sessions_before),
        SecretLink.objects.filter(Q(expires__lt=sessions_before) | Q(used__lt=sessions_before)),
        Throttle.objects.filter(resets__lt=at),
        Job.objects.filter(finished__lt=at - KEEP_JOBS),
    ]
    return sum(rows.delete()[0] for rows in old)

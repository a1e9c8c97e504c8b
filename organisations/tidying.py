"""What is removed when it has been kept long enough. The event log is not touched here."""

import datetime as dt

from django.conf import settings
from django.db.models import Q

from adgang.lib.batches import remove
from organisations import event_files
from organisations.models import (
    AccessToken,
    EmailChange,
    EventDigest,
    Job,
    KeptAnswer,
    Mail,
    Registration,
    SecretLink,
    Session,
    SignIn,
    Throttle,
    WebhookDelivery,
)

KEEP_JOBS = KEEP_TOKENS = dt.timedelta(days=30)
KEEP_MESSAGES = dt.timedelta(days=30)
KEEP_ANSWERS = dt.timedelta(days=1)


def tidy(*, at: dt.datetime) -> int:
    """Remove old mails, files of the log, dead sessions, links and tokens, past counters, answers to repeated calls.

    Returns how many rows went.
    """
    mails_before = at - dt.timedelta(days=settings.ADGANG_KEEP_MAILS_DAYS)
    sign_ins_before = at - dt.timedelta(days=settings.ADGANG_KEEP_SIGN_INS_DAYS)
    sessions_before = at - dt.timedelta(days=settings.ADGANG_KEEP_SESSIONS_DAYS)
    old = [
        Mail.objects.filter(created__lt=mails_before, next_attempt=None),
        Session.objects.filter(expire_date__lt=sessions_before),
        SecretLink.objects.filter(Q(expires__lt=sessions_before) | Q(used__lt=sessions_before)),
        SignIn.objects.filter(at__lt=sign_ins_before),
        EventDigest.objects.filter(made__lt=mails_before),
        Throttle.objects.filter(resets__lt=at),
        Registration.objects.filter(expires__lt=sessions_before),
        EmailChange.objects.filter(asked__lt=sessions_before, confirmed=None),
        KeptAnswer.objects.filter(created__lt=at - KEEP_ANSWERS),
        AccessToken.objects.filter(Q(expires__lt=at - KEEP_TOKENS) | Q(revoked__lt=at - KEEP_TOKENS)),
        Job.objects.filter(finished__lt=at - KEEP_JOBS),
        WebhookDelivery.objects.filter(created__lt=at - KEEP_MESSAGES, next_attempt=None),
    ]
    return event_files.expire(at=at) + sum(remove(rows) for rows in old)

"""Mails that were given up: what they were, why, and sending them again."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from adgang.lib.queueing import after_commit
from organisations import events, mail
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Mail

AT_ONCE = 500


def given_up() -> QuerySet[Mail]:
    """Return the mails that are tried no more although somebody waits for them, newest first."""
    rows = Mail.objects.filter(sent=None, next_attempt=None).exclude(error=mail.NOT_WANTED)
    return rows.select_related("organisation").order_by("-created")


@transaction.atomic
def send_again(*, caller: Caller, ids: Sequence[uuid.UUID] | None, reason: str, at: dt.datetime) -> int:
    """Try given-up mails anew, all of them (at most 500 at once) when `ids` is None; returns how many.

    Each is an event of the operator's log, which names no address. A mail that nobody wants any more is not sent: its
    kind decides that while it is made.
    """
    rows = given_up().select_for_update(of=("self",))
    chosen = list((rows if ids is None else rows.filter(pk__in=ids))[:AT_ONCE])
    Mail.objects.filter(pk__in=[one.pk for one in chosen]).update(attempts=0, next_attempt=at, error="")
    if chosen:
        after_commit("organisations.send_waiting_mail")
        entries = [
            Entry(
                tag=Tag.MAIL_SENT_AGAIN, obj=one, before={"error": one.error, "attempts": one.attempts}, reason=reason
            )
            for one in chosen
        ]
        events.record_all(caller, [(None, entry) for entry in entries])
    return len(chosen)

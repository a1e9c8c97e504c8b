"""The outbox: a mail is a row, written in the transaction of its cause, and sent by a worker.

A row holds which kind of mail about which object goes to whom. Its text, and any secret in it, is made while it is
sent (`templates/mail/<kind>.<language>.txt`, whose first line is the subject), so nothing secret waits in the
database. Delivery is at least once, with a Message-ID that stays the same.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template import Context, Engine
from django.utils import timezone, translation

from adgang.lib.queueing import after_commit
from organisations.models import Mail, Organisation

# Makes what the template needs besides the common names; None when the mail is not wanted any more.
Builder = Callable[[Mail], dict[str, Any] | None]

MAX_ATTEMPTS = 8  # with the waits below: a day and a half
AT_ONCE = 100
NOT_WANTED = "not wanted any more"  # why a mail was not sent

log = structlog.get_logger(__name__)
_builders: dict[str, Builder] = {}


def register_kind(kind: str, build: Builder) -> None:
    """Make a kind of mail known; called from `AppConfig.ready()`. Raises ValueError when the kind is taken."""
    if _builders.get(kind, build) is not build:
        raise ValueError(f"there is a kind of mail named {kind!r} already")
    _builders[kind] = build


def about(mail: Mail) -> uuid.UUID:
    """Return the id of what the mail is about. Raises ValueError for a mail about nothing."""
    if mail.object_id is None:
        raise ValueError(f"a mail of kind {mail.kind} needs to be about something")
    return mail.object_id


def kinds() -> list[str]:
    """Return the names of all kinds of mail."""
    return sorted(_builders)


def queue_mail(
    *,
    kind: str,
    to: str,
    organisation: Organisation | None = None,
    object_id: uuid.UUID | None = None,
    language: str = "da",
) -> Mail:
    """Put a mail in the outbox; it is sent once the transaction has committed.

    `object_id` names what the mail is about, for the kind's builder. Raises KeyError for an unknown kind.
    """
    if kind not in _builders:
        raise KeyError(f"there is no kind of mail named {kind!r}")
    mail = Mail.objects.create(
        kind=kind,
        to=to,
        organisation=organisation,
        object_id=object_id,
        language=language,
        next_attempt=timezone.now(),
    )
    after_commit("organisations.send_waiting_mail")
    return mail


def send_waiting(*, at: dt.datetime) -> int:
    """Send what is due, oldest first; returns how many were sent. Two workers never take the same one."""
    due = Mail.objects.filter(sent=None, next_attempt__lte=at).order_by("next_attempt").values_list("pk", flat=True)
    return sum(_send(mail_id, at=at) for mail_id in list(due[:AT_ONCE]))


def _send(mail_id: uuid.UUID, *, at: dt.datetime) -> bool:
    mail = _claim(mail_id, at=at)
    if mail is None:
        return False
    try:
        context = _builders[mail.kind](mail)
        if context is None:
            return _finish(mail, error=NOT_WANTED)
        _message(mail, context).send()
    except (SMTPException, OSError) as failure:
        return _postpone(mail, error=repr(failure))
    except Exception as failure:  # a mail that cannot be made must not keep back those behind it
        log.exception("mail_not_made", mail=str(mail.pk), kind=mail.kind)
        return _postpone(mail, error=type(failure).__name__)  # its repr may hold the text, and with it a secret link
    return _finish(mail, sent=timezone.now())


def _claim(mail_id: uuid.UUID, *, at: dt.datetime) -> Mail | None:
    """Take the mail by moving its next attempt; if this worker dies, that attempt is made by another."""
    mail = Mail.objects.get(pk=mail_id)
    taken = Mail.objects.filter(pk=mail_id, sent=None, attempts=mail.attempts, next_attempt__lte=at).update(
        claimed=at, attempts=F("attempts") + 1, next_attempt=at + wait(mail.attempts + 1)
    )
    mail.attempts += 1
    return mail if taken else None


def wait(attempts: int) -> dt.timedelta:
    """Return how long to wait after that many attempts: two minutes, doubled each time, at most twelve hours."""
    return dt.timedelta(minutes=min(2**attempts, 12 * 60))


def _finish(mail: Mail, *, sent: dt.datetime | None = None, error: str = "") -> bool:
    Mail.objects.filter(pk=mail.pk).update(sent=sent, next_attempt=None, error=error)
    return sent is not None


def _postpone(mail: Mail, *, error: str) -> bool:
    log.warning("mail_not_sent", mail=str(mail.pk), kind=mail.kind, attempt=mail.attempts, error=error)
    changes: dict[str, Any] = {"error": error[:300]}
    if mail.attempts >= MAX_ATTEMPTS:
        changes["next_attempt"] = None
    Mail.objects.filter(pk=mail.pk).update(**changes)
    return False


def _message(mail: Mail, context: dict[str, Any]) -> EmailMessage:
    with translation.override(mail.language):
        subject, body = _render(f"mail/{mail.kind}.{mail.language}.txt", {**_common(mail), **context}).split("\n", 1)
    host = urlsplit(settings.ADGANG_BASE_URL).hostname or "adgang.invalid"
    return EmailMessage(
        subject=_subject(subject, mail),
        body=body.strip() + "\n",
        to=[mail.to],
        headers={"Message-ID": f"<{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _render(name: str, context: dict[str, Any]) -> str:
    # Plain text: names with an ampersand arrive as they are.
    return Engine.get_default().get_template(name).render(Context(context, autoescape=False))


def _common(mail: Mail) -> dict[str, Any]:
    return {
        "organisation": mail.organisation,
        "base_url": settings.ADGANG_BASE_URL,
        "is_test": settings.ADGANG_ENVIRONMENT != "production",
        "operator_email": settings.ADGANG_OPERATOR_EMAIL,
    }


def _subject(subject: str, mail: Mail) -> str:
    """Name the authority and the environment, so that a full mailbox can be sorted; never more than one line."""
    parts = [subject, mail.organisation.name if mail.organisation else ""]
    if settings.ADGANG_ENVIRONMENT != "production":
        parts.append("TEST")
    return " – ".join(" ".join(part.split()) for part in parts if part.strip())

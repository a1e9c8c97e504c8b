"""The outbox: claimed once, retried with growing waits, given up in the end, with the same Message-ID."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import get_template
from django.utils import timezone

from organisations import mail
from organisations.mail_kinds import KINDS
from organisations.mail_words import WORDS
from organisations.models import Mail
from tests.factories.organisations import invitation, organisation, user

pytestmark = pytest.mark.django_db


class Refusing(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("væk")


def waiting(**fields):
    person = user(name="Åse & Co")
    return mail.queue_mail(kind="password_reset", to=person.email, object_id=person.pk, **fields)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_kind_has_its_text_in_both_languages(kind, language):
    text = get_template(f"mail/{kind}.{language}.txt").template.source
    assert "\n" in text
    assert text.partition("\n")[0].strip()


def test_unknown_kinds_are_refused():
    with pytest.raises(KeyError, match="nonsense"):
        mail.queue_mail(kind="nonsense", to="x@example.org")


def test_a_mail_is_sent_once_in_the_language_of_its_row():
    row = waiting(language="en")
    assert mail.send_waiting(at=timezone.now()) == 1
    assert mail.send_waiting(at=timezone.now() + dt.timedelta(days=1)) == 0
    [sent] = outbox.outbox
    assert sent.subject == "Choose a new password – TEST"
    assert "Dear Åse & Co" in sent.body
    assert sent.extra_headers == {"Message-ID": f"<{row.pk}@127.0.0.1>", "Auto-Submitted": "auto-generated"}


def test_a_name_cannot_break_out_of_the_subject():
    org = organisation(name="Skovby\r\nBcc: alle@example.org")
    made = invitation(organisation=org)
    mail.queue_mail(kind="invitation", to=made.email, organisation=org, object_id=made.pk)
    mail.send_waiting(at=timezone.now())
    assert outbox.outbox[0].subject == "Invitation til Adgang – Skovby Bcc: alle@example.org – TEST"


def test_a_server_that_is_away_is_tried_again_later_and_later(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    row = waiting()
    at = timezone.now()
    waits = []
    for _ in range(mail.MAX_ATTEMPTS):
        assert mail.send_waiting(at=at) == 0
        row.refresh_from_db()
        waits.append((row.next_attempt - at).total_seconds() / 60 if row.next_attempt else None)
        at = row.next_attempt or at
    assert waits == [2, 4, 8, 16, 32, 64, 128, None]
    assert (row.sent, row.attempts) == (None, 8)
    assert "væk" in row.error


def test_a_mail_that_cannot_be_made_keeps_back_no_other_and_is_given_up():
    broken = mail.queue_mail(kind="password_reset", to="a@example.org\nBcc: b@example.org", object_id=user().pk)
    waiting()
    at = timezone.now()
    assert mail.send_waiting(at=at) == 1
    for _ in range(mail.MAX_ATTEMPTS):
        broken.refresh_from_db()
        mail.send_waiting(at=broken.next_attempt or at)
    assert (broken.sent, broken.next_attempt, broken.attempts) == (None, None, 8)
    assert [message.to for message in outbox.outbox] == [[Mail.objects.exclude(pk=broken.pk).get().to]]


def test_the_retry_bears_the_same_message_id_and_a_new_link(settings):
    row = waiting()
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    mail.send_waiting(at=timezone.now())
    settings.EMAIL_BACKEND = working
    mail.send_waiting(at=timezone.now() + dt.timedelta(hours=1))
    assert outbox.outbox[0].extra_headers["Message-ID"] == f"<{row.pk}@127.0.0.1>"


def test_two_workers_do_not_take_the_same_mail():
    row = waiting()
    at = timezone.now()
    assert mail._claim(row.pk, at=at) is not None
    assert mail._claim(row.pk, at=at) is None


def test_what_nobody_wants_any_more_is_not_sent():
    person = user(is_active=False)
    mail.queue_mail(kind="password_reset", to=person.email, object_id=person.pk)
    assert mail.send_waiting(at=timezone.now()) == 0
    assert outbox.outbox == []
    assert Mail.objects.get().next_attempt is None


def test_every_kind_has_a_name_for_people():
    assert WORDS.keys() == set(mail.kinds())

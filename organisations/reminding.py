"""A reminder from somebody who acts for many organisations to the responsible people of one of them."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.holding import user_administrators
from organisations.locks import lock
from organisations.mail import about, queue_mail
from organisations.models import Mail, Organisation, Reminder

REMINDER = "reminder"
EVERY = dt.timedelta(days=1)


@transaction.atomic
def remind(*, caller: Caller, organisation: Organisation, text: str) -> Reminder | Finding:
    """Mail a text to the user administrators, or to the legal contact where there are none; recorded.

    Refused when anybody reminded the organisation within a day, or nobody is there. Raises ValueError when nobody is
    signed in.
    """
    if caller.user is None:
        raise ValueError("a reminder is sent by a person")
    lock(organisation.pk)
    at = timezone.now()
    if Reminder.objects.filter(organisation=organisation, sent__gt=at - EVERY).exists():
        return finding("reminder.recently", organisation=organisation.name)
    addresses = {person.email: person.language for person in user_administrators(organisation, at=at)}
    if not addresses and organisation.legal_contact_email:
        addresses = {organisation.legal_contact_email: "da"}
    if not addresses:
        return finding("reminder.nobody", organisation=organisation.name)
    made = Reminder.objects.create(organisation=organisation, sender=caller.user, text=text, sent=at)
    for address, language in addresses.items():
        queue_mail(kind=REMINDER, to=address, organisation=organisation, object_id=made.pk, language=language)
    events.record(caller, organisation, Entry(tag=Tag.REMINDED, obj=organisation, after={"text": text}))
    return made


def reminder_mail(mail: Mail) -> dict[str, object] | None:
    """Return the text, who wrote it, and where the organisation's work lies."""
    found = Reminder.objects.filter(pk=about(mail)).select_related("organisation", "sender").first()
    if found is None:
        return None
    path = reverse("overview", args=[found.organisation.cvr_number])
    return {"reminder": found, "url": f"{settings.ADGANG_BASE_URL}{path}"}

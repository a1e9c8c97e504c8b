"""Those who run the installation help an organisation: with a reason, for some hours, told in both chains.

While it lasts the helper has the rights that `roles.toml` gives the role's help, and everything they do in the
organisation also stands in the operator's chain with the reason (`events.record_all`). Support only reads.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.snapshots import as_json
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.holding import user_administrators
from organisations.locks import lock
from organisations.mail import about, queue_mail
from organisations.models import HelpSession, Mail, Organisation
from organisations.rights import Right

HOURS = (1, 4, 8)
BEGUN = "help_begun"


@transaction.atomic
def begin(*, caller: Caller, organisation: Organisation, reason: str, hours: int) -> HelpSession | Finding:
    """Let somebody of the operation help, told in both chains and by mail; a `Finding` when they do so already.

    The caller may see operations. Raises ValueError when nobody is signed in.
    """
    if caller.user is None:
        raise ValueError("help is given by a person")
    lock(organisation.pk)
    at = timezone.now()
    ended = _close(HelpSession.objects.filter(organisation=organisation, user=caller.user, ends__lte=at, ended=None))
    if HelpSession.objects.open(at).filter(organisation=organisation, user=caller.user).exists():
        return finding("help.open", organisation=organisation.name)
    session = HelpSession.objects.create(
        organisation=organisation,
        user=caller.user,
        reason=reason,
        only_reads=not caller.may_operate(Right.OPERATIONS_CHANGE),
        started=at,
        ends=at + dt.timedelta(hours=hours),
    )
    after = {"ends": as_json(session.ends), "only_reads": session.only_reads}
    entry = Entry(tag=Tag.HELP_BEGUN, obj=session, after=after, reason=reason)
    for person in user_administrators(organisation, at=at):
        queue_mail(
            kind=BEGUN, to=person.email, organisation=organisation, object_id=session.pk, language=person.language
        )
    events.record_all(caller, [*ended, (organisation, entry), (None, entry)])
    return session


@transaction.atomic
def end(*, caller: Caller, session: HelpSession) -> None:
    """End the help at once, told in both chains; help that has ended is no error."""
    lock(session.organisation_id)
    told = _close(HelpSession.objects.filter(pk=session.pk, ended=None))
    if told:
        events.record_all(caller, told)


@transaction.atomic
def expire(*, caller: Caller, at: dt.datetime) -> int:
    """Close help whose time is over, told in both chains; returns how many."""
    over = HelpSession.objects.filter(ends__lte=at, ended=None).select_for_update(skip_locked=True, of=("self",))
    told = _close(over)
    if told:
        events.record_all(caller, told)
    return len(told) // 2


def _close(sessions: QuerySet[HelpSession]) -> Told:
    told: Told = []
    for session in list(sessions.select_related("organisation", "user")):
        session.ended = min(timezone.now(), session.ends)
        session.save(update_fields=["ended"])
        entry = Entry(tag=Tag.HELP_ENDED, obj=session, after={"ended": as_json(session.ended)})
        told += [(session.organisation, entry), (None, entry)]
    return told


def begun_mail(mail: Mail) -> dict[str, object] | None:
    """Return who helps and why, for the mail to the user administrators."""
    session = HelpSession.objects.filter(pk=about(mail)).select_related("organisation", "user").first()
    if session is None:
        return None
    path = reverse("help_log", args=[session.organisation.cvr_number])
    return {"session": session, "url": f"{settings.ADGANG_BASE_URL}{path}"}

"""What the operator tells those who use the portal: whom it is for, when it is shown, and its mails.

What is in force is kept in the memory of each process, as maintenance is, so that a page with nothing to announce asks
the database nothing.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from adgang.lib.queueing import after_commit
from adgang.lib.registered import StaleVersion, save_version
from adgang.lib.snapshots import differences, snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.holding import MINE
from organisations.mail import NOT_WANTED, about
from organisations.models import Announcement, Dismissal, Mail, Organisation, Privilege, User

KEPT = "announcements"  # in the memory of this process
KIND = "announcement"
HISTORY = dt.timedelta(days=365)
BATCH = 500


def look(*, at: dt.datetime) -> None:
    """Read what is shown now or later, and keep it for the requests of this process."""
    rows = Announcement.objects.filter(withdrawn=None).filter(Q(until=None) | Q(until__gt=at))
    cache.set(KEPT, list(rows), timeout=None)


def shown(caller: Caller | None, organisation: Organisation | None, *, at: dt.datetime) -> list[Announcement]:
    """Return what stands at the top of a page, the gravest first, without what the person has put out of sight.

    `organisation` is the one that the page concerns. Asks the database only where there is something to show.
    """
    user = caller.user if caller else None
    standing = [one for one in cache.get(KEPT) or [] if one.is_on(at)]
    if user is None or caller is None:
        found = [one for one in standing if one.on_open_pages]
    else:
        found = [one for one in standing if concerns(one, caller, organisation)]
        found = found and _not_dismissed(found, user)
    grave = list(Announcement.Level)[::-1]
    return sorted(found, key=lambda one: grave.index(Announcement.Level(one.level)))


def _not_dismissed(found: list[Announcement], user: User) -> list[Announcement]:
    rows = Dismissal.objects.filter(user=user, announcement__in=[one.pk for one in found])
    seen = dict(rows.values_list("announcement", "seen_version"))
    return [one for one in found if seen.get(one.pk, 0) < one.version]


def concerns(announcement: Announcement, caller: Caller, organisation: Organisation | None = None) -> bool:
    """Say whether it is for the person: by a role in one of the authorities it is for, on a page of one in that one."""
    if announcement.is_for_all:
        return True
    return any(
        (organisation is None or held.scope_id in (None, organisation.pk))
        and (not announcement.cvr_numbers or (held.scope and held.scope.cvr_number in announcement.cvr_numbers))
        and (not announcement.roles or held.type in announcement.roles)
        for held in caller.privileges
    )


def history(caller: Caller, *, at: dt.datetime) -> list[tuple[Announcement, bool]]:
    """Return what the person was told in the last year, newest first, each with whether it is still in force."""
    rows = Announcement.objects.filter(withdrawn=None, starts__lte=at)
    rows = rows.filter(Q(until=None) | Q(until__gt=at - HISTORY))
    return [(one, one.is_on(at)) for one in rows if concerns(one, caller)]


def recipients(announcement: Announcement, *, at: dt.datetime) -> QuerySet[User]:
    """Return the people it is for, by name: open accounts with such a role, held directly or through a group."""
    held = Privilege.objects.active(at).filter(MINE)
    if announcement.cvr_numbers:
        held = held.filter(scope__cvr_number__in=announcement.cvr_numbers)
    if announcement.roles:
        held = held.filter(type__in=announcement.roles)
    return User.objects.filter(Exists(held), is_active=True).order_by("name", "pk")


@transaction.atomic
def publish(*, caller: Caller, announcement: Announcement, at: dt.datetime) -> Announcement:
    """Save a new announcement and queue its mails; recorded in the operator's chain."""
    announcement.mailed = at if announcement.by_mail else None
    announcement.save(force_insert=True)
    entry = Entry(tag=Tag.ANNOUNCEMENT_PUBLISHED, obj=announcement, after=snapshot(announcement))
    events.record(caller, None, entry)
    _queue_mails(announcement, at=at)
    transaction.on_commit(lambda: look(at=at))
    return announcement


@transaction.atomic
def change(*, caller: Caller, announcement: Announcement, version: int, at: dt.datetime) -> Announcement:
    """Save a changed announcement: it is shown again to those who had put it out of sight. Recorded.

    Mails that have not been sent follow it; nobody gets a second one. Raises `StaleVersion`, also for one that was
    withdrawn meanwhile.
    """
    standing = Announcement.objects.select_for_update().filter(pk=announcement.pk).first()
    if standing is None or standing.withdrawn:
        raise StaleVersion(standing)
    is_new = announcement.by_mail and standing.mailed is None
    announcement.mailed = at if is_new else standing.mailed
    changed = differences(snapshot(standing), snapshot(announcement))
    if not changed:
        return standing
    save_version(announcement, version=version)
    entry = Entry(
        tag=Tag.ANNOUNCEMENT_CHANGED,
        obj=announcement,
        before={name: old for name, (old, _) in changed.items()},
        after={name: new for name, (_, new) in changed.items()},
    )
    events.record(caller, None, entry)
    _mails(announcement).filter(sent=None, attempts=0).update(next_attempt=max(at, announcement.starts))
    if is_new:
        _queue_mails(announcement, at=at)
    transaction.on_commit(lambda: look(at=at))
    return announcement


@transaction.atomic
def withdraw(*, caller: Caller, announcement: Announcement, version: int, at: dt.datetime) -> None:
    """Take an announcement away from all pages, and keep back the mails that wait. Recorded. Raises `StaleVersion`."""
    standing = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if standing.withdrawn:
        return
    standing.withdrawn = at
    save_version(standing, version=version)
    events.record(caller, None, Entry(tag=Tag.ANNOUNCEMENT_WITHDRAWN, obj=standing, before=snapshot(announcement)))
    _mails(standing).filter(sent=None).update(next_attempt=None, error=NOT_WANTED)
    transaction.on_commit(lambda: look(at=at))


def dismiss(*, user: User, announcement: Announcement, at: dt.datetime) -> None:
    """Put an announcement out of the person's sight, as it stands now."""
    Dismissal.objects.update_or_create(
        user=user, announcement=announcement, defaults={"seen_version": announcement.version, "at": at}
    )


def _mails(announcement: Announcement) -> QuerySet[Mail]:
    return Mail.objects.filter(kind=KIND, object_id=announcement.pk)


def _queue_mails(announcement: Announcement, *, at: dt.datetime) -> None:
    """Queue a mail for each of those it is for now, to be sent when it begins."""
    if not announcement.by_mail:
        return
    due = max(at, announcement.starts)
    people = recipients(announcement, at=at).values_list("email", "language")
    mails = (
        Mail(kind=KIND, to=email, object_id=announcement.pk, language=language, next_attempt=due)
        for email, language in people
    )
    Mail.objects.bulk_create(mails, batch_size=BATCH)
    after_commit("organisations.send_waiting_mail")


def mailing(announcement: Announcement) -> dict[str, int]:
    """Return how many mails were sent, wait and were given up."""
    mails = _mails(announcement)
    return {
        "sent": mails.exclude(sent=None).count(),
        "waiting": mails.exclude(next_attempt=None).count(),
        "given_up": mails.filter(sent=None, next_attempt=None).exclude(error=NOT_WANTED).count(),
    }


def mail_context(mail: Mail) -> dict[str, Any] | None:
    """Return the announcement; None when it was withdrawn, is over, or is not to be mailed any more."""
    found = Announcement.objects.filter(pk=about(mail), by_mail=True, withdrawn=None).first()
    if found is None or found.is_over(timezone.now()):
        return None
    return {"announcement": found, "url": f"{settings.ADGANG_BASE_URL}{reverse('announcements')}"}

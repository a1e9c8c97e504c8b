"""The yearly review of rights: each role is found needed or ended, by whom and when; a year later anew."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.snapshots import as_json
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.grants import related
from organisations.holding import user_administrators
from organisations.locks import lock
from organisations.mail import about, queue_mail
from organisations.models import Mail, Organisation, Privilege, RightsReview

YEAR = dt.timedelta(days=365)
REMINDED_BEFORE = dt.timedelta(days=30)
# What was given so shortly before the review is due was just thought of.
NEW = dt.timedelta(days=60)
DUE = "rights_review_due"


def standing(organisation: Organisation) -> RightsReview:
    """Return the review that is open, made when there is none: due a year after the organisation came here."""
    found, _is_new = RightsReview.objects.get_or_create(
        organisation=organisation,
        finished=None,
        defaults={"begun": organisation.created, "due": timezone.localdate(organisation.created) + YEAR},
    )
    return found


def waiting(review: RightsReview) -> QuerySet[Privilege]:
    """Return the roles still to be looked at, those of groups and other organisations too; quite new ones are not."""
    rows = related().active(timezone.now()).filter(scope=review.organisation_id, parent=None)
    seen_before = timezone.make_aware(dt.datetime.combine(review.due - NEW, dt.time()))
    unseen = Q(reviewed=None) | Q(reviewed__lt=review.begun)
    return rows.filter(unseen, created__lt=seen_before).order_by("type", "created")


@transaction.atomic
def keep(*, caller: Caller, privilege: Privilege) -> None:
    """Note that a role is still needed, and who says so; recorded."""
    if privilege.scope is None:
        raise ValueError("roles of the installation are not reviewed by an organisation")
    organisation = lock(privilege.scope.pk)
    found = related().filter(pk=privilege.pk).first()
    if found is None:
        return
    found.reviewed, found.reviewed_by_id = timezone.now(), caller.user.pk if caller.user else None
    found.save(update_fields=["reviewed", "reviewed_by_id"])
    after = {"role": found.type, "reviewed": as_json(found.reviewed)}
    events.record(caller, organisation, Entry(tag=Tag.PRIVILEGE_REVIEWED, obj=found.grantee, after=after))


@transaction.atomic
def finish(*, caller: Caller, review: RightsReview) -> RightsReview | Finding:
    """Close a review in which every role was looked at, and begin the next; a `Finding` says how many are left."""
    organisation = lock(review.organisation_id)
    current = RightsReview.objects.get(pk=review.pk)
    if current.finished is not None:
        return standing(organisation)
    if left := waiting(current).count():
        return finding("review.left", count=left)
    now = timezone.now()
    current.finished, current.finished_by = now, caller.user
    current.save(update_fields=["finished", "finished_by"])
    following = RightsReview.objects.create(organisation=organisation, begun=now, due=timezone.localdate(now) + YEAR)
    entry = Entry(tag=Tag.RIGHTS_REVIEWED, obj=current, after={"next_review": as_json(following.due)})
    events.record(caller, organisation, entry)
    return following


def remind(*, at: dt.datetime) -> int:
    """Mail the user administrators of every organisation whose review is due within a month, once; returns how many."""
    for organisation in Organisation.objects.filter(status_type=Organisation.Status.ACTIVE).exclude(
        reviews__finished=None, reviews__isnull=False
    ):
        standing(organisation)
    with transaction.atomic():
        horizon = timezone.localdate(at) + REMINDED_BEFORE
        due = RightsReview.objects.filter(finished=None, reminded=None, due__lte=horizon)
        told = list(due.select_related("organisation").select_for_update(of=("self",), skip_locked=True))
        for review in told:
            for person in user_administrators(review.organisation, at=at):
                queue_mail(
                    kind=DUE,
                    to=person.email,
                    organisation=review.organisation,
                    object_id=review.pk,
                    language=person.language,
                )
        return RightsReview.objects.filter(pk__in=[review.pk for review in told]).update(reminded=at)


def due_mail(mail: Mail) -> dict[str, object] | None:
    """Return what is due and where it is done; None once it was finished."""
    review = RightsReview.objects.filter(pk=about(mail), finished=None).select_related("organisation").first()
    if review is None:
        return None
    path = reverse("rights_review", args=[review.organisation.cvr_number])
    return {"review": review, "url": f"{settings.ADGANG_BASE_URL}{path}", "left": waiting(review).count()}

"""Publishing drafts at their time, and telling people what has become of them.

The row decides: what a lost worker left is found at the next tick, and two workers never publish the same draft.
"""

import datetime as dt
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import save_version
from contacts.drafts import lifecycle, publishing
from contacts.drafts.publishing import Refused
from contacts.models import Draft, DraftState, Publication
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.holding import holders
from organisations.locks import lock
from organisations.mail import about, queue_mail
from organisations.models import Mail, Organisation, User
from organisations.rights import Right, roles

TOLD = "draft_published"
# So long a draft that meets a fault of ours is tried again at every tick; then it is given back.
PATIENCE = dt.timedelta(minutes=15)

log = structlog.get_logger("adgang.drafts")


def publish_due(*, at: dt.datetime) -> int:
    """Publish the drafts whose time has come, and say why of those that cannot be; return how many were dealt with.

    Each is a transaction of its own: what one of them meets does not keep the others.
    """
    due = _due(at).order_by("publish_at").values_list("pk", flat=True)
    return sum(_try(draft_id, at) for draft_id in list(due))


def _due(at: dt.datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(state=DraftState.PLANNED, publish_at__lte=at)


def _try(draft_id: uuid.UUID, at: dt.datetime) -> bool:
    try:
        return _publish(draft_id, at)
    except Exception:  # a fault of ours with one draft must not keep those behind it
        log.exception("draft_not_published", draft=str(draft_id))
    return _publish(draft_id, at, fault=finding("draft.fault")) if _due(at - PATIENCE).filter(pk=draft_id) else False


def _publish(draft_id: uuid.UUID, at: dt.datetime, *, fault: Finding | None = None) -> bool:
    """Publish one draft if nobody else has meanwhile; with a `fault`, give it back instead."""
    with transaction.atomic():
        due = _due(at).filter(pk=draft_id)
        organisation_id = due.values_list("organisation_id", flat=True).first()
        if organisation_id is None:
            return False
        lock(organisation_id)
        draft = due.select_related("organisation", "planned_by", "begun_by").first()
        if draft is None:
            return False
        caller = Caller(user=draft.planned_by, channel=Channel.TASK, request_id=str(draft.pk), label="publish_due")
        try:
            if fault is not None:
                raise Refused(fault)
            _require_right(caller, draft)
            publishing.publish(caller=caller, draft=draft)
        except Refused as refused:
            _refuse(caller, draft, refused.finding)
        _tell(draft, at)
    return True


def _require_right(caller: Caller, draft: Draft) -> None:
    """Raise `Refused` unless the person who planned it may still change the structure."""
    if not _may(caller.user, Right.CONTACTS_CHANGE, draft.organisation):
        raise Refused(finding("draft.no_right", name=caller.user.name if caller.user else "–"))


def _may(user: User | None, right: Right, organisation: Organisation) -> bool:
    if user is None or not user.is_active:
        return False
    return Caller(user=user, channel=Channel.TASK, request_id="").may(right, organisation)


def _refuse(caller: Caller, draft: Draft, why: Finding) -> None:
    draft.state, draft.refusal = DraftState.OPEN, why.as_json()
    save_version(draft, version=draft.version)
    lifecycle.record(caller, draft, Tag.DRAFT_NOT_PUBLISHED, after={"finding": why.as_json()})


def _tell(draft: Draft, at: dt.datetime) -> None:
    """Write to whoever planned it and whoever began it; when neither may see it any more, to all who may change it."""
    people = {person.pk: person for person in (draft.planned_by, draft.begun_by) if person is not None}
    told = [one for one in people.values() if _may(one, Right.CONTACTS_VIEW, draft.organisation)]
    for person in told or _administrators(draft.organisation, at):
        queue_mail(
            kind=TOLD,
            to=person.email,
            organisation=draft.organisation,
            object_id=draft.pk,
            language=person.language,
        )


def _administrators(organisation: Organisation, at: dt.datetime) -> list[User]:
    types = [type_ for type_, role in roles().items() if Right.CONTACTS_CHANGE in role.rights]
    return list(holders(organisation, *types, at=at))


def told_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what has become of the draft, and where to see it; None once it is being worked on anew."""
    draft = Draft.objects.select_related("organisation").filter(pk=about(mail)).first()
    if draft is None or not (draft.refusal or draft.state == DraftState.PUBLISHED):
        return None
    refusal = Finding.from_json(draft.refusal) if draft.refusal else None
    return {"draft": draft, "refusal": refusal, "url": f"{settings.ADGANG_BASE_URL}{_page(draft)}"}


def _page(draft: Draft) -> str:
    cvr = draft.organisation.cvr_number
    kept = Publication.objects.filter(draft=draft).values_list("pk", flat=True).first()
    return reverse("publication", args=[cvr, kept]) if kept else reverse("draft", args=[cvr, draft.pk])

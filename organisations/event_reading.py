"""Reading the event log: which entries a person may see, with names looked up and differences in words."""

import json
import uuid
from collections.abc import Sequence
from functools import cached_property

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib import slots
from adgang.lib.cvr import spaced
from adgang.lib.snapshots import JSON
from organisations import access, privileges
from organisations.callers import Caller
from organisations.event_changes import Change, Difference, names_within
from organisations.event_tags import Slice, Tag, label_of
from organisations.event_words import Known, kind_name
from organisations.events import OPERATOR_CHAIN
from organisations.models import Employment, Event, EventDetail, Invitation, Organisation, User
from organisations.rights import Right

SLICE_RIGHTS = {
    Slice.ACTIONS: Right.EVENTS_ACTIONS,
    Slice.LOOKUPS: Right.EVENTS_LOOKUPS,
    Slice.MESSAGES: Right.EVENTS_MESSAGES,
}
RECENT = 10


def slices(caller: Caller, organisation: Organisation | None) -> list[Slice]:
    """Return the parts of the log that the caller may read; all of them for readers of the operator's own chain."""
    if organisation is None:
        return list(Slice)
    return [slice_ for slice_, right in SLICE_RIGHTS.items() if caller.may(right, organisation)]


def chain(organisation: Organisation | None) -> QuerySet[Event]:
    """Return the events of an organisation (None: the operator's) with the names of people in the same query.

    `actor_name` is the person's name today; `actor_cvr` is set instead for another organisation's employee, of whom no
    more is shown. `person_name` names an object that is a person.
    """
    organisation_id = organisation.pk if organisation else OPERATOR_CHAIN
    employments = Employment.objects.filter(user=OuterRef("actor_id"))
    rows = Event.objects.filter(organisation_id=organisation_id).annotate(
        works_here=Exists(employments.filter(organisation=organisation_id)),
        actor_cvr=Coalesce(
            Subquery(
                employments.exclude(organisation=organisation_id)
                .order_by("-started")
                .values("organisation__cvr_number")[:1]
            ),
            Value(""),
            output_field=CharField(),
        ),
        person_name=Coalesce(
            _names(User, "object_id"), _names(Invitation, "object_id"), Value(""), output_field=CharField()
        ),
    )
    # Not even in the query for the others: the list is searched by this name, and a hit would confirm it.
    shown = When(Q(works_here=True) | Q(actor_cvr=""), then=Coalesce(_names(User, "actor_id"), Value("")))
    return rows.annotate(actor_name=Case(shown, default=Value(""), output_field=CharField()))


def _names(model: type[User] | type[Invitation], key: str) -> Subquery:
    return Subquery(model._default_manager.filter(pk=OuterRef(key)).values("name")[:1])


class Reading:
    """An event as a person reads it. `event` comes from `chain`; `details` are its personal values by digest."""

    def __init__(self, event: Event, details: dict[str, str] | None = None) -> None:
        self.event = event
        self.details = details

    @cached_property
    def payload(self) -> dict[str, JSON]:
        """What was logged."""
        payload: dict[str, JSON] = json.loads(self.event.payload)
        return payload

    @property
    def title(self) -> str:
        """What happened, in words."""
        return label_of(self.event.tag)

    @property
    def is_self_granted(self) -> bool:
        """Whether somebody gave a role to themselves."""
        return bool(self.payload["after"].get("self_granted"))

    @property
    def actor(self) -> str:
        """Who did it: a name, the CVR number of a foreign employee's organisation, or what ran by itself."""
        if self.event.actor_id is None:
            return _("The portal itself (%(part)s)") % {"part": self.payload["actor_label"]}
        if self._annotated("actor_cvr") and not getattr(self.event, "works_here", False):
            return f"CVR {spaced(self._annotated('actor_cvr'))}"
        return self._annotated("actor_name")

    @property
    def object(self) -> str:
        """What it happened to, by its name at the time; a person by the name of today."""
        return self.event.object_label or self._annotated("person_name")

    @property
    def object_kind(self) -> str:
        """What kind of thing that is."""
        return kind_name(self.event.object_kind)

    @property
    def reason(self) -> str:
        """Why it was done, when that was asked for."""
        return str(self.payload["reason"])

    @property
    def changed(self) -> str:
        """What differs, on one line."""
        return self._difference({}).in_short()

    def changes(self, known: Known) -> list[Change]:
        """Return what differs, in words. `known` gives names to ids, beside those that the event itself names."""
        own = names_within(self.payload["before"], self.payload["after"])
        return self._difference({**known, **own}).changes()

    def _difference(self, known: Known) -> Difference:
        return Difference(
            kind=self.event.object_kind,
            before=self.payload["before"],
            after=self.payload["after"],
            details=self.details or {},
            known=known,
        )

    def _annotated(self, name: str) -> str:
        return str(getattr(self.event, name, ""))


def details_of(events: Sequence[Event]) -> dict[uuid.UUID, dict[str, str]]:
    """Return the personal values of some events, by event and digest, in one query."""
    found: dict[uuid.UUID, dict[str, str]] = {event.pk: {} for event in events}
    for detail in EventDetail.objects.filter(event_id__in=found):
        found[detail.event_id][detail.digest] = detail.value
    return found


def known_ids(organisation: Organisation | None) -> dict[str, str]:
    """Return names for ids that stand in the log of the organisation: its systems."""
    return {str(id_): name for id_, name in privileges.systems_of(organisation).items()} if organisation else {}


def link(event: Event, organisation: Organisation) -> str:
    """Return the URL of the event's object, or "" when there is no page for it (any more)."""
    if event.object_id is None:
        return ""
    urls = (filling(event.object_kind, event.object_id, organisation) for filling in slots.fillings("object_links"))
    return next(filter(None, urls), "")


def object_events(
    request: HttpRequest, organisation: Organisation, *object_ids: uuid.UUID, mentions: str = ""
) -> SafeString:
    """Return the newest events of one object (and what belongs to it) as a panel for its page.

    Whoever may read the object reads its events, so the page's own getter is all that is asked. Look-ups and sign-ins,
    which would crowd out what matters, are left to the log itself. `mentions` adds events of other objects that name
    it, such as a fingerprint.
    """
    changes = chain(organisation).exclude(slice=Slice.LOOKUPS).exclude(tag__in=[Tag.SIGNED_IN, Tag.SIGNED_OUT])
    concerned = Q(object_id__in=object_ids)
    rows = changes.filter(concerned | Q(payload__contains=mentions) if mentions else concerned)
    events = list(rows.order_by("-time", "-seq")[: RECENT + 1])
    details, known = details_of(events[:RECENT]), known_ids(organisation)
    readings = [(reading := Reading(event, details[event.pk]), reading.changes(known)) for event in events[:RECENT]]
    may_see_log = access.caller(request).may(Right.EVENTS_VIEW, organisation)
    context = {
        "readings": readings,
        "has_more": len(events) > RECENT,
        "names_objects": bool(mentions),
        "log_url": f"{reverse('events', args=[organisation.cvr_number])}?object={object_ids[0]}" if may_see_log else "",
    }
    return render_to_string("organisations/_object_events.html", context, request)

"""The event log by API: the same parts as on the pages. Tags of ours travel as a property, never as `eventTag`."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.filters import Column, Kind, to_id, to_moment
from adgang.lib.api.long_enums import EventTag
from adgang.lib.api.operations import found, operation
from adgang.lib.api.searching import Page, Parameter, Search, find
from adgang.lib.api.wire import Id, Long, Moment, ResultPage, Text, Wire, choice
from organisations import access, event_lookups
from organisations.event_reading import slices
from organisations.event_tags import TAGS, Tag
from organisations.models import Employment, Event, Organisation, User
from organisations.rights import Right

router = Router(tags=["Events"])


class SystemDto(Wire):
    """The system that an event is about."""

    id: Id = None
    name: Text = None
    user: Text = None


class EventLog(Wire):
    """An entry of the event log. `eventProperties.adgangTag` is its tag here, where the registry has none."""

    id: Id = None
    event_id: Id = None
    version: Long = None
    transaction_id: Text = None
    channel: Text = None
    channels: list[str] | None = None
    subject: Text = None
    type: Text = None
    organisation_identity_id: Id = None
    event_time: Moment = None
    created: Moment = None
    owner: Text = None
    owner_identity_id: Text = None
    actor: Text = None
    actor_identity_id: Text = None
    root_id: Id = None
    parent_id: Id = None
    system: SystemDto | None = None
    message: Text = None
    event_properties: dict[str, str] | None = None
    meta_properties: dict[str, str] | None = None
    search_event_properties: dict[str, dict[str, str]] | None = None
    event_tag: choice(EventTag) = None  # type: ignore[valid-type]


class EventLogSearchResult(ResultPage):
    """A page of events, the newest first."""

    events: list[EventLog] | None = None


def _tag(text: str) -> Q:
    if text not in EventTag.__members__:
        raise ValueError(_("There is no event tag “%(value)s”.") % {"value": text[:60]})
    return Q(tag__in=[str(tag) for tag, row in TAGS.items() if row.wire == text])


def _party(text: str) -> Q:
    """An owner by CVR number or id, or an actor by id."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return Q(organisation_id__in=Organisation.objects.filter(cvr_number=text).values("pk"))
    id_ = to_id(text)
    return Q(organisation_id=id_) | Q(actor_id=id_)


def _since(text: str) -> Q:
    return Q(time__gte=to_moment(text))


def _until(text: str) -> Q:
    return Q(time__lte=to_moment(text))


def _person(text: str) -> Q:
    id_ = to_id(text)
    return Q(actor_id=id_) | Q(object_id=id_)


MOMENT = {"type": "string", "pattern": r"^20[0-9]{2}-0[1-9]-[012][1-8]T[01][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$"}
ID = {"type": "string", "format": "uuid"}
SEARCH = Search(
    answer=EventLog,
    columns={
        "id": Column("pk", Kind.ID),
        "eventTime": Column("time", Kind.MOMENT),
        "type": Column("slice", sortable=False),
        "subject": Column("object_kind", sortable=False),
        "transactionId": Column("request_id", sortable=False),
        "message": Column("object_id", Kind.ID, sortable=False),
        "organisationIdentityId": Column("organisation_id", Kind.ID, sortable=False),
        "system.id": Column("system_id", Kind.ID, sortable=False),
    },
    words=("object_label", "tag"),
    parameters={
        "dateFrom": Parameter(help="Events then or later.", where=_since, schema=MOMENT),
        "dateTo": Parameter(help="Events then or before.", where=_until, schema=MOMENT),
        "senderOrRecipientSystem": Parameter(
            help="Events about this system.", where=lambda text: Q(system_id=to_id(text)), schema=ID
        ),
        "senderOrRecipient": Parameter(help="Events by or about this person.", where=_person, schema=ID),
        "ownerOrActor": Parameter(
            help="The organisation by CVR number or id, or who acted by id. On the wire the name may end in a blank.",
            where=_party,
            schema=ID,
        ),
        "eventTag": Parameter(
            help="A tag of the registry.",
            where=_tag,
            schema={"type": "string", "enum": [str(one) for one in EventTag]},
        ),
    },
    order=("-time", "-seq"),
)


@operation(router, "GET", "events/", summary="Search events", answer=EventLogSearchResult, search=SEARCH)
def events_search(request: HttpRequest) -> dict[str, Any]:
    """Find events of the caller's organisations, in the parts of the log that it may read. Reading is logged."""
    among = access.where(request, right=Right.EVENTS_VIEW)
    caller = access.caller(request)
    readable = Q(pk=None)
    for organisation in among:
        readable |= Q(organisation_id=organisation.pk, slice__in=[str(one) for one in slices(caller, organisation)])
    page = find(request, Event.objects.filter(readable), SEARCH)
    shown = {name: str(value) for name, value in request.GET.items() if name not in ("page", "size", "next", "fields")}
    for organisation in among:
        event_lookups.note_reading(caller=caller, organisation=organisation, shown=shown)
    return found(page, "events", _wire(page, among))


def _wire(page: Page[Event], among: Sequence[Organisation]) -> list[EventLog]:
    owners = {one.pk: one for one in among}
    actors = {row.actor_id for row in page.rows if row.actor_id}
    names = dict(User.objects.filter(pk__in=actors).values_list("pk", "name"))
    works: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    held = Employment.objects.filter(user__in=actors).select_related("organisation").order_by("started")
    for one in held:
        works.setdefault(one.user_id, {})[one.organisation_id] = one.organisation.cvr_number
    return [_event(row, owners[row.organisation_id], names, works) for row in page.rows]


def _event(
    row: Event,
    owner: Organisation,
    names: Mapping[uuid.UUID, str],
    works: Mapping[uuid.UUID, Mapping[uuid.UUID, str]],
) -> EventLog:
    payload = json.loads(row.payload)
    places = works.get(row.actor_id, {}) if row.actor_id else {}
    is_foreign = bool(places) and owner.pk not in places
    label = payload["actor_label"] if isinstance(payload["actor_label"], str) else None
    known = names.get(row.actor_id) if row.actor_id else label
    wire = TAGS[Tag(row.tag)].wire if row.tag in Tag.__members__ else ""
    return EventLog(
        id=row.pk,
        event_id=row.pk,
        version=1,
        transaction_id=payload["request_id"],
        channel=payload["channel"],
        channels=[payload["channel"]],
        subject=row.object_kind,
        type=row.slice,
        organisation_identity_id=row.organisation_id,
        event_time=row.time,
        created=row.time,
        owner=owner.cvr_number,
        owner_identity_id=str(owner.pk),
        actor=list(places.values())[-1] if is_foreign else known,
        actor_identity_id=None if is_foreign or not row.actor_id else str(row.actor_id),
        system=SystemDto(id=row.system_id) if row.system_id else None,
        message=str(row.object_id) if row.object_id else None,
        event_properties=_properties(row, payload, wire),
        event_tag=wire or None,
    )


def _properties(row: Event, payload: Mapping[str, Any], wire: str) -> dict[str, str]:
    """What else there is to tell, as texts; before and after as JSON."""
    told = {"objectLabel": row.object_label, "reason": str(payload["reason"] or "")}
    told |= {name: json.dumps(payload[name], ensure_ascii=False) for name in ("before", "after") if payload[name]}
    if wire != row.tag:
        told["adgangTag"] = row.tag
    return {name: value for name, value in told.items() if value}

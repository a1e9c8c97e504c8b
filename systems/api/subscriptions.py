"""Subscriptions of sender systems to organisations, by API."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api import enums
from adgang.lib.api.errors import FieldError, invalid, refuse
from adgang.lib.api.operations import Answer, found_one, operation
from adgang.lib.api.versions import expected
from adgang.lib.api.wire import Id, Long, Text, Wire, choices
from adgang.lib.registered import check_version
from organisations.models import Organisation
from organisations.rights import Right
from systems import access, subscribing
from systems.models import SenderSubscription, System

router = Router(tags=["Subscriptions"])
NAMES = {"notification_url": "notificationUrl", "cvr_numbers": "organisationSubscriptions"}


class OrganisationSubscription(Wire):
    """An organisation that is subscribed to."""

    id: Id = None
    version: Long = None
    cvr_number: Text = None


class OrganisationSenderSystemSubscription(Wire):
    """A subscription of a sender system."""

    id: Id = None
    sender_system_id: Id = None
    version: Long = None
    transaction_id: Text = None
    subscription_operations: choices(enums.OrganisationSubscriptionOperation) = None  # type: ignore[valid-type]
    organisation_subscriptions: list[OrganisationSubscription] | None = None
    notification_url: Text = None


class OrganisationSenderSystemSubscriptionCommand(Wire):
    """What is subscribed to. `senderSystemId` is needed where the caller has several sender systems."""

    subscription_operations: choices(enums.OrganisationSubscriptionOperation) = None  # type: ignore[valid-type]
    organisation_subscriptions: list[str] | None = None
    notification_url: Text = None
    sender_system_id: Id = None


def _wire(row: SenderSubscription) -> OrganisationSenderSystemSubscription:
    flags = (("ALL_ORGANISATIONS", row.all_organisations), ("NEW_ORGANISATIONS", row.new_organisations))
    return OrganisationSenderSystemSubscription(
        id=row.pk,
        sender_system_id=row.system_id,
        version=row.version,
        subscription_operations=[name for name, flag in flags if flag],
        # The number names the row: a subscription holds each once.
        organisation_subscriptions=[
            OrganisationSubscription(id=uuid.uuid5(row.pk, one), version=1, cvr_number=one) for one in row.cvr_numbers
        ],
        notification_url=row.notification_url or None,
    )


def _rows(among: Sequence[Organisation]) -> list[SenderSubscription]:
    rows = SenderSubscription.objects.filter(system__organisation__in=among)
    return list(rows.select_related("system__organisation"))


@operation(
    router,
    "GET",
    "organisations/subscriptions/",
    summary="Subscriptions",
    answer=list[OrganisationSenderSystemSubscription],
)
def subscriptions(request: HttpRequest) -> list[OrganisationSenderSystemSubscription]:
    """Return the subscriptions of the sender systems of the caller's organisations."""
    among = access.where(request, right=Right.SYSTEMS_VIEW)
    return [_wire(row) for row in _rows(among)]


@operation(
    router,
    "POST",
    "organisations/subscriptions/",
    summary="Subscribe",
    answer=OrganisationSenderSystemSubscription,
    status=201,
    errors=(400, 401, 403),
)
def subscription_create(request: HttpRequest, body: OrganisationSenderSystemSubscriptionCommand) -> Answer:
    """Register a subscription of a sender system. It is kept here; the registry of Digital Post is who tells."""
    among = access.where(request, right=Right.SYSTEMS_CHANGE)
    row = SenderSubscription(system=_sender(body, among))
    _set(row, body)
    with _refusing():
        subscribing.create(caller=access.caller(request), subscription=row)
    return Answer(body=_wire(row), version=row.version)


def _sender(body: OrganisationSenderSystemSubscriptionCommand, among: Sequence[Organisation]) -> System:
    rows = System.objects.filter(organisation__in=among, is_sender=True).select_related("organisation")
    found = list(rows.filter(pk=body.sender_system_id) if body.sender_system_id else rows[:2])
    if len(found) != 1:
        text = _("Name one of the organisation's sender systems as “senderSystemId”.")
        raise invalid(
            [FieldError(resource="subscription", field="senderSystemId", code="system.unknown", message=text)]
        )
    return found[0]


def _set(row: SenderSubscription, body: OrganisationSenderSystemSubscriptionCommand) -> None:
    chosen = set(body.subscription_operations or ())
    row.all_organisations = enums.OrganisationSubscriptionOperation.ALL_ORGANISATIONS in chosen
    row.new_organisations = enums.OrganisationSubscriptionOperation.NEW_ORGANISATIONS in chosen
    row.cvr_numbers = list(dict.fromkeys(body.organisation_subscriptions or ()))
    row.notification_url = (body.notification_url or "").strip()


@operation(
    router,
    "PUT",
    "organisations/subscriptions/{uuid:id}",
    summary="Change a subscription",
    answer=OrganisationSenderSystemSubscription,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def subscription_change(
    request: HttpRequest, id: uuid.UUID, body: OrganisationSenderSystemSubscriptionCommand
) -> Answer:
    """Replace what a sender system has subscribed to."""
    among = access.where(request, right=Right.SYSTEMS_CHANGE)
    row = found_one(next((one for one in _rows(among) if one.pk == id), None))
    version = expected(request)
    check_version(row, version=version)
    _set(row, body)
    with _refusing():
        subscribing.change(caller=access.caller(request), subscription=row, version=version)
    return Answer(body=_wire(row), version=row.version)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        refuse(error, resource="subscription", names=NAMES, sent={})

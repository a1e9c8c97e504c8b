"""The organisation's row as a lock: whoever changes what must hold for the whole organisation takes it first."""

import uuid
from collections.abc import Iterable

from organisations.models import Organisation


def lock(organisation_id: uuid.UUID) -> Organisation:
    """Return the organisation, locked until the transaction ends.

    The lock leaves the key alone, so rows that only refer to the organisation can be written meanwhile. Raises
    `Organisation.DoesNotExist`, and `TransactionManagementError` outside a transaction.
    """
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def lock_all(organisation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Organisation]:
    """Return several organisations, locked in the order of their ids so that two who do this never wait in a circle."""
    wanted = Organisation.objects.filter(pk__in=set(organisation_ids)).order_by("pk")
    return {organisation.pk: organisation for organisation in wanted.select_for_update(no_key=True)}

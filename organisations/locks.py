"""The organisation's row as a lock: whoever changes what must hold for the whole organisation takes it first."""

import uuid

from organisations.models import Organisation


def lock(organisation_id: uuid.UUID) -> Organisation:
    """Return the organisation, locked until the transaction ends.

    The lock leaves the key alone, so rows that only refer to the organisation can be written meanwhile. Raises
    `Organisation.DoesNotExist`, and `TransactionManagementError` outside a transaction.
    """
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)

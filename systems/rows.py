"""Systems as a list reads them: of each what its row shows.

Of a hundred models, with those beside them, it takes most of a page's time to make the models.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from organisations.models import Organisation
from systems.models import CheckRun, System
from systems.models.system import VALIDITY
from systems.protocols import Speaking

OWN = (
    *("pk", "name", "is_sender", "is_recipient", "is_default_recipient", "service_protocol", "active_from"),
    *("active_to", "next_certificate_from", "ssh_key_id", "ssh_username", "delegated_cvr"),
)
SIGNS = ("last_check_status", "last_passed", "last_seen", "confirmed")


class Validity(NamedTuple):
    """What of a certificate says whether it is in force (`systems.models.system.VALIDITY`)."""

    not_before: dt.datetime
    not_after: dt.datetime
    kind: str
    cvr: str


class Signs(NamedTuple):
    """What of a system's health its row shows; all of them are empty where nothing is known."""

    last_check_status: str | None
    last_passed: dt.datetime | None
    last_seen: dt.datetime | None
    confirmed: dt.datetime | None


@dataclass(slots=True)
class SystemRow(Speaking):
    """A system of a list, with the names that the model has for the same."""

    pk: uuid.UUID
    name: str
    is_sender: bool
    is_recipient: bool
    is_default_recipient: bool
    service_protocol: str
    active_from: dt.datetime | None
    active_to: dt.datetime | None
    next_certificate_from: dt.datetime | None
    ssh_key_id: uuid.UUID | None
    ssh_username: str
    delegated_cvr: str
    certificate: Validity | None
    next_certificate: Validity | None
    known_health: Signs
    organisation: Organisation
    open_runs: Sequence[CheckRun]


Shown = System | SystemRow


def read(keys: Sequence[uuid.UUID], *, organisation: Organisation) -> dict[uuid.UUID, SystemRow]:
    """Return the rows of systems of an organisation, by their keys, in two queries. Whoever asks has seen to access."""
    runs: dict[uuid.UUID, list[CheckRun]] = {}
    for run in CheckRun.objects.open().filter(system__in=keys).only("system_id", "status"):
        runs.setdefault(run.system_id, []).append(run)
    beside = [f"{name}__{field}" for name in ("certificate", "next_certificate") for field in VALIDITY]
    found = System.objects.filter(pk__in=keys).order_by()
    rows = found.values_list(*OWN, *beside, *(f"health__{field}" for field in SIGNS))
    return {row[0]: _row(row, organisation, runs.get(row[0], ())) for row in rows}


def _row(values: Any, organisation: Organisation, runs: Sequence[CheckRun]) -> SystemRow:
    first, second = len(OWN), len(OWN) + len(VALIDITY)
    third = second + len(VALIDITY)
    certificates = [_validity(values[first:second]), _validity(values[second:third])]
    fields: list[Any] = [*values[:first], *certificates, Signs(*values[third:]), organisation, runs]
    return SystemRow(*fields)


def _validity(values: Any) -> Validity | None:
    return None if values[0] is None else Validity(*values)

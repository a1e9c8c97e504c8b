"""What an organisation gave others and got from others, and what it is offered to give."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from adgang.lib import slots
from organisations.grants import related
from organisations.models import Organisation, Privilege


@dataclass(frozen=True)
class Offer:
    """A system that names another organisation as its vendor, which has no role for it: naming gives nothing."""

    system_id: uuid.UUID
    system: str
    vendor: Organisation


def given(organisation: Organisation, *, at: dt.datetime) -> QuerySet[Privilege]:
    """Return the roles that other organisations have here, each with how many it was `passed_on` to."""
    rows = related().active(at).filter(scope=organisation, delegate__isnull=False)
    return rows.annotate(passed_on=Count("children")).order_by("delegate__name", "type")


def received(organisation: Organisation, *, at: dt.datetime) -> QuerySet[Privilege]:
    """Return the roles that the organisation has at others, each with whom it was passed on to (`passed`)."""
    children = related().active(at).order_by("created")
    rows = related().active(at).filter(delegate=organisation)
    return rows.prefetch_related(Prefetch("children", children, to_attr="passed")).order_by("scope__name", "type")


def offers(organisation: Organisation, *, at: dt.datetime) -> Iterator[Offer]:
    """Yield the systems whose vendor could be given a role for them."""
    named = [one for filling in slots.fillings("vendor_systems") for one in filling(organisation)]
    vendors = {one.cvr_number: one for one in Organisation.objects.filter(cvr_number__in={cvr for _, _, cvr in named})}
    has = set(given(organisation, at=at).values_list("delegate__cvr_number", "system_id"))
    for system_id, system, cvr in named:
        is_given = (cvr, system_id) in has or (cvr, None) in has
        if cvr in vendors and cvr != organisation.cvr_number and not is_given:
            yield Offer(system_id, system, vendors[cvr])


def system_names(privileges: list[Privilege]) -> dict[uuid.UUID, str]:
    """Return the names of the systems to which roles of several organisations are limited, by id."""
    limited = {one.system_id for one in privileges if one.system_id is not None}
    return {id_: name for filling in slots.fillings("system_names") for id_, name in filling(limited).items()}

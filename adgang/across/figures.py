"""What is counted of each organisation, in one query for all of them."""

import datetime as dt
from typing import Any

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from contacts.models import ContactPoint
from organisations.callers import Caller
from organisations.models import Deadline, Organisation, Privilege, Reminder, TermsAcceptance
from organisations.privileges import USER_ADMINISTRATOR
from organisations.rights import Right
from systems.models import System
from systems.models.health import HealthState

# How many of these are done says how far an organisation is; each is an annotation that is 1 or more when it is.
STEPS = ("accepted", "administrators", "in_service", "points")


def in_reach(caller: Caller) -> QuerySet[Organisation]:
    """Return the organisations that somebody acts for; all of them for those who run the installation."""
    if caller.may_operate():
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=[one.pk for one in caller.organisations])


def with_figures(caller: Caller, *, at: dt.datetime) -> QuerySet[Organisation]:
    """Return those organisations with what is known of each; systems only as far as the person may see them."""
    systems = _systems(caller).in_service(at)
    points = ContactPoint.objects.filter(active=True, visible=True)
    if not caller.may_operate():
        points = points.filter(organisation__in=_with(caller, Right.CONTACTS_VIEW))
    deadlines = Deadline.objects.filter(date__gte=timezone.localdate(at))
    administrators = Privilege.objects.filter(
        type=USER_ADMINISTRATOR, active_to=None, parent=None, user__is_active=True
    )
    rows = in_reach(caller).annotate(
        accepted=_count(TermsAcceptance.objects.all()),
        administrators=_count(administrators, owner="scope"),
        in_service=_count(systems),
        failing=_count(systems.filter(health__state=HealthState.FAILING)),
        points=_count(points),
        next_expiry=_first(systems, "certificate__not_after"),
        next_deadline=_first(deadlines, "date"),
        reminded=_last_reminder(),
    )
    done = [Least(F(name), 1) for name in STEPS]
    return rows.annotate(done=done[0] + done[1] + done[2] + done[3])


def _systems(caller: Caller) -> Any:
    """Return the systems that the person may see, those of limited roles among them."""
    if caller.may_operate():
        return System.objects.all()
    whole, limited = _with(caller, Right.SYSTEMS_VIEW), set()
    for organisation in caller.organisations:
        limited |= caller.grants(organisation).systems(Right.SYSTEMS_VIEW) or set()
    return System.objects.filter(Q(organisation__in=whole) | Q(pk__in=limited))


def _with(caller: Caller, right: Right) -> list[Any]:
    return [one.pk for one in caller.organisations if caller.may(right, one)]


def _count(rows: QuerySet[Any], *, owner: str = "organisation") -> Coalesce:
    mine = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(number=Count("pk"))
    return Coalesce(Subquery(mine.values("number"), output_field=IntegerField()), 0)


def _first(rows: QuerySet[Any], field: str) -> Subquery:
    mine = rows.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    return Subquery(mine.annotate(first=Min(field)).values("first"))


def _last_reminder() -> Subquery:
    mine = Reminder.objects.filter(organisation=OuterRef("pk")).order_by("-sent")
    return Subquery(mine.values("sent")[:1])

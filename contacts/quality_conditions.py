"""Which points and groups break a rule of the quality report, as conditions that the database answers."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length, Lower, Substr
from django.db.models.lookups import Exact, GreaterThan, In
from django.utils import timezone

from contacts.models import (
    CodeType,
    ContactGroup,
    ContactPoint,
    ContactPointCode,
    ListedCode,
    Placement,
    RecommendedAttribute,
    SearchTerm,
)
from contacts.models.point import SOMEBODY
from organisations.models import Organisation
from systems.models import System
from systems.states import in_service

# What migrations and hurried people leave where a description should stand.
PLACEHOLDERS = (
    *("", "-", ".", "?", "x", "xx", "xxx", "tbd", "todo", "test", "change me", "changeme", "lorem ipsum"),
    *("beskrivelse", "description", "ret mig", "udfyldes", "udfyldes senere", "mangler", "n/a", "ingen"),
)
LONG_NAME = 60  # characters; writers see no more on a small screen
SHARED = 20  # points that may share a search term before it tells nothing apart
CARRIED = 2  # pairs of ContactInfo in a MeMo
REVIEW_DAYS = 365
KLE_SUBJECT = 8  # characters, without the facet


def idle(organisation: Organisation, at: dt.datetime) -> Q:
    """Active points whose system is not in service, or does not receive."""
    systems = System.objects.filter(organisation=organisation)
    return Q(active=True, system__in=systems.exclude(in_service(at), is_recipient=True))


def visible_but_closed(organisation: Organisation, at: dt.datetime) -> Q:
    """Points that writers find and cannot write to."""
    return Q(visible=True, active=False)


def for_nobody(organisation: Organisation, at: dt.datetime) -> Q:
    """Open points without a target audience."""
    return Q(visible=True, active=True) & ~SOMEBODY


def says_nothing(organisation: Organisation, at: dt.datetime) -> Q:
    """Visible points whose description is empty, a placeholder or the name once more."""
    said = Lower("description")
    return Q(visible=True) & (Q(In(said, PLACEHOLDERS)) | Q(Exact(said, Lower("name"))))


def same_name(organisation: Organisation, at: dt.datetime) -> Q:
    """Points that share their name with another in the same group."""
    places = Placement.objects.filter(organisation=organisation)
    return Q(pk__in=repeated(places, "group_id", "point__name").values("point_id"))


def same_group_name(organisation: Organisation, at: dt.datetime) -> Q:
    """Groups that share their name with another beside them."""
    groups = ContactGroup.objects.filter(organisation=organisation)
    return Q(pk__in=repeated(groups, "parent_id", "name").values("pk"))


def repeated(rows: QuerySet[Any, Any], *columns: str) -> QuerySet[Any, Any]:
    """Return the rows that have the columns in common with another row; NULL equals NULL."""
    alike: QuerySet[Any, Any] = rows.order_by().annotate(
        alike=Window(Count("*"), partition_by=[F(column) for column in columns])
    )
    return alike.filter(alike__gt=1)


def no_terms(organisation: Organisation, at: dt.datetime) -> Q:
    """Visible points without a search term."""
    with_terms = SearchTerm.objects.filter(point__organisation=organisation).order_by()
    return Q(visible=True) & ~Q(pk__in=with_terms.values("point"))


def nothing_below(organisation: Organisation, at: dt.datetime) -> Q:
    """Groups in whose whole branch nobody finds anything; of a branch of such groups the topmost."""
    organisation_id = Organisation._meta.pk.get_db_prep_value(organisation.pk, connection)
    found = RawSQL(EMPTY_GROUPS, [organisation_id] * 2)  # noqa: S611 – a statement of our own, the id as its parameter
    return Q(pk__in=found)


# Used are the groups in which an open point stands, and all above them.
EMPTY_GROUPS = f"""
    WITH RECURSIVE used (id) AS (
        SELECT s.group_id FROM {Placement._meta.db_table} s JOIN {ContactPoint._meta.db_table} p ON p.id = s.point_id
        WHERE s.organisation_id = %s AND s.group_id IS NOT NULL AND p.active AND p.visible
            AND (p.for_citizens OR p.for_companies OR p.for_authorities)
        UNION
        SELECT g.parent_id FROM {ContactGroup._meta.db_table} g JOIN used ON g.id = used.id
        WHERE g.parent_id IS NOT NULL
    )
    SELECT g.id FROM {ContactGroup._meta.db_table} g
    LEFT JOIN used AS own ON own.id = g.id LEFT JOIN used AS above ON above.id = g.parent_id
    WHERE g.organisation_id = %s AND own.id IS NULL AND (g.parent_id IS NULL OR above.id IS NOT NULL)"""  # noqa: S608


def long_name(organisation: Organisation, at: dt.datetime) -> Q:
    """Points whose name is cut off where there is little room."""
    return Q(GreaterThan(Length("name"), LONG_NAME), visible=True)


def common_term(organisation: Organisation, at: dt.datetime) -> Q:
    """Visible points with a search term that many others have, too."""
    own = SearchTerm.objects.filter(point__organisation=organisation, point__visible=True).order_by()
    shared = own.values("term").annotate(points=Count("pk")).filter(points__gt=SHARED).values("term")
    return Q(visible=True, pk__in=own.filter(term__in=shared).values("point"))


def obsolete_code(organisation: Organisation, at: dt.datetime) -> Q:
    """Points with a code that its loaded list has no more, or not yet any more."""
    obsolete = ListedCode.objects.obsolete(timezone.localdate(at)).order_by()
    carried = ContactPointCode.objects.filter(point__organisation=organisation).order_by()
    carried = carried.annotate(subject=Substr("code", 1, KLE_SUBJECT))
    kle = carried.filter(type=CodeType.KLE, subject__in=obsolete.filter(type=CodeType.KLE).values("code"))
    form = carried.filter(type=CodeType.FORM, code__in=obsolete.filter(type=CodeType.FORM).values("code"))
    return Q(pk__in=kle.values("point")) | Q(pk__in=form.values("point"))


def asks_too_much(organisation: Organisation, at: dt.datetime) -> Q:
    """Points that ask writers for more than a message carries."""
    beyond = RecommendedAttribute.objects.filter(point__organisation=organisation, position__gte=CARRIED)
    return Q(pk__in=beyond.order_by().values("point"))


def dead_link(organisation: Organisation, at: dt.datetime) -> Q:
    """Points with a text for a link that leads nowhere, and links that browsers warn against or cannot follow."""
    said = ~Q(report_link_label="") | ~Q(report_link_text="") | ~Q(report_link_description="")
    secure = Q(report_link_url__istartswith="https://", report_link_url__contains=".")
    return (said & Q(report_link_url="")) | (~Q(report_link_url="") & ~secure)


def not_reviewed(organisation: Organisation, at: dt.datetime) -> Q:
    """Visible points that nobody has reviewed for a year, nor made since."""
    due = at - dt.timedelta(days=REVIEW_DAYS)
    return Q(visible=True) & (Q(reviewed__lt=due) | Q(reviewed=None, created__lt=due))

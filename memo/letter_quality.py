"""What the contact structure may learn of letter types: who replies to a contact point, and rules of its quality."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.problems import Weight
from contacts.dependants import Referrer
from contacts.quality_rules import Act, Rule
from memo.models import LetterType, Mark
from organisations.models import Organisation

CLOSED = Q(point_name__isnull=False, point_active=False)
HIDDEN = Q(point_active=True, point_visible=False)
REPLACED = Q(point_replaced_by__isnull=False)
DELETED = Q(mark=Mark.MISSING, reply_point_id__isnull=False)


def replying_to(organisation: Organisation, ids: Collection[uuid.UUID]) -> list[Referrer]:
    """Return the letter types that reply to one of the contact points; fills the slot `contact_dependants`."""
    rows = LetterType.objects.filter(organisation=organisation, reply_point_id__isnull=False).order_by("name")
    text = _("The letter type %(name)s replies to it.")
    return [
        Referrer(text % {"name": name}, _url(organisation, pk), replies=True)
        for pk, name, point_id in rows.values_list("pk", "name", "reply_point_id")
        if point_id in ids
    ]


def _url(organisation: Organisation, pk: uuid.UUID) -> str:
    return reverse("letter_type", args=[organisation.cvr_number, pk])


def _of(organisation: Organisation, condition: Q) -> list[tuple[uuid.UUID, str, str, uuid.UUID | None]]:
    rows = LetterType.objects.filter(organisation=organisation, reply_allowed=True).with_point().filter(condition)
    return list(rows.order_by("name").values_list("pk", "name", "reply_point_name", "reply_point_id"))


def _points(condition: Q) -> Callable[[Organisation, dt.datetime], Q]:
    """Return the condition of the contact points to which letter types of a condition reply."""

    def concerned(organisation: Organisation, at: dt.datetime) -> Q:
        rows = LetterType.objects.filter(organisation=organisation, reply_allowed=True).with_point().filter(condition)
        return Q(pk__in=rows.order_by().values("reply_point_id"))

    return concerned


def _named(condition: Q) -> Callable[[Organisation], Sequence[Referrer]]:
    """Return what names the letter types of a condition, each with the contact point it replies to."""

    def named(organisation: Organisation) -> list[Referrer]:
        text = _("%(name)s replies to %(point)s")
        return [
            Referrer(text % {"name": name, "point": point}, _url(organisation, pk), replies=True)
            for pk, name, point, _id in _of(organisation, condition)
        ]

    return named


def rules() -> Sequence[Rule]:
    """Return the rules about letter types; fills the slot `quality_rules`. `memo.marks` tells the overview of them."""
    return RULES


RULES: tuple[Rule, ...] = (
    Rule(
        code="letters-to-deleted",
        weight=Weight.ERROR,
        title=gettext_lazy("Letter types reply to deleted contact points"),
        cure=gettext_lazy("Choose another contact point for them: a reply to these cannot be sent."),
        condition=lambda _organisation, _at: Q(pk__in=[]),
        referrers=_named(DELETED),
        of_referrers=True,
        told_elsewhere=True,
    ),
    Rule(
        code="letters-to-closed",
        act=Act.STATE,
        weight=Weight.ERROR,
        title=gettext_lazy("Letter types reply to closed contact points"),
        cure=gettext_lazy("Open the contact points, at least for replies, or let the letter types reply to others."),
        condition=_points(CLOSED),
        referrers=_named(CLOSED),
        told_elsewhere=True,
    ),
    Rule(
        code="letters-to-replaced",
        weight=Weight.WARNING,
        title=gettext_lazy("Letter types reply to contact points that others have taken over from"),
        cure=gettext_lazy("Let the letter types follow to the successors; it is one click on their pages."),
        condition=_points(REPLACED),
        referrers=_named(REPLACED),
        told_elsewhere=True,
    ),
    Rule(
        code="letters-to-hidden",
        act=Act.STATE,
        weight=Weight.NOTICE,
        title=gettext_lazy("Letter types reply to contact points that are for replies only"),
        cure=gettext_lazy(
            "That is right for letters already sent. New letters had better carry an open contact point."
        ),
        condition=_points(HIDDEN),
        referrers=_named(HIDDEN),
        told_elsewhere=True,
    ),
)

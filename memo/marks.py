"""What the mark of a letter type says, and what is wrong with its contact point."""

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from adgang.lib.findings import Finding, finding
from adgang.lib.problems import Problem, Weight
from adgang.lib.templatetags.adgang import badge
from memo.models import LetterType, Mark
from organisations.event_tags import Tag
from organisations.models import Event, Organisation

VARIANTS = {Mark.MISSING: "error", Mark.PROVISIONAL: "warning", Mark.FINAL: "success", Mark.NO_REPLY: ""}
EXPLANATIONS: dict[Mark, Promise] = {
    Mark.MISSING: _("The letter must carry a contact point for replies, and none is chosen, or it is deleted."),
    Mark.PROVISIONAL: _("The contact point has no ID in Digital Post yet. Use no provisional ID in letters."),
    Mark.FINAL: _("The contact point has an ID that letters can carry."),
    Mark.NO_REPLY: _("The recipient cannot reply, so the letter carries no contact point."),
}


def mark_of(letter_type: LetterType) -> Mark:
    """Return the mark of a letter type that was read `with_point`."""
    return Mark(letter_type.mark)  # type: ignore[attr-defined]


def mark_badge(letter_type: LetterType) -> SafeString:
    """Return the mark in a coloured box."""
    mark = mark_of(letter_type)
    return badge(mark.label, VARIANTS[mark])


def faults(letter_type: LetterType) -> list[Finding]:
    """Return what is wrong with the contact point of a letter type that was read `with_point`."""
    row = vars(letter_type)
    if not letter_type.reply_allowed:
        return []
    if letter_type.reply_point_id is None:
        return [finding("letter.point.none")]
    name = row["point_name"] or letter_type.reply_point_name
    if row["point_name"] is None:
        to_come = mark_of(letter_type) is Mark.PROVISIONAL
        return [finding("letter.point.to_come" if to_come else "letter.point.deleted", name=name)]
    found = []
    if mark_of(letter_type) is Mark.PROVISIONAL:
        found.append(finding("letter.point.provisional", name=name))
    if row["point_replaced_by"]:
        found.append(finding("letter.point.replaced", name=name))
    if not row["point_active"]:
        found.append(finding("letter.point.inactive", name=name))
    elif not row["point_visible"]:
        found.append(finding("letter.point.hidden", name=name))
    if name != letter_type.reply_point_name:
        found.append(finding("letter.point.renamed", name=name, old=letter_type.reply_point_name))
    return found


def moved(letter_type: LetterType) -> Finding | None:
    """Return that the contact point has stood elsewhere since the letter type was saved, or None; one query."""
    if letter_type.reply_point_id is None:
        return None
    events = Event.objects.filter(organisation_id=letter_type.organisation_id, object_id=letter_type.reply_point_id)
    last = events.filter(tag=Tag.CONTACT_POINT_MOVED, time__gt=letter_type.updated).order_by("-seq").first()
    if last is None:
        return None
    return finding("letter.point.moved", name=letter_type.reply_point_name, date=last.time)


# What makes a letter type one to look at.
BROKEN = Q(mark=Mark.MISSING) | Q(point_active=False) | Q(point_replaced_by__isnull=False, reply_allowed=True)


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return how many letter types reply to nowhere; fills the slot of the same name."""
    rows = LetterType.objects.filter(organisation=organisation)
    count = rows.with_point().filter(BROKEN).count()
    if not count:
        return []
    text = ngettext(
        "%(count)d letter type replies to a contact point that is missing, closed or replaced.",
        "%(count)d letter types reply to contact points that are missing, closed or replaced.",
        count,
    )
    return [
        Problem(
            weight=Weight.WARNING,
            text=text % {"count": count},
            cure=_("Choose the contact point that takes the replies now."),
            url=reverse("letter_types", args=[organisation.cvr_number]) + "?look=broken",
        )
    ]

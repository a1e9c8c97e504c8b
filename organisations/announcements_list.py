"""The operator's list of announcements: columns, filters and words."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from adgang.lib.templatetags.adgang import badge
from organisations.models import Announcement
from organisations.rights import roles

STATES: dict[str, str | Promise] = {
    "on": gettext_lazy("Shown now"),
    "planned": gettext_lazy("Planned"),
    "over": gettext_lazy("Over"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
VARIANTS = {"on": "success", "planned": "info", "over": "", "withdrawn": "warning"}


def announcements_list() -> ListSpec:
    """Return the list's specification."""
    return ListSpec(
        name="announcements",
        caption=_("Announcements"),
        columns=[
            Column("title", _("Heading"), cell="title", sort=("title_da",), link=_link),
            Column("level", _("Kind"), cell=lambda one: one.get_level_display(), sort=("level",)),
            Column("state", _("State"), cell=state_badge, export=lambda one: str(STATES[state_of(one)])),
            Column("starts", _("From"), cell="starts", sort=("starts",)),
            Column("until", _("Until"), cell="until", sort=("until",)),
            Column("audience", _("For"), cell=audience),
            Column("text", _("Text"), cell="text", where="file"),
        ],
        default_sort="-starts",
        search=("title_da", "title_en", "text_da", "text_en"),
        search_label=_("Words in heading or text"),
        filters=[
            Filter("tilstand", _("State"), choices=list(STATES.items()), apply=_in_state),
            Filter("slags", _("Kind"), choices=Announcement.Level.choices, apply=_of_level),
        ],
        empty=Empty(
            _("Nothing has been announced"),
            _("Tell users of changes, faults and deadlines, at the top of their pages and by mail."),
        ),
    )


def state_of(announcement: Announcement) -> str:
    """Return the key of `STATES` for an announcement now."""
    at = timezone.now()
    if announcement.withdrawn:
        return "withdrawn"
    if announcement.is_over(at):
        return "over"
    return "on" if announcement.is_on(at) else "planned"


def state_badge(announcement: Announcement) -> SafeString:
    """Return where an announcement stands."""
    state = state_of(announcement)
    return badge(STATES[state], VARIANTS[state])


def audience(announcement: Announcement) -> str:
    """Return in words whom an announcement is for."""
    parts = [_("Everybody")]
    if count := len(announcement.cvr_numbers):
        parts = [ngettext("%(count)s authority", "%(count)s authorities", count) % {"count": count}]
    if announcement.roles:
        parts += [", ".join(role_names(announcement))]
    if announcement.on_open_pages:
        parts += [_("also before login")]
    return " · ".join(parts)


def role_names(announcement: Announcement) -> list[str]:
    """Return what the roles are called that an announcement is for."""
    return [role.label for type_, role in roles().items() if type_ in announcement.roles]


def _link(announcement: Announcement) -> str:
    return reverse("announcement", args=[announcement.pk])


def _in_state(rows: Rows, value: str) -> Rows:
    at = timezone.now()
    if value == "withdrawn":
        return rows.exclude(withdrawn=None)
    rows = rows.filter(withdrawn=None)
    if value == "over":
        return rows.filter(until__lte=at)
    rows = rows.exclude(until__lte=at)
    return rows.filter(starts__lte=at) if value == "on" else rows.filter(starts__gt=at)


def _of_level(rows: Rows, value: str) -> Rows:
    return rows.filter(level=value)

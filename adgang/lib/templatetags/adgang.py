"""Tags and filters of every template (a builtin: nothing to load)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib import dates, markup
from adgang.lib.cvr import spaced
from adgang.lib.exports import thousands

register = template.Library()

SPRITE = "dkfds/img/all-svg-icons.svg"
ALERT_ICONS = {"info": "info", "success": "success", "warning": "warning", "error": "error"}

register.filter("day", dates.day)
register.filter("moment", dates.moment)
register.filter("cvr", spaced)
register.filter("number", thousands)


@register.filter
def yesno_text(value: object) -> str:
    """Return Yes or No in the reader's language."""
    return _("Yes") if value else _("No")


@register.simple_tag
def when(value: dt.date | None) -> SafeString | str:
    """Return a date or time as people read it, in a `<time>` that programs read; "" for None."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), dates.moment(value))


@register.simple_tag
def icon(name: str, *, label: str | Promise = "", **attributes: str) -> SafeString:
    """Return an icon of the design system: decoration, or with `label` an image that says something."""
    css = f"icon-svg {attributes.get('class', '')}".strip()
    return markup.icon(f"{static(SPRITE)}#{name}", css, str(label))


@register.simple_tag
def badge(text: str | Promise, variant: str = "") -> SafeString:
    """Return a short state in a coloured box; the text alone tells the state, the colour only helps the eye."""
    return markup.badge(text if isinstance(text, SafeString) else str(text), variant)


@register.simple_tag
def copy(value: object, label: str | Promise = "") -> SafeString:
    """Return a button that copies `value`; shown only where scripts run."""
    return format_html(
        '<button type="button" class="function-link copy-button" data-copy="{}" data-copied="{}">'
        "{}<span>{}</span></button>",
        value,
        _("Copied"),
        icon("copy"),
        label or _("Copy"),
    )


@register.simple_block_tag(end_name="endalert")
def alert(content: str, variant: str = "info", heading: str | Promise = "") -> SafeString:
    """Return a message box around `content`. Variants: info, success, warning, error."""
    title = format_html('<p class="alert-heading">{}</p>', heading) if heading else ""
    return format_html(
        '<div class="alert alert-{}">{}<div class="alert-body">{}<div class="alert-text">{}</div></div></div>',
        variant,
        icon(ALERT_ICONS[variant], label=alert_words()[variant], **{"class": "alert-icon"}),
        title,
        content,
    )


def alert_words() -> dict[str, str]:
    """Return what each kind of message box is called aloud."""
    return {"info": _("Information"), "success": _("Success"), "warning": _("Warning"), "error": _("Error")}


@register.inclusion_tag("breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, *parts: object) -> dict[str, Any]:
    """Return the trail to this page: label, URL, label, URL, …, label of this page.

    Inside an organisation the trail begins at its overview.
    """
    return breadcrumbs_of(context, parts)


@register.inclusion_tag("breadcrumbs.html", takes_context=True)
def breadcrumbs_of(context: Context, parts: Sequence[object]) -> dict[str, Any]:
    """Return the same trail from a list made in Python."""
    organisation = getattr(context.get("request"), "organisation", None)
    crumbs = list(pairs(parts))
    if organisation is not None:
        crumbs.insert(0, (organisation.name, reverse("overview", args=[organisation.cvr_number])))
    return {"crumbs": crumbs}


def pairs(parts: Sequence[object]) -> Iterator[tuple[object, str]]:
    """Yield (label, URL) from the flat arguments of `breadcrumbs`; the last label has no URL."""
    for position in range(0, len(parts), 2):
        yield parts[position], str(parts[position + 1]) if position + 1 < len(parts) else ""

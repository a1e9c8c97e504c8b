"""Text as HTML, for the cells of lists and all that stands on a page a hundred times.

It is what `django.utils.html` gives; that also asks of each piece whether it is yet to be translated, and hands it from
one function to the next, which takes longer than the escaping.
"""

import html
from functools import lru_cache

from django.utils.safestring import SafeString

BADGES = frozenset({"success", "warning", "error", "info"})


def escaped(text: str) -> SafeString:
    """Return a text with what HTML takes for its own escaped; what is HTML already stays as it is."""
    return text if isinstance(text, SafeString) else SafeString(html.escape(text))


def link(url: str, shown: str) -> SafeString:
    """Return a link to `url` around a text or HTML."""
    return SafeString("".join(('<a href="', html.escape(url), '">', escaped(shown), "</a>")))


def badge(text: str, variant: str) -> SafeString:
    """Return a short state in a coloured box; `variant` is one of `BADGES` or anything else for no colour."""
    return _badge(escaped(text), variant)


@lru_cache(maxsize=500)
def _badge(shown: SafeString, variant: str) -> SafeString:
    css = f"badge badge-{variant}" if variant in BADGES else "badge"
    return SafeString(f'<span class="{css}">{shown}</span>')


def icon(href: str, css: str, label: str) -> SafeString:
    """Return an image of the sprite; with a label it says something, without it is decoration."""
    return _icon(escaped(href), escaped(css), escaped(label))


@lru_cache(maxsize=500)
def _icon(href: SafeString, css: SafeString, label: SafeString) -> SafeString:
    told = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return SafeString(f'<svg class="{css}" {told} focusable="false"><use href="{href}"></use></svg>')

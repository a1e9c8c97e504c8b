"""Toasts: after every change, one line that says what was done, with a link to it."""

from typing import Literal

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html

Variant = Literal["success", "info", "warning", "error"]
LEVELS: dict[Variant, int] = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


def toast(
    request: HttpRequest,
    text: str | Promise,
    link: str | None = None,
    link_text: str | Promise | None = None,
    *,
    variant: Variant = "success",
) -> None:
    """Show `text` on the next page the person sees; `link` is a URL and `link_text` what stands on it.

    The text is kept in the session until then, so it must never hold a secret.
    """
    content = format_html('{} <a href="{}">{}</a>', text, link, link_text) if link and link_text else str(text)
    messages.add_message(request, LEVELS[variant], content, extra_tags=variant)

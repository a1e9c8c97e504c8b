"""The page that asks once before something is destroyed: what will happen to what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form

Text = str | Promise


class ReasonForm(Form):
    """Why something is done; the reason stands in the event log."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept in the event log. Write no CPR numbers or other personal data."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def confirm(
    request: HttpRequest,
    *,
    title: Text,
    consequences: Sequence[Text],
    submit: Text,
    cancel_url: str,
    danger: bool = True,
    intro: Text = "",
    version: int | None = None,
    form: forms.BaseForm | None = None,
    reason_field: bool = False,
    hidden: Mapping[str, str] | None = None,
    crumbs: Sequence[object] = (),
) -> HttpResponse:
    """Return the page that lists `consequences` and posts back to the same URL.

    `version` travels as a hidden field of that name, `hidden` as further ones. `form` (or `reason_field`, which makes
    a `ReasonForm`) asks for more before the button; pass the bound form to show its errors. `crumbs` is the trail up
    to this page: label, URL, ….
    """
    context: dict[str, Any] = {
        "title": title,
        "intro": intro,
        "consequences": consequences,
        "submit": submit,
        "cancel_url": cancel_url,
        "danger": danger,
        "form": form or (ReasonForm() if reason_field else None),
        "hidden": {**({"version": str(version)} if version is not None else {}), **(hidden or {})},
        "crumbs": [*crumbs, title],
    }
    return render(request, "confirm.html", context)


def posted_version(request: HttpRequest) -> int:
    """Return the version that a confirmation was asked at; 0, which no object has, for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0

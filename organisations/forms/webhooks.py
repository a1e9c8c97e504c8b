"""The form of a webhook."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import ModelForm, VersionedForm
from organisations.event_tags import TAGS, Slice
from organisations.models import Webhook

WRONG = _("Write an address that begins with https://, without spaces, user name or password.")


def usable(url: str) -> bool:
    """Say whether a message can be sent to the address; where it may lead is judged when it is dialled."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return plain and parts.scheme == "https" and bool(parts.hostname) and port != 0 and "@" not in parts.netloc


class WebhookForm(VersionedForm, ModelForm):
    """Where to send, and of what."""

    class Meta:
        model = Webhook
        fields = ["name", "url", "tags"]

    name = forms.CharField(
        label=_("Name"),
        help_text=_("What you call it: the program that receives."),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "input-width-l"}),
    )
    url = forms.CharField(
        label=_("Address"),
        help_text=_(
            "An https address of your own that is reached from the Internet, such as https://example.dk/adgang."
        ),
        max_length=500,
        widget=forms.URLInput(attrs={"class": "input-width-xl"}),
    )
    tags = forms.MultipleChoiceField(
        label=_("Events"),
        help_text=_("Choose those that the program needs; none means all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = [(str(tag), row.label) for tag, row in TAGS.items() if row.slice is Slice.ACTIONS]
        self.fields["tags"].choices = acts  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """Return the address when it can be sent to."""
        url = str(self.cleaned_data["url"]).strip()
        if not usable(url):
            raise ValidationError(WRONG)
        return url

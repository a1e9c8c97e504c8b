"""Forms of a swap: which systems, when, and what is asked of others."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from certificates.forms import CertificateForm
from organisations.models import Organisation
from systems.forms.service import MomentForm

VERSION_DIGITS = 18


class RenewalForm(CertificateForm):
    """The certificate that is to follow another."""


class ChosenSystems(Form):
    """Systems ticked in the preview, each with the version it was shown at: `<id>:<version>`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = dict(self._chosen()) if self.is_bound else {}

    def _chosen(self) -> Iterable[tuple[uuid.UUID, int]]:
        values = self.data.getlist("system") if hasattr(self.data, "getlist") else []
        for value in values:
            name, _colon, version = value.partition(":")
            if version.isascii() and version.isdigit() and len(version) <= VERSION_DIGITS and _is_uuid(name):
                yield uuid.UUID(name), int(version)


class SwapForm(MomentForm, ChosenSystems):
    """Carry out a swap: now or on a date, and ask other authorities."""

    message = forms.CharField(
        label=_("Message to the authorities that are asked"),
        help_text=_("They read it with the request. Write no CPR numbers or other personal data."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, others: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(one.pk): one for one in others}
        self.fields["when"].label = _("When are the systems to use the new certificate?")
        self.fields["on"].help_text = _("dd-mm-yyyy hh.mm. Change the certificate in the systems themselves then too.")
        if not self.others:
            del self.fields["message"]

    @property
    def asked(self) -> list[Organisation]:
        """The authorities that are to be asked."""
        ticked = self.data.getlist("ask") if hasattr(self.data, "getlist") else []
        return [self.others[value] for value in ticked if value in self.others]

    def clean(self) -> dict[str, Any]:
        """Require something to do."""
        cleaned = super().clean() or self.cleaned_data
        if not self.chosen and not self.asked:
            raise ValidationError(_("Choose at least one system."))
        return cleaned


class AnswerForm(MomentForm, ChosenSystems):
    """Accept a request with the systems ticked, or decline it with a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label=_("Reason for declining"),
        help_text=_("Whoever asked gets to read it. Write no CPR numbers or other personal data."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def declines(self) -> bool:
        """Whether the button to decline was pressed."""
        return self.data.get("answer") == "decline"

    def clean(self) -> dict[str, Any]:
        """Require what the answer needs."""
        cleaned = super().clean() or self.cleaned_data
        if self.declines and not cleaned.get("reason"):
            raise ValidationError({"reason": _("Write why you decline; whoever asked gets to read it.")})
        if not self.declines and not self.chosen:
            raise ValidationError(_("Choose at least one system."))
        return cleaned


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True

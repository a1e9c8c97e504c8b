"""Forms about when a system is in service, and about what vouches for its connection."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateTimeField, Form, VersionedForm
from certificates.forms import CertificateForm, SshKeyForm
from systems.models import System


class When(models.TextChoices):
    """Whether something happens at once or on a date."""

    NOW = "now", _("Now")
    LATER = "later", _("On a date")


class MomentForm(Form):
    """Now or on a date. After cleaning, `moment` is the date, None for now."""

    when = forms.ChoiceField(label=_("When?"), choices=When.choices, widget=forms.RadioSelect, initial=When.NOW)
    on = DateTimeField(label=_("Date and time"), required=False)

    def clean(self) -> dict[str, Any]:
        """Require the date where it is chosen, and pass over one where it is not."""
        cleaned = super().clean() or self.cleaned_data
        if "when" not in self.fields:
            return cleaned
        if cleaned.get("when") == When.NOW:
            cleaned["on"] = None
        elif not {"when", "on"} & self.errors.keys():
            self._check_moment(cleaned.get("on"))
        return cleaned

    def _check_moment(self, moment: dt.datetime | None) -> None:
        if moment is None:
            raise ValidationError({"on": _("Write when, or choose “Now”.")})
        if moment <= timezone.now():
            raise ValidationError({"on": _("That time has passed. Write a later one, or choose “Now”.")})

    @property
    def moment(self) -> dt.datetime | None:
        """The chosen date; None for now."""
        return self.cleaned_data.get("on")

    def without_date(self) -> None:
        """Ask no date: it can only be now."""
        del self.fields["when"], self.fields["on"]


class WhenForm(VersionedForm, MomentForm):
    """Now or on a date, for a system as it was read."""

    def __init__(self, *args: Any, instance: System, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class ServiceForm(WhenForm):
    """Into or out of service."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept in the event log. Write no CPR numbers or other personal data."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, reason_required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_required


class SystemCertificateForm(CertificateForm, WhenForm):
    """A certificate for the system; where one is in force already the new one may follow on a date."""

    field_order = ["file", "text", "when", "on", "version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("When is it to be used?")
        self.fields["on"].help_text = _("dd-mm-yyyy hh.mm. Change the certificate in your own system then too.")
        if self.instance.certificate is None:
            self.without_date()


class Place(models.TextChoices):
    """What a new key is to one that is there."""

    BESIDE = "beside", _("Beside the present one: both count until that is retired")
    INSTEAD = "instead", _("Instead of the present one, at once")


class SystemSshKeyForm(VersionedForm, SshKeyForm):
    """A public key for the system; where there is one already, beside it for a while or instead of it."""

    place = forms.ChoiceField(
        label=_("What is to become of the present key?"),
        choices=Place.choices,
        widget=forms.RadioSelect,
        initial=Place.BESIDE,
    )
    until = DateTimeField(
        label=_("Retire the present key on"),
        help_text=_("dd-mm-yyyy hh.mm. Leave it empty to retire it yourself when the system uses the new one."),
        required=False,
    )
    field_order = ["file", "text", "place", "until", "version"]

    def __init__(self, *args: Any, instance: System, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)
        if instance.ssh_key is None:
            del self.fields["place"], self.fields["until"]

    def clean_until(self) -> dt.datetime | None:
        """Refuse a date that has passed."""
        until: dt.datetime | None = self.cleaned_data.get("until")
        if until is not None and until <= timezone.now():
            raise ValidationError(_("That time has passed. Write a later one, or leave it empty."))
        return until

    @property
    def is_beside(self) -> bool:
        """Whether both keys are to count."""
        return self.cleaned_data.get("place") == Place.BESIDE

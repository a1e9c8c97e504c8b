"""The form of an announcement."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.cvr import digits
from adgang.lib.forms import DateTimeField, ModelForm, VersionedForm
from organisations.forms.people import role_choices
from organisations.models import Announcement, Organisation
from organisations.rights import roles


class AnnouncementForm(ModelForm):
    """What is told, when, and to whom; an empty beginning is now."""

    fieldsets = [
        (_("What is told"), ["level", "title_da", "text_da", "title_en", "text_en"]),
        (_("When"), ["starts", "until"]),
        (_("To whom"), ["cvr_numbers", "roles", "on_open_pages", "by_mail"]),
    ]

    starts = DateTimeField(label=_("From"), required=False, help_text=_("dd-mm-yyyy hh.mm. Empty: at once."))
    until = DateTimeField(
        label=_("Until"), required=False, help_text=_("dd-mm-yyyy hh.mm. Empty: until it is withdrawn.")
    )
    cvr_numbers = forms.CharField(
        label=_("Only these authorities"),
        help_text=_("CVR numbers, one on each line. Empty: everybody."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input-width-m", "autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Only these roles"),
        help_text=_("None ticked: whatever roles people have."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Announcement
        fields = [
            "level",
            "title_da",
            "text_da",
            "title_en",
            "text_en",
            "starts",
            "until",
            "cvr_numbers",
            "roles",
            "on_open_pages",
            "by_mail",
        ]
        widgets = {
            "level": forms.RadioSelect,
            "title_da": forms.TextInput(attrs={"class": "input-width-l"}),
            "title_en": forms.TextInput(attrs={"class": "input-width-l"}),
            "text_da": forms.Textarea(attrs={"rows": 4}),
            "text_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "text_da": _("Plain text; addresses of web pages become links."),
            "on_open_pages": _("It is shown on the login page, too. For everybody only."),
            "by_mail": _("Sent once to everybody it is for, in their language, when it begins."),
        }

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(list(roles().values()))  # type: ignore[attr-defined]
        self.initial["cvr_numbers"] = "\n".join(self.instance.cvr_numbers)

    def clean_cvr_numbers(self) -> list[str]:
        """Return the CVR numbers, each once, sorted. Raises ValidationError that names the unknown ones."""
        lines = [line.strip() for line in self.cleaned_data["cvr_numbers"].replace(",", "\n").splitlines()]
        given = {number: digits(line) for number, line in enumerate(lines, start=1) if line}
        known = set(Organisation.objects.filter(cvr_number__in=given.values()).values_list("cvr_number", flat=True))
        unknown = [f"{number}: {lines[number - 1]}" for number, cvr in given.items() if cvr not in known]
        if unknown:
            text = _("No organisation here has the CVR number in line %(lines)s. Correct it, or take it away.")
            raise ValidationError(text, code="unknown", params={"lines": ", ".join(unknown)})
        return sorted(set(given.values()))

    def clean(self) -> dict[str, Any]:
        """Begin now where nothing is said; refuse an end that is past or too early, and open pages for only some."""
        cleaned = super().clean() or {}
        if "starts" in cleaned and cleaned["starts"] is None:
            cleaned["starts"] = self.at
        starts, until = cleaned.get("starts"), cleaned.get("until")
        if starts and until and until <= max(starts, self.at):
            self.add_error("until", ValidationError(_("Choose a time after the beginning, and after now.")))
        if cleaned.get("on_open_pages") and (cleaned.get("cvr_numbers") or cleaned.get("roles")):
            text = _("Whoever has not logged in has no authority and no role: leave these empty, or take this away.")
            self.add_error("on_open_pages", ValidationError(text))
        return cleaned


class AnnouncementEditForm(VersionedForm, AnnouncementForm):
    """An announcement that stands."""

    def current_values(self, current: Any) -> dict[str, Any]:
        """Return the values of the form's fields as `current` has them."""
        return super().current_values(current) | {"cvr_numbers": "\n".join(current.cvr_numbers)}

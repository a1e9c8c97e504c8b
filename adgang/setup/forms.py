"""The forms of the set-up as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from adgang.setup.documents import MAX_BYTES, Section


class SetupForm(Form):
    """A set-up file; `filename` is its name once it is cleaned."""

    filename = ""
    file = forms.FileField(
        label=_("Set-up file (YAML)"),
        help_text=_("A file that was exported here or by export_setup, edited or not; at most 40 MB."),
        widget=forms.FileInput(attrs={"accept": ".yml,.yaml"}),
        error_messages={"empty": _("The file is empty. Choose another.")},
    )

    def clean_file(self) -> bytes:
        """Return the content, read no further than is needed to tell that it is too large."""
        self.filename = str(self.cleaned_data["file"].name)
        content: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return content


class ReasonForm(Form):
    """Why the file is carried out; needed where a system goes into service without a passed check."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept in the event log. Write no CPR numbers or other personal data."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def chosen_sections(names: list[str], allowed: list[Section]) -> list[Section]:
    """Return the sections that are chosen by their names and allowed; all that are allowed when none is chosen."""
    return [section for section in allowed if section.value in names] or allowed

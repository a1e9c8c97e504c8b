"""The form of a file to import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts.csv_reading import MAX_BYTES


class ImportForm(Form):
    """A CSV file; `filename` is its name once it is cleaned."""

    filename = ""
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("From Excel: “Save as”, “CSV UTF-8 (semicolon delimited)”. At most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"empty": _("The file is empty. Choose another.")},
    )

    def clean_file(self) -> bytes:
        """Return the content, read no further than is needed to tell that it is too large."""
        self.filename = str(self.cleaned_data["file"].name)
        content: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return content

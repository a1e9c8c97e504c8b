"""The form of a file to import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts.file_reading import MAX_BYTES


class ImportForm(Form):
    """A CSV, Excel or JSON file; `filename` is its name once it is cleaned."""

    filename = ""
    file = forms.FileField(
        label=_("File (Excel, CSV or JSON)"),
        help_text=_("An Excel workbook as it is, a CSV file or a JSON file; at most 20 MB and 50,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json"}),
        error_messages={"empty": _("The file is empty. Choose another.")},
    )

    def clean_file(self) -> bytes:
        """Return the content, read no further than is needed to tell that it is too large."""
        self.filename = str(self.cleaned_data["file"].name)
        content: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return content

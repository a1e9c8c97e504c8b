"""The form into which many roles are pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form

LARGEST = 200 * 1024


class BulkForm(Form):
    """Lines to paste, or a file of them; and whether to try or to do it."""

    lines = forms.CharField(
        label=_("Lines"),
        help_text=_("One a line: act; e-mail; role; system; last day. Paste from Excel, or choose a file below."),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "bulk-lines"}),
    )
    file = forms.FileField(label=_("CSV file"), help_text=_("Saved as CSV UTF-8; at most 200 KiB."), required=False)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Is kept in the event log."), required=False, max_length=500
    )

    def clean(self) -> dict[str, Any]:
        """Take the text of the file where one was chosen."""
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 200 KiB. Divide it."))
        elif file is not None:
            try:
                cleaned["lines"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8 text. Save it as CSV UTF-8."))
        if not self.errors and not cleaned.get("lines", "").strip():
            self.add_error("lines", _("Write at least one line, or choose a file."))
        return cleaned

    @property
    def text(self) -> str:
        """The lines, wherever they came from."""
        return str(self.cleaned_data["lines"])

    @property
    def is_final(self) -> bool:
        """Whether the lines are to be carried out rather than tried."""
        return self.data.get("act") == "apply"

    def again(self, *, text: str) -> "BulkForm":
        """Return the form with the lines in it, also those that came in a file."""
        return BulkForm(initial={"lines": text, "reason": self.cleaned_data["reason"]})

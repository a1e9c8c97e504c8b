"""Forms in which messages and receipts are handed in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from memo.receipts import MAX_BYTES

MOST_FILES = 20


class FilesInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleaned, it is a list of them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files. Raises ValidationError when there are none, or too many."""
        files = data if isinstance(data, list | tuple) and data else [data or None]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("Choose at most %(most)s files at a time, or put them into a container.") % {"most": MOST_FILES}
            )
        cleaned = [super(FilesField, self).clean(one, initial) for one in files]
        return [one for one in cleaned if one is not None]


class MemoForm(Form):
    """Messages and containers to check; `limit` is the largest size of all of them, in bytes."""

    messages = FilesField(
        label=_("MeMo files"),
        help_text=_("Drop or choose XML files, or containers (.tar.lzma)."),
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ".xml,.lzma,application/xml,text/xml"}),
        error_messages={"required": _("Choose at least one file.")},
    )

    def __init__(self, *args: Any, limit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit

    def clean_messages(self) -> "list[UploadedFile[bytes]]":
        """Return the files. Raises ValidationError when they are too large together."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["messages"]
        if sum(file.size or 0 for file in files) > self.limit:
            megabytes = self.limit // 1024 // 1024
            raise forms.ValidationError(_("Choose files of at most %(limit)s MB together.") % {"limit": megabytes})
        return files


class ReceiptForm(Form):
    """A receipt, pasted or as a file."""

    file = forms.FileField(
        label=_("Receipt file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )
    text = forms.CharField(
        label=_("Or paste the receipt"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("The JSON that the receiving system sends."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse neither and both."""
        cleaned = super().clean() or self.cleaned_data
        pasted = bool(cleaned.get("text", "").strip())
        if (cleaned.get("file") is None) is not pasted:
            raise forms.ValidationError({"file": _("Choose a file or paste the text, one of the two.")})
        return cleaned

    @property
    def content(self) -> bytes:
        """What came, at most one byte more than the limit."""
        file = self.cleaned_data.get("file")
        content = file.read(MAX_BYTES + 1) if file is not None else self.cleaned_data["text"].encode(errors="replace")
        return bytes(content[: MAX_BYTES + 1])

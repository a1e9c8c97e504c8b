"""The forms that decide on a draft: when it is published, and what a colleague says of it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateTimeField, Form
from contacts.models.draft import MAX_NOTE
from contacts.texts import paragraphs


class PlanForm(Form):
    """At what time a draft is to be published."""

    publish_at = DateTimeField(
        label=_("Publish at"), help_text=_("dd-mm-yyyy hh.mm in Danish time, for example 01-01-2027 00.00")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean_publish_at(self) -> object:
        """Return the time. Raises ValidationError for one that has passed."""
        at = self.cleaned_data["publish_at"]
        if at <= timezone.now():
            raise ValidationError(_("Write a time that is still to come, or publish now."), code="past")
        return at


class CommentForm(Form):
    """What somebody says of a draft; `approves` only where the person may publish it."""

    text = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=MAX_NOTE,
        help_text=_("Everybody who can see the contact structure can read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    approves = forms.BooleanField(
        label=_("I have looked through the draft, and it can be published as it is"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: object, may_approve: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not may_approve:
            del self.fields["approves"]

    def clean_text(self) -> str:
        """Return the comment as it is kept."""
        return paragraphs(self.cleaned_data["text"])

    def clean(self) -> dict[str, object]:
        """Ask for words where nothing is approved."""
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("approves", False)
        if not cleaned.get("text") and not cleaned["approves"] and "text" not in self.errors:
            self.add_error("text", _("Write your comment."))
        return cleaned

"""The forms of a letter type."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding, finding
from adgang.lib.forms import Form, ModelForm, VersionedForm
from contacts import codes
from contacts.drafts.coming import PointToCome, points_to_come
from contacts.forms.fields import LinesField
from contacts.models import ContactPoint
from contacts.texts import one_line
from memo import letter_values
from memo.forms import MemoForm
from memo.letter_import import MAX_BYTES
from memo.models import LetterType
from organisations.models import Organisation
from systems.models import System


class LetterTypeForm(ModelForm):
    """What a kind of letter must carry; the contact point is named by its name or ID."""

    reply_point = forms.CharField(
        label=_("Contact point for replies"),
        required=False,
        max_length=300,
        help_text=_("Its name as it stands in the contact structure or in a draft of it, or its ID."),
        widget=forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
    )
    codes = LinesField(
        label=_("KLE and FORM"),
        read=codes.parse,
        write=str,
        help_text=_("One a line, for example KLE:32.24.04. A version and a name may follow: KLE:32.24.04:2025:Name."),
    )
    actions = LinesField(
        label=_("Actions"),
        read=letter_values.action,
        help_text=_("One a line: SELVBETJENING | Ansøg nu | https://…"),
    )
    contact_info = LinesField(
        label=_("What the writer is asked for"),
        help_text=_("One a line, at most two. Left empty, what the contact point recommends is taken over."),
    )

    fieldsets = [
        (_("The letter"), ["name", "responsible_name", "responsible_email", "sender_system"]),
        (_("Reply"), ["reply_allowed", "reply_point", "reply_days", "contact_info"]),
        (_("Kind of post"), ["mandatory", "legal_notification", "post_type"]),
        (_("Subject and actions"), ["codes", "actions"]),
    ]

    class Meta:
        model = LetterType
        fields = [
            "name",
            "responsible_name",
            "responsible_email",
            "sender_system",
            "reply_allowed",
            "reply_days",
            "mandatory",
            "legal_notification",
            "post_type",
            "codes",
            "actions",
            "contact_info",
        ]
        help_texts = {
            "name": _("What you call the letter, for example “Afgørelse om boligstøtte”."),
            "responsible_name": _("Who answers for the letter. They need no account."),
            "sender_system": _("The system that sends the letter."),
            "reply_days": _("From the day the letter is sent; leave it empty for no deadline."),
            "post_type": _("The word that the letter carries as postType, if you use one."),
        }
        widgets = {"reply_days": forms.NumberInput(attrs={"class": "input-width-xs"})}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = self.instance.organisation = organisation
        senders = System.objects.filter(organisation=organisation, is_sender=True)
        self.fields["sender_system"].queryset = senders  # type: ignore[attr-defined]
        if self.instance.reply_point_id:
            self.initial.setdefault("reply_point", self.instance.reply_point_name)
        for name, allowed in (
            ("mandatory", organisation.mandatory_post_allowed),
            ("legal_notification", organisation.legal_notification_allowed),
        ):
            if not allowed and not getattr(self.instance, name):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("The authority has no permission for it.")

    def clean_codes(self) -> list[str]:
        """Return the codes as they are kept. Raises ValidationError."""
        _require(map(letter_values.code_fault, self.cleaned_data["codes"]))
        return [codes.write(code) for code in self.cleaned_data["codes"]]

    def clean_actions(self) -> list[str]:
        """Return the actions as they are kept. Raises ValidationError."""
        _require(map(letter_values.action_fault, self.cleaned_data["actions"]))
        return [str(action) for action in self.cleaned_data["actions"]]

    def clean_contact_info(self) -> list[str]:
        """Return what the writer is asked for. Raises ValidationError."""
        labels = list(self.cleaned_data["contact_info"])
        if len(labels) > letter_values.MAX_CONTACT_INFO:
            raise ValidationError(_("A message carries at most two. Keep the two that matter most."))
        return labels

    def clean(self) -> dict[str, Any]:
        """Find the contact point; a letter without reply has none, whatever was typed."""
        cleaned = super().clean() or self.cleaned_data
        text = one_line(cleaned.get("reply_point") or "")
        letter_type = self.instance
        if not cleaned.get("reply_allowed"):
            cleaned["reply_days"], text = None, ""
        if text and letter_type.reply_point_id and text == letter_type.reply_point_name:
            return cleaned
        found = _point_now_or_to_come(self.organisation, text) if text else None
        if isinstance(found, Finding):
            self.add_error("reply_point", f"{found.message} {found.remedy}")
            return cleaned
        letter_type.reply_point_id = found.id if found else None
        letter_type.reply_point_name = found.name if found else ""
        if isinstance(found, ContactPoint) and not cleaned.get("contact_info"):
            asked = found.recommended_attributes.values_list("name", flat=True)
            cleaned["contact_info"] = list(asked[: letter_values.MAX_CONTACT_INFO])
        return cleaned


def _require(faults: Iterable[Finding | None]) -> None:
    if errors := [f"{fault.message} {fault.remedy}" for fault in faults if fault]:
        raise ValidationError(errors)


def _point_now_or_to_come(organisation: Organisation, text: str) -> ContactPoint | PointToCome | Finding:
    """Return the one contact point that is meant; where there is none, the one that a draft makes."""
    found = find_point(organisation, text)
    if not isinstance(found, Finding) or found.code != "letter.point.unknown":
        return found
    named = [one for one in points_to_come(organisation) if text.casefold() in (one.name.casefold(), str(one.id))]
    if len(named) > 1:
        return finding("letter.point.several", value=text)
    return named[0] if named else found


def find_point(organisation: Organisation, text: str) -> ContactPoint | Finding:
    """Return the one contact point that a name or an ID means, or why there is none."""
    found = list(_named(organisation, text)[:2])
    if len(found) != 1:
        return finding("letter.point.several" if found else "letter.point.unknown", value=text)
    return found[0]


def _named(organisation: Organisation, text: str) -> QuerySet[ContactPoint]:
    points = ContactPoint.objects.filter(organisation=organisation)
    try:
        id_ = uuid.UUID(text)
    except ValueError:
        return points.filter(name__iexact=text)
    return points.filter(Q(pk=id_) | Q(registry_id=id_))


class LetterTypeEditForm(VersionedForm, LetterTypeForm):
    """A letter type, changed."""

    def current_values(self, current: Model) -> dict[str, Any]:
        """Return the values as they stand now, for comparison."""
        return super().current_values(current) | {"reply_point": getattr(current, "reply_point_name", "")}


class PlacedMemoForm(MemoForm):
    """Messages to check against what the organisation knows, and against a letter type if one is chosen."""

    letter_type = forms.ModelChoiceField(
        label=_("Letter type"),
        queryset=LetterType.objects.none(),
        required=False,
        empty_label=_("None – check against the format and the contact structure alone"),
        help_text=_("What the letter should be: contact point, flags, codes and actions are compared."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = LetterType.objects.filter(organisation=organisation)
        self.fields["letter_type"].queryset = rows.with_point().select_related("organisation")  # type: ignore[attr-defined]


class LetterImportForm(Form):
    """A CSV file of letter types; `filename` is its name once it is cleaned."""

    filename = ""
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("A CSV file as Excel saves it; at most 512 kB and 2,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"empty": _("The file is empty. Choose another.")},
    )

    def clean_file(self) -> bytes:
        """Return the content, read no further than is needed to tell that it is too large."""
        self.filename = str(self.cleaned_data["file"].name)
        content: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return content


class EvidenceForm(Form):
    """For which sender system or letter type a verdict is kept."""

    about = forms.ChoiceField(label=_("Keep the verdict as evidence for"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        senders = System.objects.filter(organisation=organisation, is_sender=True)
        types = LetterType.objects.filter(organisation=organisation)
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            (_("Letter types"), [(f"type:{pk}", name) for pk, name in types.values_list("pk", "name")]),
            (_("Sender systems"), [(f"system:{pk}", name) for pk, name in senders.values_list("pk", "name")]),
        ]

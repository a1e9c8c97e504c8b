"""The form from which a message is built, to try out a receiving system or a printer with."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateField, DateTimeField, Form
from contacts.models import ContactPoint
from memo import building, skeletons, sniffing
from memo.elements import LONGEST, Type, Version
from memo.forms import FilesField, FilesInput
from memo.messages import AdditionalDocument, File, MainDocument, Message, MessageBody, MessageHeader
from memo.models import LetterType
from memo.parties import ContactInfo, Recipient, Sender
from memo.parties import ContactPoint as ReplyPoint
from memo.rules import CPR, CVR
from organisations.models import Organisation

TEXT = LONGEST[Type.TEXT]
LANGUAGES = [("da", _("Danish")), ("en", _("English")), ("kl", _("Greenlandic"))]
LETTER, SMS = "DIGITALPOST", "NEMSMS"
KINDS = [(LETTER, _("Letter in Digital Post")), (SMS, _("NemSMS"))]


class ComposeForm(Form):
    """One message. `message()` is what was described, once the form is valid.

    A test message has to be invented: the recipient's number is asked for, and never kept.
    """

    fieldsets = [
        (_("The message"), ["version", "message_type", "label", "notification", "message_id", "post_type"]),
        (_("Recipient"), ["id_type", "recipient_id", "recipient_label"]),
        (_("Reply"), ["reply", "point", "reply_by", "contact_info"]),
        (_("Delivery"), ["not_before", "mandatory", "legal_notification"]),
        (_("Documents"), ["main", "language", "additional"]),
        (_("File"), ["count", "letter_type"]),
    ]

    letter_type = forms.ModelChoiceField(
        queryset=LetterType.objects.none(), required=False, widget=forms.HiddenInput, label=_("Letter type")
    )
    version = forms.ChoiceField(label=_("Version"), choices=[(one.value, f"MeMo {one.value}") for one in Version])
    message_type = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    label = forms.CharField(label=_("Title"), max_length=TEXT, help_text=_("What the recipient sees in the inbox."))
    notification = forms.CharField(
        label=_("Notification"),
        max_length=150,
        required=False,
        help_text=_("At most 150 characters. A NemSMS consists of it."),
    )
    message_id = forms.CharField(label=_("Your own ID of the message"), max_length=TEXT, required=False)
    post_type = forms.CharField(label=_("Type of post"), max_length=TEXT, required=False)
    id_type = forms.ChoiceField(label=_("Kind of number"), choices=[("CPR", "CPR"), ("CVR", "CVR")])
    recipient_id = forms.CharField(
        label=_("Number"),
        max_length=10,
        help_text=_("10 digits of a CPR number or 8 of a CVR number, without a hyphen. It is not kept."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-width-s"}),
    )
    recipient_label = forms.CharField(label=_("Name"), max_length=TEXT, required=False)
    reply = forms.BooleanField(label=_("The recipient may answer"), required=False)
    point = forms.ModelChoiceField(
        label=_("Contact point for replies"),
        queryset=ContactPoint.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("One that has no ID in Digital Post yet gets its provisional ID here; it can be tried, not sent."),
    )
    reply_by = DateTimeField(label=_("Answer by"), required=False)
    contact_info = forms.CharField(
        label=_("What comes back with the reply"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("At most two lines, each a label, a colon and a value: Sagsnummer: 42"),
    )
    not_before = DateField(label=_("Not delivered before"), required=False)
    mandatory = forms.BooleanField(label=_("Mandatory post"), required=False)
    legal_notification = forms.BooleanField(label=_("Legal notification"), required=False)
    main = forms.FileField(
        label=_("Main document"), required=False, help_text=_("A letter needs one, a NemSMS has none.")
    )
    language = forms.ChoiceField(label=_("Language of the documents"), choices=LANGUAGES)
    additional = FilesField(label=_("Additional documents"), required=False, widget=FilesInput)
    count = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=100,
        initial=1,
        help_text=_("More than one come in a container (.tar.lzma), each with a UUID of its own."),
        widget=forms.NumberInput(attrs={"class": "input-width-xs"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, limit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation, self.limit = organisation, limit
        types = LetterType.objects.filter(organisation=organisation)
        self.fields["letter_type"].queryset = types  # type: ignore[attr-defined]
        points = ContactPoint.objects.filter(organisation=organisation).order_by("name")
        self.fields["point"].queryset = points  # type: ignore[attr-defined]
        for name, allowed in (
            ("mandatory", organisation.mandatory_post_allowed),
            ("legal_notification", organisation.legal_notification_allowed),
        ):
            if not allowed:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Your organisation may not send it.")

    def clean_recipient_id(self) -> str:
        """Return the number. Raises ValidationError when it is not of its kind."""
        number = "".join(str(self.cleaned_data["recipient_id"]).split())
        kind = self.cleaned_data.get("id_type", "CPR")
        if not (CPR if kind == "CPR" else CVR).fullmatch(number):
            raise forms.ValidationError(_("Write the number with 10 digits (CPR) or 8 digits (CVR), without a hyphen."))
        return number

    def clean_contact_info(self) -> tuple[ContactInfo, ...]:
        """Return the pairs. Raises ValidationError for more than two, and for lines without a colon."""
        lines = [line.strip() for line in self.cleaned_data["contact_info"].splitlines() if line.strip()]
        pairs = [tuple(part.strip() for part in line.partition(":")[::2]) for line in lines]
        if len(pairs) > 2 or not all(label and value for label, value in pairs):
            raise forms.ValidationError(_("Write at most two lines, each a label, a colon and a value."))
        return tuple(ContactInfo(label=label[:TEXT], value=value[:TEXT]) for label, value in pairs)

    def clean(self) -> dict[str, Any]:
        """See to it that a letter has a document and a NemSMS a notification, and that all of it is not too large."""
        cleaned = super().clean() or self.cleaned_data
        is_letter = cleaned.get("message_type") == LETTER
        if is_letter and not cleaned.get("main") and "main" not in self.errors:
            self.add_error("main", _("Choose the letter itself."))
        if not is_letter and not cleaned.get("notification") and "notification" not in self.errors:
            self.add_error("notification", _("Write the text of the NemSMS."))
        if cleaned.get("reply") and not cleaned.get("point"):
            self.add_error("point", _("Choose where the reply goes, or do not allow one."))
        if sum(one.size or 0 for one in self._uploads(cleaned)) * (cleaned.get("count") or 1) > self.limit:
            megabytes = {"limit": self.limit // 1024 // 1024}
            self.add_error("main", _("Choose documents of at most %(limit)s MB together.") % megabytes)
        return cleaned

    def _uploads(self, cleaned: dict[str, Any]) -> "list[UploadedFile[bytes]]":
        return [one for one in [cleaned.get("main"), *(cleaned.get("additional") or [])] if one]

    @staticmethod
    def begun_from(letter_type: LetterType, *, at: dt.datetime) -> dict[str, Any]:
        """Return what the form holds when a message of a letter type is begun at `at`."""
        days = letter_type.reply_days
        return {
            "letter_type": letter_type.pk,
            "label": letter_type.name,
            "post_type": letter_type.post_type,
            "reply": letter_type.reply_allowed,
            "point": letter_type.reply_point_id,
            "reply_by": at + dt.timedelta(days=days) if days else None,
            "contact_info": "\n".join(f"{label}: " for label in letter_type.contact_info),
            "mandatory": letter_type.mandatory,
            "legal_notification": letter_type.legal_notification,
        }

    def message(self, *, at: dt.datetime, read: Any) -> Message:
        """Return the message, made at `at`; `read` turns an upload into the content of a file."""
        given = self.cleaned_data
        version = Version(given["version"])
        point: ContactPoint | None = given["point"] if given["reply"] else None
        header = MessageHeader(
            message_type=given["message_type"],
            message_uuid=building.new_uuid(),
            message_id=given["message_id"] or None,
            label=given["label"],
            notification=given["notification"] or None,
            reply=given["reply"],
            reply_by_date_time=given["reply_by"],
            do_not_deliver_until_date=given["not_before"],
            mandatory=given["mandatory"],
            legal_notification=given["legal_notification"],
            post_type=given["post_type"] or None,
            content_data=skeletons.content_data(given["letter_type"]) if given["letter_type"] else None,
            sender=Sender(
                sender_id=self.organisation.cvr_number,
                id_type="CVR",
                label=self.organisation.name[:TEXT],
                contact_point=self._reply_point(point),
            ),
            recipient=Recipient(
                recipient_id=given["recipient_id"], id_type=given["id_type"], label=given["recipient_label"] or None
            ),
        )
        body = self._body(at, read) if given["message_type"] == LETTER else None
        return Message(version=version, message_header=header, message_body=body)

    def _reply_point(self, point: ContactPoint | None) -> ReplyPoint | None:
        if point is None:
            return None
        id_: uuid.UUID = point.shown_id
        info = self.cleaned_data["contact_info"]
        return ReplyPoint(contact_point_id=str(id_), label=point.name[:TEXT], contact_info=info)

    def _body(self, at: dt.datetime, read: Any) -> MessageBody:
        given = self.cleaned_data
        enclosed = [(str(one.name)[:TEXT], self._file(one, read)) for one in given["additional"] or ()]
        additional = tuple(AdditionalDocument(label=name, file=(file,)) for name, file in enclosed)
        actions = tuple(skeletons.actions(given["letter_type"])) if given["letter_type"] else ()
        main = MainDocument(label=given["label"], file=(self._file(given["main"], read),), action=actions)
        return MessageBody(created_date_time=at, main_document=main, additional_document=additional)

    def _file(self, upload: "UploadedFile[bytes]", read: Any) -> File:
        name = str(upload.name)[:TEXT]
        types = sniffing.MEDIA_TYPES.get(sniffing.extension(name), ("application/octet-stream",))
        return File(
            encoding_format=types[0], filename=name, language=self.cleaned_data["language"], content=read(upload)
        )

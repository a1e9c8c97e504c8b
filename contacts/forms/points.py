"""The forms of a contact point's values; its state has a form of its own."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts import code_lists, codes, rules, states
from contacts.csv_columns import mailbox
from contacts.forms.fields import (
    LONG,
    CodesWidget,
    LinesField,
    NameField,
    SizeField,
    TextField,
    ValuesForm,
    Versioned,
    registry_id_field,
    without,
)
from contacts.models import ContactPoint
from contacts.models.group import MAX_NAME, MAX_TEXT
from contacts.values import PointValues
from organisations.models import Organisation
from systems.models import System

AUDIENCES = [
    ("for_citizens", _("Citizens")),
    ("for_companies", _("Companies")),
    ("for_authorities", _("Authorities")),
]


class PointForm(ValuesForm):
    """A point's values, all but its state; its system is one of the organisation's recipients."""

    name = NameField(
        label=_("Name"), max_length=MAX_NAME, help_text=_("What writers look for, for example “Kontanthjælp”.")
    )
    description = TextField(
        label=_("Description"),
        required=False,
        max_length=MAX_TEXT,
        help_text=_("One or two sentences that writers see under the name: what they can write about here."),
    )
    audiences = forms.MultipleChoiceField(
        label=_("Target audiences"),
        choices=AUDIENCES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who can find the contact point and write to it."),
    )
    system = forms.ModelChoiceField(
        label=_("Recipient system"),
        queryset=System.objects.none(),
        empty_label=_("Choose a system"),
        help_text=_("The system that receives what is written here."),
    )
    search_terms = LinesField(
        label=_("Search terms"),
        help_text=_("One a line: the words people would look for, for example “skilsmisse”."),
    )
    internal_description = TextField(
        label=_("Internal note"),
        required=False,
        max_length=MAX_TEXT,
        help_text=_("Only you and your colleagues see it."),
    )
    codes = LinesField(
        label=_("Codes"),
        read=codes.parse,
        write=codes.write,
        widget=CodesWidget(attrs=LONG),
        help_text=_("One a line, for example KLE:32.24.04 or GLN:5790000000005. A version and a name may follow."),
    )
    recommended_attributes = LinesField(
        label=_("What writers are asked for"),
        help_text=_("One a line, for example “Sagsnummer”. A message carries the first two."),
    )
    report_link_label = NameField(label=_("Heading of the link"), required=False, max_length=200)
    report_link_description = NameField(label=_("Text before the link"), required=False, max_length=500)
    report_link_url = NameField(
        label=_("Link"), required=False, max_length=500, help_text=_("The whole address, beginning with https://.")
    )
    report_link_text = NameField(label=_("Text on the link"), required=False, max_length=200)
    memo_size_threshold_mb = SizeField(
        label=_("Largest message in MB"),
        required=False,
        help_text=_("Leave it empty for no limit of your own."),
        widget=forms.TextInput(attrs={"class": "input-width-xs", "inputmode": "decimal", "autocomplete": "off"}),
    )
    allowed_number_of_attachments = forms.IntegerField(
        label=_("Largest number of attachments"),
        required=False,
        min_value=0,
        max_value=rules.MAX_ATTACHMENTS,
        help_text=_("0 means none at all; leave it empty for no limit of your own."),
        widget=forms.NumberInput(attrs={"class": "input-width-xs"}),
    )
    translations = LinesField(
        label=_("Former mailboxes and topics"),
        read=mailbox,
        write=lambda box: f"{box.postkasse_id}:{box.postkasse_emne_id}",
        help_text=_("One a line with a colon between, for example 1234:56. For messages that carry the old numbers."),
    )

    fieldsets = [
        (_("Codes and information"), ["codes", "recommended_attributes", "internal_description"]),
        (
            _("Link to self-service"),
            ["report_link_label", "report_link_description", "report_link_url", "report_link_text"],
        ),
        (_("Limits"), ["memo_size_threshold_mb", "allowed_number_of_attachments"]),
        (_("Digital Post"), ["registry_id", "translations"]),
    ]

    def __init__(
        self, *args: Any, organisation: Organisation, values: PointValues | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = values
        own = Q(pk=values.system.pk) if values else Q()
        receivers = System.objects.filter(Q(is_recipient=True) | own, organisation=organisation).order_by("name")
        self.fields["system"].queryset = receivers  # type: ignore[attr-defined]
        if not settings.ADGANG_IS_REGISTRY:
            self.fields["registry_id"] = registry_id_field()
        if (widget := self.fields["codes"].widget) and isinstance(widget, CodesWidget) and code_lists.any_loaded():
            widget.url = reverse("structure_codes", args=[organisation.cvr_number])
        self.initial = {**(point_initial(values) if values else {}), **self.initial}

    def clean(self) -> dict[str, Any]:
        """Judge the values as a whole."""
        cleaned = super().clean() or self.cleaned_data
        audiences = dict.fromkeys((name for name, _label in AUDIENCES), "audiences")
        self.blame(rules.point_faults(self.values()), audiences)
        had = {code.key for code in self.before.codes} if self.before else set()
        added = [code for code in cleaned.get("codes", ()) if code.key not in had]
        self.blame(("codes", fault) for _code, fault in code_lists.faults(added))
        if added and "codes" in cleaned:
            names = {code.key: code for code in code_lists.named(added)}
            cleaned["codes"] = tuple(names.get(code.key, code) for code in cleaned["codes"])
        return cleaned

    def values(self) -> PointValues:
        """Return what the form says, as far as it could be read; state and successor stay what they were."""
        given = without(self.cleaned_data, "version", "audiences", "state")
        given |= {name: name in self.cleaned_data.get("audiences", ()) for name, _label in AUDIENCES}
        kept = {name: getattr(self.before, name) for name in KEPT} if self.before else {}
        missing: dict[str, Any] = {"name": "", "system": System(is_recipient=True)}
        return PointValues(**(missing | kept | given))


KEPT = ("active", "visible", "replaced_by", "registry_id")


def point_initial(values: PointValues) -> dict[str, Any]:
    """Return what a form begins with for a point that has these values."""
    audiences = [name for name, _label in AUDIENCES if getattr(values, name)]
    return {**vars(values), "system": values.system.pk, "audiences": audiences}


class NewPointForm(PointForm):
    """A point that is to be made, with the state it begins in."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[(state.value, state.label) for state in states.CHOICES],
        initial=states.State.OPEN.value,
        widget=forms.RadioSelect,
        help_text=_("A contact point that is not ready can begin as closed."),
    )
    field_order = ["name", "description", "audiences", "system", "state", "search_terms"]

    def values(self) -> PointValues:
        """Return what the form says, the state included."""
        active, visible = states.SWITCHES[states.State(self.cleaned_data.get("state", states.State.OPEN))]
        self.before = None
        return PointValues(**(vars(super().values()) | {"active": active, "visible": visible}))


class PointEditForm(Versioned, PointForm):
    """A point's values, changed."""

    def current_values(self, current: Model) -> dict[str, Any]:
        """Return the values as they stand now, for comparison."""
        return point_initial(PointValues.of(current)) if isinstance(current, ContactPoint) else {}

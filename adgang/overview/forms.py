"""Forms of the overview: a person's part of a line, a line of one's own, and the deadlines."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateField, Form, ModelForm, VersionedForm
from adgang.overview import readiness
from adgang.overview.deadlines import Kind, Plan, Wanted
from adgang.overview.lines import Line
from adgang.overview.readiness import State
from adgang.overview.steps import GUIDES
from organisations.models import ReadinessLine

STATE_TEXTS = {
    State.MISSING: _("Missing"),
    State.ORDERED: _("Ordered, on its way"),
    State.CONFIRMED: _("Done – I confirm it"),
    State.DONE: _("Done"),
    State.NOT_RELEVANT: _("Not relevant for us"),
}
SEEN_TEXT = _("As the portal sees it")


class ReadinessLineForm(VersionedForm, ModelForm):
    """A person's part of a line of the guide."""

    state = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    due = DateField(
        label=_("Due"),
        required=False,
        help_text=_("dd-mm-yyyy. Leave it empty to follow the deadline of the step."),
    )

    class Meta:
        model = ReadinessLine
        fields = ["state", "evidence", "note", "responsible_name", "responsible_email", "due"]
        labels = {
            "evidence": _("Evidence or reason"),
            "responsible_name": _("Name"),
            "responsible_email": _("E-mail"),
            "note": _("Your note"),
        }
        help_texts = {
            "evidence": _("What shows it? For example who ordered what and when; for “not relevant”, why it is not."),
            "responsible_name": _("Who sees to it; the person needs no account here."),
            "responsible_email": _("Needed to send the line to the person."),
            "note": _("For yourselves. Write no CPR numbers."),
        }
        widgets = {
            "evidence": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    fieldsets = [
        (_("Responsible"), ["responsible_name", "responsible_email", "due"]),
    ]

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = STATE_TEXTS | ({State.MISSING: SEEN_TEXT} if line.seen else {})
        self.fields["state"].choices = [(state.value, texts[state]) for state in readiness.states(line)]  # type: ignore[attr-defined]
        self.initial["state"] = self.instance.state or State.MISSING

    def clean(self) -> dict[str, Any]:
        """Ask for a text where a word alone proves nothing, and for an address whose owner has a name."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == State.NOT_RELEVANT and not cleaned.get("evidence"):
            self.add_error("evidence", ValidationError(_("Write why it is not relevant for you")))
        if cleaned.get("state") == State.ORDERED and not cleaned.get("evidence"):
            self.add_error("evidence", ValidationError(_("Write what is ordered, and when")))
        if cleaned.get("responsible_email") and not cleaned.get("responsible_name"):
            self.add_error("responsible_name", ValidationError(_("Write the name of the responsible person")))
        return cleaned


class OwnLineForm(ReadinessLineForm):
    """A line of the organisation's own: its text and step can be changed too."""

    step = forms.TypedChoiceField(
        label=_("Step"), choices=[(step.value, guide.title) for step, guide in GUIDES.items()], coerce=int
    )

    class Meta(ReadinessLineForm.Meta):
        fields = ["text", "step", *ReadinessLineForm.Meta.fields]
        labels = ReadinessLineForm.Meta.labels | {"text": _("What must be done")}
        help_texts = ReadinessLineForm.Meta.help_texts | {
            "text": _("One line, for example “Correct the letter templates”.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


class GoLiveForm(Form):
    """The day of go-live, from which the other dates are proposed."""

    go_live = DateField(label=_("When do you go live?"))


class DeadlinesForm(Form):
    """All deadlines at once; one without a date is removed. `plan` is what is saved, `dates` what is proposed."""

    fieldsets = [
        (capfirst(kind.label), [f"{kind.value}_{part}" for part in ("date", "source", "link")]) for kind in Kind
    ]

    def __init__(self, *args: Any, plan: Plan, dates: Mapping[Kind, dt.date] | None = None, **kwargs: Any) -> None:
        proposed = {f"{kind.value}_date": date for kind, date in (dates or {}).items()}
        kwargs["initial"] = self.current_values(plan) | {"version": plan.version} | proposed
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields |= deadline_fields(kind)
        self.fields["version"] = forms.IntegerField(label=_("Version"), widget=forms.HiddenInput, min_value=0)

    def current_values(self, current: Plan) -> dict[str, Any]:
        """Return the values of the fields as `current` has them."""
        return {
            f"{kind.value}_{part}": getattr(deadline, part)
            for kind, deadline in current.deadlines.items()
            for part in ("date", "source", "link")
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a set-up that would be finished after go-live."""
        cleaned = super().clean() or self.cleaned_data
        go_live = cleaned.get(f"{Kind.GO_LIVE.value}_date")
        for kind in (Kind.SYSTEMS, Kind.CONTACT_STRUCTURE):
            name = f"{kind.value}_date"
            if go_live and cleaned.get(name) and cleaned[name] > go_live:
                self.add_error(name, _("Choose a date that is not later than go-live"))
        return cleaned

    def name_fields(self) -> None:
        """Put the deadline's name before each label, for a page that shows the fields without their groups."""
        for field in self:
            kind = field.name.rpartition("_")[0]
            if kind in Kind.values:
                field.label = capfirst(f"{Kind(kind).label}: {field.label}")

    @property
    def version(self) -> int:
        """The version of the plan that the person had in front of them."""
        return int(self.cleaned_data["version"])

    def wanted(self) -> dict[Kind, Wanted]:
        """Return what each deadline shall be."""
        return {
            kind: Wanted(
                date=self.cleaned_data[f"{kind.value}_date"],
                source=self.cleaned_data[f"{kind.value}_source"],
                link=self.cleaned_data[f"{kind.value}_link"],
            )
            for kind in Kind
        }


def deadline_fields(kind: Kind) -> dict[str, forms.Field]:
    """Return the fields of one deadline; their labels tell them apart from those of the others when read aloud."""
    return {
        f"{kind.value}_date": DateField(label=_("Date"), required=False),
        f"{kind.value}_source": forms.CharField(
            label=_("Source"), required=False, max_length=100, help_text=_("Where it stands, for example DIO")
        ),
        f"{kind.value}_link": forms.URLField(
            label=_("Link"), required=False, max_length=200, assume_scheme="https", help_text=_("https://…")
        ),
    }

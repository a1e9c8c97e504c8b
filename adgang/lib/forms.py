"""Forms: what every form of the project has, and the fields Danish authorities type into."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from unicodedata import category

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BoundField
from django.forms.models import model_to_dict
from django.forms.utils import pretty_name
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.cvr import digits
from adgang.lib.dates import YEARS

if TYPE_CHECKING:
    FormMixin = forms.Form
else:
    FormMixin = object

Text = str | Promise
Section = tuple[Text | None, list[BoundField]]

DATE_FORMATS = ["%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%d%m%Y", "%Y-%m-%d"]
TIME_FORMATS = ["%H.%M", "%H:%M", "%H%M"]
DATE_TIME_FORMATS = [
    *(f"{day}{between}{time}" for day in DATE_FORMATS for between in (" ", " kl. ") for time in TIME_FORMATS),
    "%Y-%m-%dT%H:%M",
]
# What to do, where Django says what a value is not.
NUMBER_MESSAGES: dict[str, Any] = {
    "invalid": gettext_lazy("Write a whole number"),
    "min_value": gettext_lazy("Write at least %(limit_value)s"),
    "max_value": gettext_lazy("Write at most %(limit_value)s"),
}


class Sections(FormMixin):
    """Mixin of every form: fields in named groups, texts that say which field is meant, and lines that are one line.

    `fieldsets` names groups as (legend, [field names]); the fields it does not name come first, in their order.
    """

    fieldsets: Sequence[tuple[Text, Sequence[str]]] = ()
    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = required_message(self, name)
            if isinstance(field, forms.IntegerField):
                field.error_messages.update(NUMBER_MESSAGES)
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.TextInput):
                field.validators.append(require_one_line)

    def sections(self) -> Iterator[Section]:
        """Yield (legend or None, visible fields) in the order of the page."""
        grouped = {name for _legend, names in self.fieldsets for name in names}
        loose = [field for field in self.visible_fields() if field.name not in grouped]
        if loose:
            yield None, loose
        for legend, names in self.fieldsets:
            if fields := [self[name] for name in names if name in self.fields]:
                yield legend, fields

    def faults(self) -> list[tuple[str, str]]:
        """Return (id of the field or "", text) of every error, in the order of the page, for the error summary."""
        general = [("", str(text)) for text in self.non_field_errors()]
        hidden = [("", f"{field.label}: {text}") for field in self.hidden_fields() for text in field.errors]
        fields = [field for _legend, section in self.sections() for field in section]
        return general + hidden + [(focus_id(field), str(text)) for field in fields for text in field.errors]


# Line breaks and other control characters (a tab does no harm), separators of lines and paragraphs.
BREAKING = frozenset({"Cc", "Zl", "Zp"})


def require_one_line(value: object) -> None:
    """Raise ValidationError for what no browser sends from a field of one line; it would add lines to mails."""
    if isinstance(value, str) and any(category(letter) in BREAKING and letter != "\t" for letter in value):
        raise ValidationError(gettext_lazy("Write it on one line, without control characters."), code="line")


def required_message(form: forms.BaseForm, name: str) -> Any:
    """Return the text for a field that was left empty: it names the field, so that it can stand alone."""
    # Not from `form[name]`: that would fix label and help before the form's own __init__ has had its say.
    label = form.fields[name].label or pretty_name(name)
    if isinstance(form.fields[name], forms.ChoiceField | forms.ModelChoiceField | forms.FileField):
        return gettext_lazy("Choose: %(label)s") % {"label": label}
    if isinstance(form.fields[name], forms.BooleanField):
        return gettext_lazy("Tick: %(label)s") % {"label": label}
    return gettext_lazy("Fill in: %(label)s") % {"label": label}


def focus_id(field: BoundField) -> str:
    """Return the id of the element to move to when `field` is wrong."""
    return str(getattr(field, "focus_id", field.id_for_label))


class Form(Sections, forms.Form):
    """A form that is not made from a model."""


class ModelForm(Sections, forms.ModelForm):  # type: ignore[type-arg]
    """A form made from a model."""


class VersionedForm(FormMixin):
    """Mixin: carries the version the person saw, so that two savers never overwrite each other.

    Put before `ModelForm`. After cleaning, `form.version` is what `save_version` is given; when that raises
    `StaleVersion`, `lib.conflicts.conflict_response` shows both.
    """

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.IntegerField(
            label=gettext_lazy("Version"),
            widget=forms.HiddenInput,
            initial=self.instance.version,
            min_value=1,
        )

    @property
    def version(self) -> int:
        """Return the version of the object that the person had in front of them."""
        return int(self.cleaned_data["version"])

    def current_values(self, current: Model) -> dict[str, Any]:
        """Return the values of the form's fields as `current` has them; override for fields of other tables."""
        return model_to_dict(current, fields=list(self.fields))


STRANGE_YEAR = gettext_lazy("Write a year from 1900 to 2199")


def require_usable_year(value: date | None) -> None:
    """Raise ValidationError for a date that cannot be meant and that arithmetic would fail on."""
    if value is not None and value.year not in YEARS:
        raise ValidationError(STRANGE_YEAR, code="year")


class CvrField(forms.CharField):
    """A CVR number: eight digits, typed with or without spaces; cleaned to digits only."""

    default_error_messages = {"invalid": gettext_lazy("Write the CVR number with 8 digits")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("CVR number"))
        kwargs.setdefault("help_text", gettext_lazy("8 digits, with or without spaces"))
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "class": "input-width-s", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        """Return the eight digits, or "" when nothing was typed. Raises ValidationError otherwise."""
        cvr = digits(str(super().to_python(value) or ""))
        if cvr and not re.fullmatch(r"[0-9]{8}", cvr):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return cvr


class DateInput(forms.DateInput):
    """A date typed as dd-mm-åååå."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input-width-s", "autocomplete": "off", **(attrs or {})}, format="%d-%m-%Y")


class DateTimeInput(forms.DateTimeInput):
    """A point in time typed as dd-mm-åååå tt.mm, in Danish time."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input-width-m", "autocomplete": "off", **(attrs or {})}, format="%d-%m-%Y %H.%M")


class DateField(forms.DateField):
    """A date as Danes type it; also the ISO form."""

    widget = DateInput
    default_error_messages = {"invalid": gettext_lazy("Write the date as dd-mm-yyyy, for example 23-11-2026")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_FORMATS)
        kwargs.setdefault("help_text", gettext_lazy("dd-mm-yyyy"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the date, None for nothing. Raises ValidationError."""
        day = super().to_python(value)
        require_usable_year(day)
        return day


class DateTimeField(forms.DateTimeField):
    """A point in time as Danes type it, in Danish time; a date alone means its beginning."""

    widget = DateTimeInput
    default_error_messages = {
        "invalid": gettext_lazy("Write date and time as dd-mm-yyyy hh.mm, for example 23-11-2026 14.05")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_TIME_FORMATS + DATE_FORMATS)
        kwargs.setdefault("help_text", gettext_lazy("dd-mm-yyyy hh.mm"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, None for nothing. Raises ValidationError."""
        moment = super().to_python(value)
        require_usable_year(moment)
        return moment


def parse_date(text: str) -> date | None:
    """Return the date in `text` as typed in a filter, or None when there is none to be read."""
    try:
        day: date | None = DateField(required=False).clean(text)
    except ValidationError:
        return None
    return day


def display(field: forms.Field, value: Any) -> str:
    """Return a cleaned or stored value as a person reads it: labels of choices, names of objects, yes and no."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        return display_object(field, value)
    if isinstance(field, forms.ChoiceField):
        return display_choices(field, value)
    return str(field.widget.format_value(field.prepare_value(value)) or "")


def display_object(field: "forms.ModelChoiceField[Any]", value: Any) -> str:
    """Return the label of the object (or objects) that `value` is, or whose key it is."""
    values = value if isinstance(value, list | tuple) or hasattr(value, "all") else [value]
    chosen = [item if isinstance(item, Model) else field.clean(item) for item in values]
    return ", ".join(field.label_from_instance(item) for item in chosen)


def display_choices(field: forms.ChoiceField, value: Any) -> str:
    """Return the labels of the chosen values, or the value itself when it is no choice any more."""
    choices: Any = field.choices
    labels = {str(key): str(label) for key, label in choices if isinstance(label, str | Promise)}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(item), str(item)) for item in values)

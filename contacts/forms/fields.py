"""Fields of the contact structure's forms, and what the forms share."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form, VersionedForm
from contacts import rules
from contacts.csv_columns import Refused, megabytes, size_text
from contacts.texts import CONTROL, one_line, paragraphs

LONG = {"rows": 3, "class": "input-width-xl"}


class NameField(forms.CharField):
    """A name or another text of one line, in the one form in which it is kept."""

    def to_python(self, value: Any) -> str:
        """Return the text with single blanks and nothing that cannot be seen."""
        return one_line(CONTROL.sub(" ", str(super().to_python(value) or "")))


class TextField(forms.CharField):
    """A longer text."""

    widget = forms.Textarea(attrs=LONG)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line feeds."""
        return paragraphs(str(super().to_python(value) or ""))


class CodesWidget(forms.Textarea):
    """Codes below each other, with a way to find those of the loaded lists by their names at `url`."""

    template_name = "django/forms/widgets/codes.html"
    url = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the template needs."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["codes_url"] = self.url
        return context


class LinesField(forms.CharField):
    """A list, one entry a line; cleaned to a tuple of what `read` makes of each."""

    widget = forms.Textarea(attrs=LONG)

    def __init__(self, *, read: Callable[[str], Any] = one_line, write: Callable[[Any], str] = str, **kwargs: Any):
        super().__init__(required=False, **kwargs)
        self.read, self.write = read, write

    def prepare_value(self, value: Any) -> str:
        """Return the entries below each other; what was typed stays as it is."""
        return value if isinstance(value, str) else "\n".join(self.write(entry) for entry in value or ())

    def to_python(self, value: Any) -> tuple[Any, ...]:  # type: ignore[override]
        """Return the entries. Raises ValidationError for those that cannot be read."""
        lines = (one_line(line) for line in str(value or "").splitlines())
        return _read_all(self.read, (line for line in lines if line))


def _read_all(read: Callable[[str], Any], lines: Iterable[str]) -> tuple[Any, ...]:
    entries, errors = [], []
    for line in lines:
        try:
            entries.append(read(line))
        except Refused as refused:
            errors.append(told(refused))
    if errors:
        raise ValidationError(errors)
    return tuple(entries)


def told(refused: Refused) -> str:
    """Return why something was refused and what to do, in one text."""
    return f"{refused.finding.message} {refused.finding.remedy}".strip()


class SizeField(forms.CharField):
    """A size in MB, typed with a comma or a point."""

    def prepare_value(self, value: Any) -> Any:
        """Return a size as Danes write it."""
        return size_text(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the size, None for nothing. Raises ValidationError."""
        try:
            return megabytes(str(value or ""))
        except Refused as refused:
            raise ValidationError(told(refused)) from refused


class ValuesForm(Form):
    """A form whose fields are those of a group's or point's values."""

    def blame(self, faults: Iterable[rules.Fault], fields: dict[str, str] | None = None) -> None:
        """Put faults at their fields, but for those that have one already.

        `fields` says where a value is typed that has no field of its name.
        """
        faulty = set(self.errors)
        for name, fault in faults:
            field = (fields or {}).get(name, name)
            if field in faulty:
                continue
            text = f"{fault.message} {fault.remedy}".strip()
            self.add_error(field if field in self.fields else None, text)


def registry_id_field() -> forms.UUIDField:
    """Return the field of the ID in Digital Post."""
    return forms.UUIDField(
        label=_("ID in Digital Post"),
        required=False,
        help_text=_("The ID that it has where it is registered for real. Letters need that one."),
        error_messages={"invalid": _("Copy the ID once more; it has 36 characters, of which four are hyphens.")},
        widget=forms.TextInput(attrs={"class": "input-width-l mono", "autocomplete": "off"}),
    )


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return `values` but for the given names."""
    return {name: value for name, value in values.items() if name not in names}


class Versioned(VersionedForm):
    """Mixin of the forms that change something: the version that was read, and the values as they stand now."""

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)

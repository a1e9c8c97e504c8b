"""Django's form renderer with the markup of the design system (DKFDS): `{{ form }}` is all a page writes."""

from typing import Any

from django.forms import BoundField as DjangoBoundField
from django.forms import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Widget
from django.forms.renderers import TemplatesSetting


def widget_class(widget: Widget) -> str:
    """Return the design system's class for a widget, or "" for one that bears none."""
    match widget:
        # A list of boxes is a RadioSelect to Django, so it must be asked for first.
        case CheckboxSelectMultiple() | CheckboxInput():
            return "form-checkbox"
        case RadioSelect():
            return "form-radio"
        case Select():
            return "form-select"
        case FileInput():
            return "form-file"
        case _:
            return "" if widget.is_hidden else "form-input"


class BoundField(DjangoBoundField):
    """A field of a form, with the classes and the pieces that `forms/field.html` needs."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Return the HTML attributes of the widget, the design system's class among them."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        classes = f"{widget_class(widget)} {widget.attrs.get('class', '')}".strip()
        return {**attrs, "class": classes} if classes else attrs

    @property
    def is_checkbox(self) -> bool:
        """Tell whether this is one box whose label stands after it."""
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def is_optional(self) -> bool:
        """Tell whether the label says that the field may be left empty."""
        return not self.field.required and not self.field.disabled and not self.is_checkbox

    @property
    def focus_id(self) -> str:
        """Return the id of the element that a link in the error summary leads to."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.id_for_label

    @property
    def error_id(self) -> str:
        """Return the id of the error text, which `aria-describedby` names."""
        return f"{self.auto_id}_error"

    @property
    def hint_id(self) -> str:
        """Return the id of the help text, which `aria-describedby` names."""
        return f"{self.auto_id}_helptext"


class FormRenderer(TemplatesSetting):
    """Renders every form of the project; set as FORM_RENDERER."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"
    bound_field_class = BoundField

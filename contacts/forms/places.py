"""The forms that say where something stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from systems.models import System


class MoveForm(Form):
    """Where something is to stand; the choices are made by `contacts.targets`."""

    to = forms.ChoiceField(label=_("Move to"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class OrderForm(Form):
    """After which of its siblings something is to stand; the choices are the siblings."""

    after = forms.ChoiceField(label=_("Where"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = choices  # type: ignore[attr-defined]


class SystemChangeForm(Form):
    """Which system takes over all the contact points of another."""

    system = forms.ModelChoiceField(
        label=_("Recipient system"),
        queryset=System.objects.none(),
        empty_label=_("Choose a system"),
        help_text=_("The system that is to receive what is written to these contact points."),
    )

    def __init__(self, *args: Any, systems: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = systems  # type: ignore[attr-defined]

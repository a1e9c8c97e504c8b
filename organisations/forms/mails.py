"""The form in which a person chooses which mails they get."""

from collections.abc import Mapping
from typing import Any

from django import forms

from adgang.lib.forms import Form
from organisations.mail_topics import TOPICS, Topic
from organisations.models import Organisation


class MailPreferencesForm(Form):
    """A box for each topic of each organisation. `offered` says what may be chosen, and what counts now."""

    def __init__(self, *args: Any, offered: Mapping[Organisation, Mapping[Topic, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields: dict[str, tuple[Organisation, Topic]] = {}
        for organisation, choices in offered.items():
            for topic, wanted in choices.items():
                name = f"{organisation.cvr_number}-{topic.value.lower()}"
                self._fields[name] = (organisation, topic)
                self.fields[name] = forms.BooleanField(
                    label=topic.label, help_text=str(TOPICS[topic].help), initial=wanted, required=False
                )
        self.fieldsets = [(organisation.name, self._of(organisation)) for organisation in offered]

    def _of(self, organisation: Organisation) -> list[str]:
        return [name for name, (owner, _topic) in self._fields.items() if owner == organisation]

    def choices(self) -> dict[Organisation, dict[Topic, bool]]:
        """Return what was chosen."""
        chosen: dict[Organisation, dict[Topic, bool]] = {}
        for name, (organisation, topic) in self._fields.items():
            chosen.setdefault(organisation, {})[topic] = self.cleaned_data[name]
        return chosen

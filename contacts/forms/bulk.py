"""The forms of what can be done to many contact points together: one for each act, each of a field or two."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts import bulk, codes, paths, states
from contacts.bulk import Act, How
from contacts.forms.fields import LinesField
from contacts.forms.points import AUDIENCES
from contacts.models import ContactGroup
from contacts.texts import folded, one_line
from organisations.models import Organisation
from systems.models import System


class ActForm(Form):
    """What is to be done; `act()` is what `contacts.bulk` does with it."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.organisation = organisation
        super().__init__(*args, **kwargs)

    def act(self) -> Act:
        """Return what is done to each point."""
        raise NotImplementedError


class SystemForm(ActForm):
    """Another recipient system."""

    system = forms.ModelChoiceField(
        label=_("Recipient system"),
        queryset=System.objects.none(),
        empty_label=_("Choose a system"),
        help_text=_("The system that is to receive what is written to these contact points."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receivers = System.objects.filter(organisation=self.organisation, is_recipient=True).order_by("name")
        self.fields["system"].queryset = receivers  # type: ignore[attr-defined]

    def act(self) -> Act:
        """Return the change of system."""
        return bulk.to_system(self.cleaned_data["system"])


class StateForm(ActForm):
    """One of the states that can be chosen."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[(state.value, state.label) for state in states.CHOICES],
        widget=forms.RadioSelect,
    )

    def act(self) -> Act:
        """Return the change of state."""
        return bulk.to_state(states.State(self.cleaned_data["state"]))


class AudiencesForm(ActForm):
    """Target audiences: more, fewer, or exactly these."""

    how = forms.ChoiceField(
        label=_("What is to happen"),
        choices=[(How.ADD, _("Add them")), (How.REMOVE, _("Take them away")), (How.SET, _("Only these, no others"))],
        initial=How.ADD.value,
        widget=forms.RadioSelect,
    )
    audiences = forms.MultipleChoiceField(
        label=_("Target audiences"), choices=AUDIENCES, widget=forms.CheckboxSelectMultiple
    )

    def act(self) -> Act:
        """Return the change of audiences."""
        return bulk.audiences(How(self.cleaned_data["how"]), self.cleaned_data["audiences"])


class ListForm(ActForm):
    """More of a list, or less."""

    how = forms.ChoiceField(
        label=_("What is to happen"),
        choices=[(How.ADD, _("Add them")), (How.REMOVE, _("Take them away"))],
        initial=How.ADD.value,
        widget=forms.RadioSelect,
    )


class TermsForm(ListForm):
    """Search terms."""

    terms = LinesField(label=_("Search terms"), help_text=_("One a line: the words people would look for."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["terms"].required = True

    def act(self) -> Act:
        """Return the change of search terms."""
        return bulk.terms(How(self.cleaned_data["how"]), self.cleaned_data["terms"])


class CodesForm(ListForm):
    """Codes."""

    codes = LinesField(
        label=_("Codes"),
        read=codes.parse,
        write=codes.write,
        help_text=_("One a line, for example KLE:32.24.04 or GLN:5790000000005. A version and a name may follow."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].required = True

    def act(self) -> Act:
        """Return the change of codes."""
        return bulk.codes(How(self.cleaned_data["how"]), self.cleaned_data["codes"])


class GroupForm(ActForm):
    """A group to stand in, named by its name or its path."""

    group = forms.CharField(
        label=_("Group"),
        max_length=2000,
        required=False,
        help_text=_("The name, or the path with “ / ” between the names. Leave it empty for the top level."),
        widget=forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
    )
    also = forms.ChoiceField(
        label=_("What is to happen"),
        choices=[("", _("Move them there from where they stand")), ("also", _("Place them there too"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_group(self) -> ContactGroup | None:
        """Return the one group that is meant. Raises ValidationError."""
        return named_group(self.organisation, self.cleaned_data["group"])

    def act(self) -> Act:
        """Return the change of place."""
        group = self.cleaned_data["group"]
        return bulk.to_group(group.pk if group else None, also=bool(self.cleaned_data["also"]))


class DeleteForm(ActForm):
    """Nothing more to say."""

    def act(self) -> Act:
        """Return the deletion."""
        return bulk.delete


def named_group(organisation: Organisation, text: str) -> ContactGroup | None:
    """Return the one group that a name or path means, None for nothing. Raises ValidationError."""
    text = one_line(text)
    if not text:
        return None
    ways = paths.Paths(ContactGroup.objects.filter(organisation=organisation).only("name", "parent_id"))
    found = [pk for pk in ways.groups if folded(ways.text(pk)) == folded(text)]
    found = found or [pk for pk, group in ways.groups.items() if folded(group.name) == folded(text)]
    if not found:
        raise ValidationError(
            _("No group has that name or path. Look it up in the tree, and write it as it stands there.")
        )
    if len(found) > 1:
        shown = "; ".join(sorted(ways.text(pk) for pk in found)[:3])
        raise ValidationError(_("Several groups are called that: %(paths)s. Write the whole path.") % {"paths": shown})
    return ways.groups[found[0]]


ACTS: dict[str, tuple[Any, type[ActForm]]] = {
    "system": (_("Choose another recipient system"), SystemForm),
    "state": (_("Change the state: open, replies only, or closed"), StateForm),
    "audiences": (_("Change the target audiences"), AudiencesForm),
    "terms": (_("Add or take away search terms"), TermsForm),
    "codes": (_("Add or take away codes"), CodesForm),
    "group": (_("Move them to a group, or place them there too"), GroupForm),
    "delete": (_("Delete them"), DeleteForm),
}

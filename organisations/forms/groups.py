"""Forms of user groups."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import ModelForm, VersionedForm
from organisations.models import User, UserGroup


class GroupForm(ModelForm):
    """Name and description of a new group."""

    class Meta:
        model = UserGroup
        fields = ("name", "description")
        widgets = {
            "name": forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
            "description": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    # That the name is free is asked under the lock.
    def validate_constraints(self) -> None:
        """Leave the names of other groups to the concept."""

    def validate_unique(self) -> None:
        """Leave the names of other groups to the concept."""


class GroupEditForm(VersionedForm, GroupForm):
    """A group with its members; `people` are those who may be members."""

    members = forms.MultipleChoiceField(
        label=_("Members"),
        help_text=_("Whoever is a member has the group's roles for as long as they are."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (id_, f"{person.name} ({person.email})") for id_, person in self.people.items()
        ]
        standing = self.instance.members.values_list("user_id", flat=True)
        self.fields["members"].initial = [str(id_) for id_ in standing]

    @property
    def chosen(self) -> list[User]:
        """The people who are to be members."""
        return [self.people[id_] for id_ in self.cleaned_data["members"]]

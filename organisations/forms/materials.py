"""The form of a material."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import ModelForm, VersionedForm
from organisations.models import Material


class MaterialForm(VersionedForm, ModelForm):
    """Guidance, a contact or a minimum requirement that every authority sees."""

    url = forms.URLField(
        label=_("Link"), required=False, assume_scheme="https", help_text=_("A web page; contacts may do without.")
    )

    class Meta:
        model = Material
        fields = ["kind", "step", "title_da", "title_en", "url", "position"]
        help_texts = {
            "kind": _("A minimum requirement is shown as a line to confirm."),
            "step": _("Beside which step it is shown."),
            "title_en": _("Shown to those who read the portal in English; otherwise they see the Danish title."),
            "position": _("Lower numbers stand first."),
        }
        widgets = {
            "step": forms.Select(
                choices=[(0, _("All steps")), (1, _("1 Access")), (2, _("2 Systems")), (3, _("3 Contact structure"))]
            )
        }

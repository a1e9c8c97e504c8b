"""The operator's list of organisations: columns, filters and words."""

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib.cvr import spaced
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from adgang.lib.templatetags.adgang import badge
from organisations.models import Organisation


def organisations_list(*, may_change: bool) -> ListSpec:
    """Return the list's specification; rows carry `has_terms`, `has_administrator` and `is_invited`."""
    return ListSpec(
        name="organisations",
        caption=_("Organisations"),
        columns=[
            Column("name", _("Name"), cell="name", sort=("name",), link=_manage if may_change else _help),
            Column("cvr", _("CVR number"), cell=lambda one: spaced(one.cvr_number), sort=("cvr_number",), export=_cvr),
            Column("kind", _("Kind"), cell=_kind, sort=("type", "authority_type")),
            Column("status", _("Status"), cell=lambda one: one.get_status_type_display(), sort=("status_type",)),
            Column("terms", _("Terms"), cell=_terms),
            Column("administrator", _("User administrator"), cell=_administrator),
            Column("created", _("Created"), cell="created", sort=("created",)),
        ],
        default_sort="name",
        search=("name", "cvr_number"),
        search_label=_("Name or CVR number"),
        filters=[
            Filter("kind", _("Kind"), choices=Organisation.AuthorityType.choices, apply=_of_kind),
            Filter(
                "lacks",
                _("Lacks"),
                choices=[("terms", _("Accepted terms")), ("administrator", _("User administrator"))],
                apply=_lacking,
            ),
        ],
        empty=Empty(
            _("No organisations yet"),
            _("Create the first one here, or many at once with the command import_organisations."),
        ),
    )


def _help(organisation: Organisation) -> str:
    return reverse("help_begin", args=[organisation.cvr_number])


def _manage(organisation: Organisation) -> str:
    return reverse("organisation_manage", args=[organisation.cvr_number])


def _cvr(organisation: Organisation) -> str:
    return organisation.cvr_number


def _kind(organisation: Organisation) -> str:
    return organisation.get_authority_type_display() or organisation.get_type_display()


def _terms(organisation: Organisation) -> SafeString:
    return badge(_("Accepted"), "success") if _has(organisation, "has_terms") else badge(_("Not accepted"), "warning")


def _administrator(organisation: Organisation) -> SafeString:
    if _has(organisation, "has_administrator"):
        return badge(_("Appointed"), "success")
    return badge(_("Invited"), "info") if _has(organisation, "is_invited") else badge(_("None"), "warning")


def _has(organisation: Organisation, name: str) -> bool:
    return bool(getattr(organisation, name, False))


def _of_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(authority_type=value)


def _lacking(rows: Rows, value: str) -> Rows:
    return rows.filter(**{"has_terms" if value == "terms" else "has_administrator": False})

"""The list of standard systems, for authorities and vendors, and for whoever runs the installation."""

import uuid
from collections.abc import Callable
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.lists import Column, Empty, Filter, ListSpec
from adgang.lib.templatetags.adgang import badge
from organisations.models import Organisation
from systems.models import Protocol, SystemTemplate

STATES = {
    "offer": (gettext_lazy("On offer"), Q(edition__gt=0, retired=None), "success"),
    "draft": (gettext_lazy("Not published yet"), Q(edition=0, retired=None), ""),
    "retired": (gettext_lazy("Retired"), Q(retired__isnull=False), "warning"),
}
EMPTY = Empty(
    gettext_lazy("No standard systems yet"),
    gettext_lazy(
        "A vendor whose system many authorities use describes it here once; authorities then make theirs from it with "
        "a few answers of their own."
    ),
)


def with_uses(
    templates: "QuerySet[SystemTemplate]", organisation: Organisation | None = None
) -> "QuerySet[SystemTemplate]":
    """Return the standard systems with `used`: how many systems are made from each, of one organisation or of all."""
    own = Q(uses__system__organisation=organisation) if organisation else Q()
    return templates.select_related("organisation").annotate(used=Count("uses", filter=own or None))


def templates_list(organisation: Organisation) -> ListSpec:
    """Return what the list shows to one organisation."""
    own = organisation.pk
    link = partial(_url, organisation.cvr_number)
    whose = Filter(
        "whose",
        gettext_lazy("Whose"),
        choices=[("own", gettext_lazy("Our own")), ("others", gettext_lazy("Those of others"))],
        apply=partial(_whose, own),
    )
    used = Column("used", gettext_lazy("Your systems made from it"), "used", sort=("used",), numeric=True)
    return _list("system_templates", [*_columns(link), used], [whose])


def operations_list() -> ListSpec:
    """Return what the list shows to whoever runs the installation."""
    used = Column("used", gettext_lazy("Systems made from it"), "used", sort=("used",), numeric=True)
    return _list("operations_templates", [*_columns(_operations_url), used], [])


def _list(name: str, columns: list[Column], filters: list[Filter]) -> ListSpec:
    return ListSpec(
        name=name,
        caption=gettext_lazy("Standard systems"),
        columns=columns,
        filters=[
            Filter("protocol", gettext_lazy("Protocol"), choices=Protocol.choices, apply=_with_protocol),
            Filter(
                "state", gettext_lazy("State"), choices=[(key, one[0]) for key, one in STATES.items()], apply=_in_state
            ),
            *filters,
        ],
        search=("name", "description", "organisation__name"),
        default_sort="name",
        empty=EMPTY,
    )


def _columns(link: Callable[[SystemTemplate], str]) -> list[Column]:
    return [
        Column("name", gettext_lazy("Name"), "name", sort=("name",), link=link),
        Column("vendor", gettext_lazy("Vendor"), "organisation.name", sort=("organisation__name",)),
        Column("protocol", gettext_lazy("Protocol"), lambda one: str(one.protocol.label)),
        Column("types", gettext_lazy("Type"), _types),
        Column("state", gettext_lazy("State"), state_badge, export=lambda one: str(state_word(one))),
        Column("edition", gettext_lazy("Edition"), lambda one: one.edition or "", sort=("edition",), numeric=True),
        Column("published", gettext_lazy("Published"), "published", sort=("published",)),
        Column("id", gettext_lazy("ID here"), lambda one: str(one.pk), where="file"),
    ]


def _types(template: SystemTemplate) -> str:
    words = {"is_sender": _("Sender system"), "is_recipient": _("Recipient system")}
    return ", ".join(word for name, word in words.items() if template.values.get(name))


def _state(template: SystemTemplate) -> str:
    if template.retired:
        return "retired"
    return "offer" if template.edition else "draft"


def state_word(template: SystemTemplate) -> str | Promise:
    """Return where a standard system stands, in words."""
    return STATES[_state(template)][0]


def state_badge(template: SystemTemplate) -> SafeString:
    """Return where a standard system stands, in a coloured box."""
    return badge(state_word(template), STATES[_state(template)][2])


def _url(cvr: str, template: SystemTemplate) -> str:
    return reverse("system_template", args=[cvr, template.pk])


def _operations_url(template: SystemTemplate) -> str:
    return reverse("operations_template", args=[template.pk])


def _with_protocol(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(values__service_protocol=value)


def _in_state(rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(STATES[value][1])


def _whose(own: uuid.UUID, rows: lists.Rows, value: str) -> lists.Rows:
    return rows.filter(organisation=own) if value == "own" else rows.exclude(organisation=own)

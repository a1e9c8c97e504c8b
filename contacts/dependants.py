"""What the rooms below may learn of the structure: who needs a system, links to logged objects."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from adgang.lib import slots
from contacts import access
from contacts.models import ContactGroup, ContactPoint, Draft
from contacts.models.point import SOMEBODY
from organisations.models import Organisation
from organisations.rights import Right
from systems.dependants import Dependant
from systems.models import System


@dataclass(frozen=True)
class Referrer:
    """Something that names a contact point: `text` says what and how, `url` leads to it ("" without a page).

    `replies`: letters send their replies to it, so that it matters when the point is closed, too.
    """

    text: str
    url: str
    replies: bool = False


def contact_dependants(organisation: Organisation, ids: Collection[uuid.UUID]) -> list[Referrer]:
    """Return everything, in whatever room, that names one of the groups and points and is not one of them."""
    return [one for filling in slots.fillings("contact_dependants") for one in filling(organisation, ids)]


def successors_of(organisation: Organisation, ids: Collection[uuid.UUID]) -> list[Referrer]:
    """Return the contact points that name one of `ids` as the one that takes over."""
    points = ContactPoint.objects.filter(organisation=organisation, replaced_by__isnull=False)
    text = _("%(name)s names it as the one that takes over, and will point to nothing.")
    return [
        Referrer(text % {"name": name}, reverse("point", args=[organisation.cvr_number, pk]))
        for pk, name, successor in points.values_list("pk", "name", "replaced_by")
        if successor in ids and pk not in ids
    ]


PAGES: dict[str, tuple[type[ContactGroup] | type[ContactPoint] | type[Draft], str]] = {
    "contactgroup": (ContactGroup, "group"),
    "contactpoint": (ContactPoint, "point"),
    "draft": (Draft, "draft"),
}


def system_dependants(system: System) -> list[Dependant]:
    """Return the contact points that a system receives for."""
    cvr = system.organisation.cvr_number
    move_url = reverse("points_change_system", args=[cvr, system.pk])
    # There may be ten thousand: the URL is worked out once.
    before, after = reverse("point", args=[cvr, system.pk]).split(str(system.pk))
    points = ContactPoint.objects.filter(system=system).values_list("pk", "name")
    return [Dependant(name=name, kind=KIND, url=f"{before}{pk}{after}", move_url=move_url) for pk, name in points]


KIND = _("contact point")


def system_panel(request: HttpRequest, system: System) -> SafeString:
    """Return how many contact points a system receives for, by what they are to writers; nothing without any."""
    points = ContactPoint.objects.filter(system=system)
    counts = points.aggregate(
        points=Count("pk"),
        open=Count("pk", filter=SOMEBODY & Q(active=True, visible=True)),
        closed=Count("pk", filter=Q(active=False)),
    )
    if not counts["points"]:
        return mark_safe("")
    may_view = access.caller(request).may(Right.CONTACTS_VIEW, system.organisation)
    return render_to_string(
        "contacts/system_panel.html", {"system": system, "counts": counts, "may_view": may_view}, request
    )


def object_link(kind: str, object_id: uuid.UUID, organisation: Organisation) -> str:
    """Return the URL of a logged group, point or draft; "" for what is not of this room or is deleted."""
    if kind not in PAGES:
        return ""
    model, page = PAGES[kind]
    if not model._default_manager.filter(pk=object_id, organisation=organisation).exists():
        return ""
    return reverse(page, args=[organisation.cvr_number, object_id])

"""Names and ids of contact points, for the people who make letters."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from contacts import access, searching, showing, states
from contacts.filters import for_audience, in_state
from contacts.models import ContactPoint
from contacts.showing import AUDIENCES
from contacts.states import State
from contacts.views.listing import Ways
from organisations.models import Organisation
from organisations.rights import Right


def structure_ids(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List which id a letter carries to be answered at which contact point; a provisional one is named as such."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    points = ContactPoint.objects.filter(organisation=organisation).prefetch_related("placements")
    return lists.respond(
        request,
        spec(organisation, Ways(organisation)),
        points,
        template="contacts/structure_ids.html",
        context={"organisation": organisation},
    )


def spec(organisation: Organisation, ways: Ways) -> ListSpec:
    """Return what the list shows."""
    return ListSpec(
        name="kontaktpunkt-id",
        caption=gettext_lazy("Names and IDs for letters"),
        columns=[
            Column("name", gettext_lazy("Contact point"), "name", sort=("name",)),
            Column("path", gettext_lazy("Stands in"), ways.of_point),
            Column("letter_id", gettext_lazy("ID in letters"), _letter_id),
            Column(
                "state",
                gettext_lazy("State"),
                showing.state_badge,
                sort=("-active", "-visible"),
                export=lambda one: str(states.state(one).label),
            ),
            Column("audiences", gettext_lazy("Target audiences"), showing.audiences),
            Column("id", gettext_lazy("ID here"), lambda one: str(one.pk), where="file"),
        ],
        search=partial(searching.narrowed, organisation=organisation),
        search_label=gettext_lazy("Search by name, description, search term, code, ID or former mailbox"),
        filters=[
            Filter("state", gettext_lazy("State"), choices=State.choices, apply=in_state),
            Filter("audience", gettext_lazy("Target audience"), choices=list(AUDIENCES.items()), apply=for_audience),
            Filter(
                "id",
                gettext_lazy("ID"),
                choices=[("final", gettext_lazy("Can be used in letters")), ("missing", gettext_lazy("Provisional"))],
                apply=_with_id,
            ),
        ],
        default_sort="name",
        empty=Empty(
            gettext_lazy("No contact points yet"),
            gettext_lazy("When there are contact points, their names and the IDs for letters stand here."),
        ),
    )


def _letter_id(point: ContactPoint) -> str:
    """Return the id for letters, or, so that nobody takes it for one, a word that there is none yet."""
    return str(point.letter_id or _("provisional – do not use in letters"))


def _with_id(rows: Rows, value: str) -> Rows:
    if settings.ADGANG_IS_REGISTRY:
        return rows if value == "final" else rows.none()
    return rows.filter(registry_id__isnull=value != "final")

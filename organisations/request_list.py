"""Lists of requests for access: one's own, and the queues of those who decide them."""

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from adgang.lib.cvr import spaced
from adgang.lib.lists import Column, DateFilter, Empty, Filter, ListSpec, Rows, Text
from adgang.lib.templatetags.adgang import badge
from organisations.models import AccessRequest
from organisations.models.access_request import BY_OPERATOR, RequestState, RequestType, TargetState

VARIANTS = {
    RequestState.SUBMITTED: "info",
    RequestState.APPROVED: "success",
    RequestState.REJECTED: "error",
    RequestState.REVOKED: "error",
}
Url = Callable[[AccessRequest], str]


def state_badge(case: AccessRequest) -> SafeString:
    """Return how far a request is, in words and a colour."""
    if case.was_returned:
        return badge(_("Sent back with questions"), "warning")
    if case.state == RequestState.APPROVED and case.target_state == TargetState.GRANTED:
        return badge(_("Approved and activated"), "success")
    if case.state == RequestState.APPROVED and case.target_state:
        return badge(_("Approved, waits for the code"), "info")
    return badge(case.get_state_display(), VARIANTS.get(RequestState(case.state), ""))


def _columns(url: Url) -> list[Column]:
    return [
        Column(
            "kind",
            _("Kind of request"),
            cell=lambda case: case.get_request_type_display(),
            sort=("request_type",),
            link=url,
        ),
        Column("about", _("Concerns"), cell="about", sort=("organisation_name",)),
        Column("cvr", _("CVR number"), cell=_cvr, sort=("cvr_number",), export=lambda case: case.cvr_number),
        Column("state", _("State"), cell=state_badge, sort=("state", "target_state")),
        Column("submitted", _("Submitted"), cell="submitted", sort=("submitted",)),
    ]


def _cvr(case: AccessRequest) -> str:
    return spaced(case.cvr_number)


def own_list() -> ListSpec:
    """Return the list of what a person has asked for."""
    columns = [
        *_columns(lambda case: reverse("access_request", args=[case.pk])),
        Column("updated", _("Last changed"), cell="updated", sort=("updated",)),
    ]
    return ListSpec(
        name="my-requests",
        caption=_("My requests"),
        columns=columns,
        default_sort="-updated",
        empty=Empty(
            _("No requests yet"),
            _("Here stands what you have asked for: connection of an authority, acceptance of the terms, roles."),
        ),
    )


def queue(*, name: str, url: Url, is_operators: bool) -> ListSpec:
    """Return the queue of those who decide: the operator, or an organisation."""
    kinds = [kind for kind in RequestType if (kind.value in BY_OPERATOR) == is_operators]
    return ListSpec(
        name=name,
        caption=_("Access requests"),
        columns=[
            *_columns(url),
            Column("requester", _("Requester"), cell="requester.name", sort=("requester__name",)),
            Column("decided", _("Decided"), cell="decided", sort=("decided",)),
        ],
        default_sort="-submitted",
        search=("organisation_name", "organisation__name", "cvr_number", "requester__name", "requester__email"),
        search_label=_("Name, CVR number or requester"),
        filters=[
            Filter("state", _("State"), choices=_states(), apply=_in_state),
            Filter("kind", _("Kind of request"), choices=[(kind.value, kind.label) for kind in kinds], apply=_of_kind),
            DateFilter("from", _("Submitted on or after"), apply=_since),
        ],
        empty=Empty(_("No requests"), _("Requests stand here as soon as somebody has sent one in. You get a mail.")),
    )


def _states() -> list[tuple[str, Text]]:
    return [
        ("waiting", _("Waits for a decision")),
        ("code", _("Waits for the code")),
        ("returned", _("Sent back with questions")),
        *((state.value, state.label) for state in RequestState if state is not RequestState.DRAFT),
    ]


def _in_state(rows: Rows, value: str) -> Rows:
    match value:
        case "waiting":
            return rows.filter(state=RequestState.SUBMITTED)
        case "code":
            waiting = [TargetState.PENDING, TargetState.ACTIVATION_CODE_SENT]
            return rows.filter(state=RequestState.APPROVED, target_state__in=waiting)
        case "returned":
            return rows.filter(state=RequestState.DRAFT)
        case _:
            return rows.filter(state=value)


def _of_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(request_type=value)


def _since(rows: Rows, day: dt.date) -> Rows:
    return rows.filter(submitted__date__gte=day)

"""The structure's own page, and the branches that its tree loads on demand."""

import uuid

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from contacts import access, rendering, tree
from contacts.models import ContactGroup, ContactPoint
from contacts.models.point import SOMEBODY
from contacts.views import beside
from organisations.rights import Right

WHOLE = "alt"


def structure(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the tree, and beside it where one begins."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    counts = ContactPoint.objects.filter(organisation=organisation).aggregate(
        points=Count("pk"), open=Count("pk", filter=SOMEBODY & Q(active=True, visible=True))
    )
    is_empty = not counts["points"] and not ContactGroup.objects.filter(organisation=organisation).exists()
    context = {"counts": counts, "is_empty": is_empty}
    return beside.page(request, "contacts/structure.html", organisation, context, is_main=True)


def structure_branch(request: HttpRequest, cvr: str) -> HttpResponse:
    """Return the nodes of a branch: all of it, what lies between two positions, or the whole tree (`gruppe=alt`)."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    look = rendering.Look.of(cvr)
    at = timezone.now()
    if request.GET.get("gruppe") == WHOLE:
        return HttpResponse(rendering.render(tree.whole(organisation, at=at), look))
    parent_id = _parent(request)
    kind = request.GET.get("slags", "")
    found = tree.branch(
        organisation,
        parent_id,
        groups=kind != "p",
        points=kind != "g",
        after=_position(request, "efter") or 0,
        before=_position(request, "foer"),
        at=at,
    )
    return HttpResponse(rendering.render(found, look, below=str(parent_id) if parent_id else None))


def _parent(request: HttpRequest) -> uuid.UUID | None:
    text = request.GET.get("gruppe", "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


def _position(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

"""The structure as a draft has it: the tree with its branches on demand, and nodes dragged to another place."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from contacts import access, rendering
from contacts.drafts import editing
from contacts.drafts.lifecycle import NotOpen
from contacts.drafts.merging import Node
from contacts.drafts.tree import Branches
from contacts.loading import Structure
from contacts.models import Publication
from contacts.positions import Edge, Place
from contacts.registering import NoSuchGroup
from contacts.texts import folded
from contacts.views.drafts.shared import REFUSALS, ChangedInDraft, InDraft, closed, page
from organisations.rights import Right

WHOLE, LAST = "alt", "last"
MOST_HITS = 20


def draft(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Show a draft: what it is for, what it does, and the structure as it would be; `?q=` finds in it."""
    found = access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW)
    here = InDraft(request, found)
    query = request.GET.get("q", "").strip()[:200]
    hits = _hits(here, query) if query else []
    context = {
        "query": query,
        "hits": hits[:MOST_HITS],
        "hit_count": len(hits),
        "refusal": Finding.from_json(found.refusal) if found.refusal else None,
        # The id alone: a publication holds whole structures.
        "publication_id": Publication.objects.filter(draft=found).values_list("pk", flat=True).first(),
    }
    return page(here, "contacts/draft.html", context)


def _hits(here: InDraft, query: str) -> list[tuple[Node, str, str]]:
    """Return (node, URL, path) of the groups and points whose name or search terms hold every word."""
    words = folded(query).split()
    found: list[Node] = []
    for group in here.structure.groups.values():
        if all(word in folded(group.values.name) for word in words):
            found.append(group)
    for point in here.structure.points.values():
        text = folded(" ".join([point.values.name, *point.values.search_terms]))
        if all(word in text for word in words):
            found.append(point)
    found.sort(key=lambda node: folded(node.values.name))
    return [(node, here.node_url(node), here.places_text(node)) for node in found]


def draft_branch(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Return the nodes of a branch: all of it, what lies between two positions, or the whole tree (`gruppe=alt`)."""
    found = access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW)
    here = InDraft(request, found)
    branches = Branches(here.structure, at=timezone.now())
    wanted = request.GET.get("gruppe", "")
    if wanted == WHOLE:
        return HttpResponse(rendering.render(branches.whole(), here.look))
    parent = _id(wanted)
    shown = branches.below(
        parent, kind=request.GET.get("slags", ""), after=_number(request, "efter") or 0, before=_number(request, "foer")
    )
    return HttpResponse(rendering.render(shown, here.look, below=str(parent) if parent else None))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


def _number(request: HttpRequest, name: str) -> float | None:
    """Return a position in the URL; None for nonsense."""
    text = request.GET.get(name, "")
    plain = text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 40
    return float(text) if plain else None


def draft_drop(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Move what was dragged in the tree of a draft."""
    found = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, found)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        node = here.change(lambda now: _drop(request, now))
    except NotOpen:
        return closed(here)
    except (ChangedInDraft, NoSuchGroup):
        text = _("The tree was changed meanwhile, so nothing was moved. Here is how it is now.")
    except tuple(REFUSALS) as refused:
        text = str(REFUSALS[type(refused)][1])
    else:
        toast(request, _("%(name)s is moved in the draft.") % {"name": node.values.name})
        return here.go(here.node_url(node))
    toast(request, text, variant="warning")
    return redirect("draft", cvr, found.pk)


def _drop(request: HttpRequest, now: Structure) -> Node:
    """Move the node that the page says was dragged. Raises `ChangedInDraft` when it does not stand there any more."""
    names = ("node", "from", "to")
    pk, seen_in, to = (_posted(request, name) for name in names)
    last = request.POST.get("after") == LAST
    place: Place = Edge.LAST if last else _posted(request, "after") or Edge.FIRST
    if pk is not None and request.POST.get("kind") == "g":
        group = now.groups.get(pk)
        if group is None or group.parent_id != seen_in:
            raise ChangedInDraft(None)
        editing.move_group(now, group, to, place)
        return group
    point = now.points.get(pk) if pk else None
    if point is None or seen_in not in point.group_ids:
        raise ChangedInDraft(None)
    editing.move_point(now, point, seen_in, to, place)
    return point


def _posted(request: HttpRequest, name: str) -> uuid.UUID | None:
    """Return an id that was posted; None for nothing. Raises `ChangedInDraft` for nonsense."""
    text = request.POST.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise ChangedInDraft(None) from error

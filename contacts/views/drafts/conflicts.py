"""What keeps a draft from being published: conflicts, each to be decided, and what would not hold together."""

import uuid
from dataclasses import dataclass
from itertools import groupby, islice

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from contacts import access
from contacts.drafts import deciding, wording
from contacts.drafts.lifecycle import NotOpen
from contacts.drafts.merging import Conflict, Node
from contacts.drafts.publishing import ChangedMeanwhile
from contacts.drafts.wording import Sides, Words
from contacts.views.drafts.shared import InDraft, closed
from organisations.rights import Right

DRAFT, STRUCTURE = "udkast", "struktur"
# So many objects stand on the page; when they are decided, the next ones do.
MOST = 100


@dataclass(frozen=True)
class Choice:
    """One conflict in words, with the fingerprint of what there is to choose between."""

    sides: Sides
    seen: str


@dataclass(frozen=True)
class ObjectConflicts:
    """The conflicts of one object; `url` leads to it in the draft, "" when the draft deletes it."""

    id: uuid.UUID
    name: str
    is_group: bool
    url: str
    choices: list[Choice]
    seen: str


def draft_conflicts(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Show every conflict, object by object and field by field, and what would not hold together."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW))
    conflicts = sorted(here.merged.conflicts, key=lambda one: (one.name.casefold(), str(one.change.object_id)))
    objects = {one.change.object_id for one in conflicts}
    context = {
        "organisation": here.draft.organisation,
        "draft": here.draft,
        "here": here,
        "objects": _objects(here, conflicts),
        "further": max(0, len(objects) - MOST),
        "conflict_count": len(conflicts),
        "seen": deciding.digest(here.merged.conflicts),
        "obstacles": [_obstacle(here, pk, found) for pk, found in here.merged.obstacles[:MOST]],
    }
    return render(request, "contacts/draft_conflicts.html", context)


def _objects(here: InDraft, conflicts: list[Conflict]) -> list[ObjectConflicts]:
    words, now = Words(here.merged.after, here.merged.before), here.merged.before
    found = []
    for pk, listed in islice(groupby(conflicts, key=lambda one: one.change.object_id), MOST):
        own = list(listed)
        node = _node(here, pk)
        found.append(
            ObjectConflicts(
                id=pk,
                name=own[0].name,
                is_group=own[0].change.is_group,
                url=here.node_url(node) if node else "",
                choices=[Choice(wording.sides(one, now, words), deciding.digest([one])) for one in own],
                seen=deciding.digest(deciding.chosen(here.merged, pk, None)),
            )
        )
    return found


def _obstacle(here: InDraft, pk: uuid.UUID, found: Finding) -> tuple[Finding, str]:
    node = _node(here, pk)
    return found, here.node_url(node) if node else ""


def _node(here: InDraft, pk: uuid.UUID) -> Node | None:
    return here.structure.groups.get(pk) or here.structure.points.get(pk)


def draft_decide(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Decide one conflict, all of one object, or all: for the draft or for what stands now."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept = request.POST.get("behold")
    try:
        count = deciding.decide(
            caller=access.caller(request),
            draft=here.draft,
            object_id=_posted_id(request),
            field=request.POST.get("felt"),
            mine=kept == DRAFT,
            seen=request.POST.get("set", "") if kept in (DRAFT, STRUCTURE) else "",
        )
    except NotOpen:
        return closed(here)
    except ChangedMeanwhile:
        text = _("It was changed meanwhile, so nothing was decided. Look again and choose.")
        toast(request, text, variant="warning")
    else:
        text = ngettext("%(count)s conflict is decided.", "%(count)s conflicts are decided.", count)
        toast(request, text % {"count": count})
    return redirect("draft_conflicts", cvr, draft_id)


def _posted_id(request: HttpRequest) -> uuid.UUID | None:
    """Return the object whose conflicts are decided, None for all; nonsense is an object without conflicts."""
    text = request.POST.get("objekt", "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)

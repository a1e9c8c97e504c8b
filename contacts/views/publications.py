"""What was published of the structure: listed, looked at with the structure as it was, and made a draft again."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.dates import moment
from adgang.lib.lists import Column, Empty, ListSpec
from adgang.lib.toasts import toast
from contacts import access, exporting
from contacts.drafts import publishing
from contacts.drafts.browsing import MARKS, Browsing, Origin
from contacts.drafts.outline import Outline
from contacts.drafts.publishing import Kept
from contacts.exporting import Format
from contacts.models import Publication
from contacts.models.draft import MAX_NAME
from contacts.views.drafts.looking import TREE, Look, Pager
from organisations.exporting import note_export
from organisations.rights import Right

NONE = gettext_lazy(
    "Whenever a draft of the contact structure is published, what it changed and how the structure was stands here."
)
BEFORE, OUTLINE = "foer", "struktur"


def publications(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List what was published, the newest first."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    return lists.respond(
        request,
        _spec(cvr),
        Publication.objects.filter(organisation=organisation).defer("content").select_related("made_by"),
        template="contacts/publications.html",
        context={"organisation": organisation},
    )


def _spec(cvr: str) -> ListSpec:
    return ListSpec(
        name="udgivelser",
        caption=_("Publications of the contact structure"),
        columns=[
            Column(
                "name",
                _("Name"),
                "name",
                sort=("name",),
                link=lambda one: reverse("publication", args=[cvr, one.pk]),
            ),
            Column("made", _("Published"), "made", sort=("made",)),
            Column("by", _("Published by"), lambda one: one.made_by.name if one.made_by else "–"),
            Column("created", _("New"), "created_count", numeric=True),
            Column("changed", _("Changed or moved"), "changed_count", numeric=True),
            Column("deleted", _("Deleted"), "deleted_count", numeric=True),
            Column("note", _("Note"), "note", where="file"),
        ],
        search=("name", "note"),
        default_sort="-made",
        empty=Empty(_("Nothing has been published from a draft yet"), NONE),
    )


def publication(request: HttpRequest, cvr: str, publication_id: uuid.UUID) -> HttpResponseBase:
    """Show what a publication changed, or (`?vis=struktur`) the structure as it was after it, or before it."""
    found = access.publication(request, cvr, publication_id, right=Right.CONTACTS_VIEW)
    kept = publishing.unpack(found)
    origin = Origin(found.made_by.name if found.made_by else "–", found.made)
    browsed = Browsing(kept.before, kept.after)
    look = Look(request, browsed)
    if request.GET.get("format") == "csv":
        return look.file(request, "udgivelse")
    context: dict[str, Any] = {
        "organisation": found.organisation,
        "publication": found,
        "origin": origin,
        "look": look,
        **(_outline(request, kept, look) if request.GET.get(TREE) == OUTLINE else {}),
        "counts": [(MARKS[mark], count) for mark, count in browsed.counts.items() if count],
        "may_change": access.caller(request).may(Right.CONTACTS_CHANGE, found.organisation),
        "formats": list(Format),
    }
    return render(request, "contacts/publication.html", context)


def _outline(request: HttpRequest, kept: Kept, look: Look) -> dict[str, Any]:
    before = BEFORE in request.GET
    page = Paginator(Outline(kept.before if before else kept.after), look.size).get_page(look.number)
    state = {TREE: OUTLINE, BEFORE: "1" if before else ""}
    pager = Pager(page, lambda number: look.url(**state, side=str(number)))
    return {"outline": page, "before": before, "pager": pager}


def publication_export(request: HttpRequest, cvr: str, publication_id: uuid.UUID, file_format: str) -> HttpResponseBase:
    """Give out the structure as it was after a publication or, with `?foer`, before it."""
    found = access.publication(request, cvr, publication_id, right=Right.CONTACTS_VIEW)
    form = Format(file_format)
    note_export(request, "udgivelse", form)
    kept = publishing.unpack(found)
    structure, when = (kept.before, "foer") if BEFORE in request.GET else (kept.after, "efter")
    response = StreamingHttpResponse(exporting.of_structure(structure, form), content_type=exporting.MEDIA_TYPES[form])
    name = f"kontaktstruktur-{cvr}-{when}-{found.made:%Y-%m-%d}.{form}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def publication_restore(request: HttpRequest, cvr: str, publication_id: uuid.UUID) -> HttpResponse:
    """Make a draft of the structure as it was after a publication, or before it; nothing is published by that."""
    found = access.publication(request, cvr, publication_id, right=Right.CONTACTS_CHANGE)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    before = request.POST.get("som") == BEFORE
    words = {"name": found.name, "at": moment(found.made)}
    name = _("As before %(name)s, %(at)s") % words if before else _("As after %(name)s, %(at)s") % words
    draft = publishing.restore(caller=access.caller(request), publication=found, name=name[:MAX_NAME], before=before)
    if draft.changes.exists():
        toast(request, _("%(name)s is begun as a draft. Look it through, and publish it.") % {"name": draft.name})
    else:
        toast(request, _("The structure is like that now, so the draft changes nothing."), variant="info")
    return redirect("draft_changes", cvr, draft.pk)

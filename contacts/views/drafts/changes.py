"""What a draft changes: looked through, and taken out of it again one by one."""

import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.confirm import confirm
from adgang.lib.toasts import toast
from contacts import access
from contacts.drafts import reverting
from contacts.drafts.browsing import Browsing, Origin
from contacts.drafts.lifecycle import NotOpen
from contacts.models import Publication
from contacts.views.drafts.looking import Look
from contacts.views.drafts.shared import InDraft, closed
from organisations.models import User
from organisations.rights import Right

NAMED = 10


def draft_changes(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponseBase:
    """Show what a draft changes, as a list, as a tree or as a file; of a published one, what was published."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW)
    here = InDraft(request, draft)
    if publication_id := Publication.objects.filter(draft=draft).values_list("pk", flat=True).first():
        return redirect("publication", cvr, publication_id)
    look = Look(request, browsing_of(here, _origins(here)))
    if request.GET.get("format") == "csv":
        return look.file(request, "udkast")
    context = {"organisation": draft.organisation, "draft": draft, "here": here, "look": look}
    return render(request, "contacts/draft_changes.html", context)


def browsing_of(here: InDraft, origins: Mapping[uuid.UUID, Origin] | None = None) -> Browsing:
    """Return the difference that a draft makes; `origins` says who made which change."""
    return Browsing(here.merged.before, here.merged.after, origins)


def _origins(here: InDraft) -> dict[uuid.UUID, Origin]:
    """Return who made each change, and when; one query."""
    touched = here.merged.touched
    people = User.objects.filter(pk__in={change.changed_by_id for change in touched.values()})
    names: dict[uuid.UUID | None, str] = dict(people.values_list("pk", "name"))
    return {pk: Origin(names.get(change.changed_by_id, "–"), change.changed) for pk, change in touched.items()}


def draft_revert(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Take a change out of the draft; ask first when others cannot do without it, for they go too."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    object_id = _posted_id(request)
    going = reverting.with_dependants(here.merged, object_id) if object_id else set()
    if len(going) > 1 and request.POST.get("sikker") != str(len(going)):
        return _ask(here, object_id, going)
    try:
        count = reverting.revert(caller=access.caller(request), draft=here.draft, object_ids=going)
    except NotOpen:
        return closed(here)
    if count:
        text = ngettext(
            "%(count)s change is taken out of the draft.", "%(count)s changes are taken out of the draft.", count
        )
        toast(request, text % {"count": count})
    else:
        toast(request, _("The draft does not change that any more."), variant="info")
    query = QueryDict(request.POST.get("tilbage", "")).urlencode()
    return redirect(here.url("draft_changes") + (f"?{query}" if query else ""))


def crumbs(here: InDraft, *more: object) -> list[object]:
    """Return the trail to a page of a draft."""
    return [_("Drafts"), reverse("drafts", args=[here.cvr]), here.draft.name, here.url("draft"), *more]


def _posted_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("objekt", ""))
    except ValueError:
        return None


def _ask(here: InDraft, object_id: uuid.UUID | None, going: set[uuid.UUID]) -> HttpResponse:
    names = {change.id: change.name for change in browsing_of(here).changes}
    others = [names[pk] for pk in going if pk != object_id and pk in names]
    text = ngettext(
        "%(count)s more change is taken out, for it cannot do without this one: %(names)s.",
        "%(count)s more changes are taken out, for they cannot do without this one: %(names)s.",
        len(others),
    )
    shown = ", ".join(sorted(others)[:NAMED]) + (" …" if len(others) > NAMED else "")
    own = names.get(object_id, "") if object_id else ""
    posted = {"objekt": str(object_id), "sikker": str(len(going)), "tilbage": here.request.POST.get("tilbage", "")}
    return confirm(
        here.request,
        title=_("Take the change out of the draft?"),
        consequences=[
            _("%(name)s stays as it is in the structure.") % {"name": own},
            text % {"count": len(others), "names": shown},
        ],
        submit=_("Take out of the draft"),
        cancel_url=here.url("draft_changes"),
        hidden=posted,
        crumbs=crumbs(here, _("Changes"), here.url("draft_changes")),
    )

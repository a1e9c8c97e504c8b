"""Deciding on a draft: publish it now or at a time, take that back, or discard it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.confirm import confirm, posted_version
from adgang.lib.dates import moment
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, dependants, undo_offers
from contacts.differences import Act
from contacts.drafts import approving, lifecycle, publishing
from contacts.drafts.browsing import MARKS
from contacts.drafts.lifecycle import NotOpen
from contacts.drafts.publishing import ChangedMeanwhile, Refused
from contacts.forms.publishing import PlanForm
from contacts.views.drafts.changes import browsing_of, crumbs
from contacts.views.drafts.shared import InDraft, closed
from organisations.rights import Right

NAMED = 20


def draft_publish(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Say what publishing will do and what is in its way; publish what was seen, or plan that."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, draft)
    if draft.is_closed:
        return closed(here)
    planning = request.method == "POST" and "plan" in request.POST
    form = PlanForm(request.POST if planning else None, initial={"version": draft.version})
    if planning and form.is_valid():
        return _plan(here, form)
    if request.method == "POST" and not planning:
        return _publish(here)
    return render(request, "contacts/draft_publish.html", _context(here, form))


def _context(here: InDraft, form: PlanForm) -> dict[str, Any]:
    browsed = browsing_of(here)
    deleted = {change.id for change in browsed.changes if change.act is Act.DELETE}
    referrers = dependants.contact_dependants(here.draft.organisation, deleted) if deleted else []
    return {
        "organisation": here.draft.organisation,
        "draft": here.draft,
        "here": here,
        "form": form,
        "counts": [(MARKS[mark], count) for mark, count in browsed.counts.items() if count],
        "referrers": referrers[:NAMED],
        "further": max(0, len(referrers) - NAMED),
        "refusal": publishing.refusal(here.merged),
        "is_empty": not browsed.changes,
        "seen": publishing.digest(browsed.changes),
        "talk": approving.talk(here.draft),
    }


def _publish(here: InDraft) -> HttpResponse:
    caller, seen = access.caller(here.request), here.request.POST.get("seen") or "-"
    try:
        event = publishing.publish(caller=caller, draft=here.draft, seen=seen)
    except NotOpen:
        return closed(here)
    except Refused as refused:
        toast(here.request, f"{refused.finding.message} {refused.finding.remedy}", variant="warning")
    except ChangedMeanwhile:
        text = _("The structure or the draft was changed meanwhile, so nothing was published. Look again.")
        toast(here.request, text, variant="warning")
    else:
        text = _("%(name)s is published.") % {"name": here.draft.name}
        undo_offers.toast_with_undo(here.request, text, here.cvr, event)
        return redirect("publication", here.cvr, event.pk)
    return redirect("draft_publish", here.cvr, here.draft.pk)


def _plan(here: InDraft, form: PlanForm) -> HttpResponse:
    at, version = form.cleaned_data["publish_at"], form.cleaned_data["version"]
    try:
        publishing.plan(caller=access.caller(here.request), draft=here.draft, at=at, version=version)
    except NotOpen:
        return closed(here)
    except StaleVersion:
        return _stale(here, "draft_publish")
    except Refused as refused:
        toast(here.request, f"{refused.finding.message} {refused.finding.remedy}", variant="warning")
        return redirect("draft_publish", here.cvr, here.draft.pk)
    toast(here.request, _("%(name)s is published %(at)s.") % {"name": here.draft.name, "at": moment(at)})
    return redirect("draft", here.cvr, here.draft.pk)


def _stale(here: InDraft, name: str) -> HttpResponse:
    text = _("Somebody else changed the draft while you were reading, so nothing was done. Look again and repeat it.")
    toast(here.request, text, variant="warning")
    return redirect(name, here.cvr, here.draft.pk)


def draft_unplan(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Open a draft again that waits for its time."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, draft)
    if request.method == "POST":
        try:
            publishing.unplan(caller=access.caller(request), draft=draft, version=posted_version(request))
        except NotOpen:
            return closed(here)
        except StaleVersion:
            return _stale(here, "draft")
        toast(request, _("%(name)s is not published at a time any more. It can be worked on again.") % {"name": draft})
        return redirect("draft", cvr, draft.pk)
    if not draft.is_planned:
        return closed(here)
    return confirm(
        request,
        title=_("Cancel the planned publication?"),
        consequences=[_("%(name)s is not published %(at)s.") % {"name": draft.name, "at": moment(draft.publish_at)}],
        submit=_("Cancel the publication"),
        cancel_url=here.url("draft"),
        danger=False,
        version=draft.version,
        crumbs=crumbs(here),
    )


def draft_discard(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Say what discarding a draft means, and do it."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, draft)
    if request.method == "POST":
        try:
            lifecycle.discard(caller=access.caller(request), draft=draft, version=posted_version(request))
        except NotOpen:
            return closed(here)
        except StaleVersion:
            return _stale(here, "draft_discard")
        toast(request, _("The draft %(name)s is discarded.") % {"name": draft.name})
        return redirect("drafts", cvr)
    if draft.is_closed:
        return closed(here)
    return confirm(
        request,
        title=_("Discard the draft %(name)s?") % {"name": draft.name},
        consequences=_of_discarding(here),
        submit=_("Discard the draft"),
        cancel_url=here.url("draft"),
        version=draft.version,
        crumbs=crumbs(here),
    )


def _of_discarding(here: InDraft) -> list[str]:
    draft, count = here.draft, here.change_count
    text = ngettext("%(count)s change is never published.", "%(count)s changes are never published.", count)
    lines = [text % {"count": count}]
    if draft.is_planned:
        lines.append(_("It is not published %(at)s.") % {"at": moment(draft.publish_at)})
    made = here.structure.points.keys() - here.merged.before.points.keys()
    named = dependants.contact_dependants(draft.organisation, made) if made else []
    lines += [_("Of a contact point that never comes: %(text)s") % {"text": one.text} for one in named[:NAMED]]
    return [
        *lines,
        _("The contact structure stays as it is."),
        _("The draft stays in the list to be looked at, and cannot be opened again."),
    ]

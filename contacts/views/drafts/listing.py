"""The drafts of an organisation: listed, begun, renamed."""

import uuid

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.conflicts import conflict_response
from adgang.lib.lists import Column, Empty, Filter, ListSpec
from adgang.lib.registered import StaleVersion
from adgang.lib.templatetags.adgang import badge
from adgang.lib.toasts import toast
from contacts import access
from contacts.drafts import lifecycle
from contacts.drafts.lifecycle import NotOpen
from contacts.forms.drafts import DraftEditForm, DraftForm
from contacts.models import Draft, DraftState
from contacts.views.drafts.shared import InDraft, closed
from organisations.rights import Right

BEGIN = gettext_lazy(
    "A draft collects changes of the whole structure without anybody outside seeing them. When it is ready, it is "
    "published in one go, at once or at a time. Begin one for a reorganisation, or to let a colleague look first."
)
BADGES = {
    DraftState.OPEN: "info",
    DraftState.PLANNED: "warning",
    DraftState.PUBLISHED: "success",
    DraftState.DISCARDED: "",
}


def drafts(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the drafts, the newest first."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    may_change = access.caller(request).may(Right.CONTACTS_CHANGE, organisation)
    return lists.respond(
        request,
        _spec(cvr),
        Draft.objects.filter(organisation=organisation)
        .select_related("begun_by")
        .annotate(change_count=Count("changes")),
        template="contacts/drafts.html",
        context={"organisation": organisation, "may_change": may_change},
        empty_action=(reverse("draft_create", args=[cvr]), _("Begin a draft")) if may_change else None,
    )


def _spec(cvr: str) -> ListSpec:
    return ListSpec(
        name="drafts",
        caption=_("Drafts of the contact structure"),
        columns=[
            Column("name", _("Name"), "name", sort=("name",), link=lambda one: reverse("draft", args=[cvr, one.pk])),
            Column("state", _("State"), _state, sort=("state",), export=lambda one: one.get_state_display()),
            Column("changes", _("Changes"), "change_count", sort=("change_count",), numeric=True),
            Column("publish_at", _("Is published"), "publish_at", sort=("publish_at",)),
            Column("begun_by", _("Begun by"), lambda one: one.begun_by.name if one.begun_by else "–"),
            Column("updated", _("Changed"), "updated", sort=("updated",)),
        ],
        search=("name", "note"),
        filters=[
            Filter(
                "tilstand",
                _("State"),
                choices=[(state.value, state.label) for state in DraftState],
                apply=lambda rows, value: rows.filter(state=value),
            )
        ],
        default_sort="-updated",
        empty=Empty(_("No drafts yet"), BEGIN),
    )


def _state(draft: Draft) -> object:
    return badge(draft.get_state_display(), BADGES[DraftState(draft.state)])


def draft_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Begin a draft."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = lifecycle.begin(caller=access.caller(request), organisation=organisation, **form.cleaned_data)
        toast(request, _("The draft %(name)s is begun. What you change in it, nobody outside sees.") % {"name": made})
        return redirect("draft", cvr, made.pk)
    return render(request, "contacts/draft_create.html", {"organisation": organisation, "form": form})


def draft_edit(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Give a draft another name or note."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, draft)
    initial = {"name": draft.name, "note": draft.note, "version": draft.version}
    form = DraftEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.rename(caller=access.caller(request), draft=draft, **form.cleaned_data)
        except NotOpen:
            return closed(here)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("%(name)s is saved.") % {"name": draft.name})
        return redirect("draft", cvr, draft.pk)
    context = {"organisation": draft.organisation, "draft": draft, "here": here, "form": form}
    return render(request, "contacts/draft_edit.html", context)

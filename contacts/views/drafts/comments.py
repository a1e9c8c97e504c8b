"""What colleagues say of a draft, and their approval."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access
from contacts.drafts import approving, lifecycle
from contacts.forms.publishing import CommentForm
from contacts.views.drafts.shared import InDraft
from organisations.rights import Right


def draft_comments(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Show what was said of a draft, and take a comment; who may publish it may approve it too."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW)
    here = InDraft(request, draft)
    may_approve = here.may_publish and not draft.is_closed
    form = CommentForm(request.POST or None, may_approve=may_approve, initial={"version": draft.version})
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.comment(caller=access.caller(request), draft=draft, **form.cleaned_data)
        except StaleVersion:
            form.add_error(None, _("The draft was changed while you were reading. Look through it again."))
        else:
            text = _("The draft is approved.") if form.cleaned_data["approves"] else _("Your comment is saved.")
            toast(request, text)
            return redirect("draft_comments", cvr, draft.pk)
    context = {"organisation": draft.organisation, "draft": draft, "here": here, "form": form}
    return render(request, "contacts/draft_comments.html", context | {"talk": approving.talk(draft)})

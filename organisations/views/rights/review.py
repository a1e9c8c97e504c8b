"""The yearly review of rights."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, privileges, refusals, reviewing
from organisations.grants_list import page_of
from organisations.models import Organisation, RightsReview
from organisations.rights import Right

KEEP, END = "keep", "end"


def rights_review(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the roles that are to be looked at; keep or end one, or finish the review."""
    organisation = access.organisation(
        request, cvr, right=Right.PEOPLE_CHANGE if request.method == "POST" else Right.PEOPLE_VIEW
    )
    review = reviewing.standing(organisation)
    if request.method == "POST":
        _act(request, organisation, review)
        return redirect("rights_review", cvr)
    systems = privileges.systems_of(organisation)
    left = list(reviewing.waiting(review)[:100])
    context = {
        "organisation": organisation,
        "review": review,
        "is_late": review.due < timezone.localdate(),
        "left": [
            (one, systems.get(one.system_id) if one.system_id else None, page_of(organisation, one)) for one in left
        ],
        "count": len(left) if len(left) < 100 else reviewing.waiting(review).count(),
        "finished": RightsReview.objects.filter(organisation=organisation)
        .exclude(finished=None)
        .select_related("finished_by")[:10],
        "may_change": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
    }
    return render(request, "organisations/rights_review.html", context)


def _act(request: HttpRequest, organisation: Organisation, review: RightsReview) -> None:
    caller = access.caller(request)
    for act in (KEEP, END):
        if id_ := request.POST.get(act):
            held = get_object_or_404(reviewing.waiting(review), pk=_uuid(id_))
            values = {"who": held.grantee, "role": held.role.label}
            if act == KEEP:
                reviewing.keep(caller=caller, privilege=held)
                toast(request, _("%(who)s keeps the role %(role)s.") % values)
            elif refusal := privileges.revoke(caller=caller, privilege=held, reason=_("Review of rights")):
                toast(request, refusals.text(refusal), variant="warning")
            else:
                toast(request, _("%(who)s no longer has the role %(role)s.") % values)
            return
    following = reviewing.finish(caller=caller, review=review)
    if isinstance(following, Finding):
        toast(request, refusals.text(following), variant="warning")
    else:
        toast(request, _("The review is finished."))


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)

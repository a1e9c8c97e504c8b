"""The quality report, and what it asks for: marking what was reviewed, and naming who sees to a branch."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import exports, slots
from adgang.lib.confirm import confirm
from adgang.lib.problems import Weight
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, quality, responsible, reviewed
from contacts.forms.responsible import ResponsibleForm
from contacts.views.answers import go, group_url, look_again, point_url
from organisations.rights import Right

CSV = "text/csv; charset=utf-8"


def structure_quality(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Show what is wrong with the structure, rule by rule, with the objects and the cure; or all of it as CSV."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    weight = next((one for one in Weight if one.name == request.GET.get("alvor")), None)
    if request.GET.get("format") == "csv":
        for note in slots.fillings("list_exports"):
            note(request, "kvalitetsrapport", "csv")
        rows = quality.rows(organisation, at=timezone.now(), weight=weight)
        response = StreamingHttpResponse(exports.csv_lines(quality.HEADER, rows), content_type=CSV)
        response.headers["Content-Disposition"] = f'attachment; filename="kvalitet-{timezone.localdate()}.csv"'
        return response
    found = quality.report(organisation, at=timezone.now(), weight=weight)
    context = {
        "organisation": organisation,
        "report": found,
        "weight": weight,
        "weights": [(one.name, label) for one, label in quality.WEIGHTS.items()],
        "may_change": access.caller(request).may(Right.CONTACTS_CHANGE, organisation),
    }
    return render(request, "contacts/structure_quality.html", context)


def point_reviewed(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Mark a contact point as reviewed."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    if request.method != "POST":
        return redirect(point_url(found))
    reviewed.mark_point(caller=access.caller(request), point=found, at=timezone.now())
    toast(request, _("%(name)s is marked as reviewed.") % {"name": found.name}, point_url(found), found.name)
    return _back(request, point_url(found))


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Send the person back to the page that the button stood on."""
    url = request.POST.get("tilbage", "")
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return redirect(url if is_ours else otherwise)


def group_reviewed(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Say how many contact points a branch has, and mark all of them as reviewed."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    if request.method == "POST":
        count = reviewed.mark_branch(caller=access.caller(request), group=found, at=timezone.now())
        text = ngettext(
            "%(count)s contact point is marked as reviewed.", "%(count)s contact points are marked as reviewed.", count
        )
        toast(request, text % {"count": count})
        return go(request, group_url(found))
    count = len(reviewed.below(found))
    text = ngettext(
        "%(count)s contact point in the group and below it is marked as reviewed by you today.",
        "%(count)s contact points in the group and below it are marked as reviewed by you today.",
        count,
    )
    return confirm(
        request,
        title=_("Mark %(name)s as reviewed") % {"name": found.name},
        consequences=[text % {"count": count}],
        submit=_("Mark as reviewed"),
        cancel_url=group_url(found),
        danger=False,
        crumbs=[_("Contact structure"), reverse("structure", args=[cvr]), found.name, group_url(found)],
    )


def group_responsible(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Choose who sees to a group and all below it."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    people = responsible.candidates(found.organisation, at=timezone.now())
    form = ResponsibleForm(request.POST or None, group=found, people=people)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["responsible"]
        try:
            responsible.assign(
                caller=access.caller(request), group=found, person=person, version=form.cleaned_data["version"]
            )
        except StaleVersion as stale:
            return look_again(request, stale, cvr)
        toast(request, _("%(name)s is saved.") % {"name": found.name})
        return go(request, group_url(found))
    return render(request, "contacts/group_responsible.html", {"group": found, "form": form})

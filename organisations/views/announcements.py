"""What the operator announces: the reader's pages, and the operator's."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from adgang.lib import lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.cvr import spaced
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access
from organisations import announcements as rules
from organisations.announcements_list import announcements_list, audience, state_badge
from organisations.forms.announcements import AnnouncementEditForm, AnnouncementForm
from organisations.models import Announcement, Organisation
from organisations.rights import Right

PER_PAGE = 20


def announcements(request: HttpRequest) -> HttpResponse:
    """Show a person what they were told in the last year, newest first."""
    access.person(request)
    found = rules.history(access.caller(request), at=timezone.now())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/announcements.html", {"page": page})


@require_POST
def announcement_dismiss(request: HttpRequest, announcement_id: uuid.UUID) -> HttpResponse:
    """Put an announcement out of the person's sight, and go back to where they were."""
    user = access.person(request)
    found = get_object_or_404(Announcement, pk=announcement_id)
    rules.dismiss(user=user, announcement=found, at=timezone.now())
    if request.headers.get("HX-Request"):  # the page stays, with what is being written on it
        return render(request, "organisations/announcement_dismiss.html")
    toast(
        request,
        _("The announcement is hidden."),
        reverse("announcements"),
        _("See all announcements"),
        variant="info",
    )
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_ours else reverse("announcements"))


def operations_announcements(request: HttpRequest) -> HttpResponseBase:
    """List what has been announced."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    return lists.respond(
        request,
        announcements_list(),
        Announcement.objects.all(),
        template="organisations/operations_announcements.html",
        context={"may_change": caller.may_operate(Right.OPERATIONS_CHANGE)},
    )


def announcement_create(request: HttpRequest) -> HttpResponse:
    """Write an announcement, see it as it will look, and publish it."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    at = timezone.now()
    form = AnnouncementForm(request.POST or None, at=at)
    if form.is_valid() and "preview" not in request.POST:
        made = rules.publish(caller=caller, announcement=form.instance, at=at)
        toast(request, _("“%(title)s” is announced.") % {"title": made})
        return redirect("announcement", made.pk)
    return render(request, "organisations/announcement_create.html", {"form": form, **_preview(form)})


def announcement(request: HttpRequest, announcement_id: uuid.UUID) -> HttpResponse:
    """Show an announcement in both languages, whom it is for, and what became of its mails."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    found = get_object_or_404(Announcement, pk=announcement_id)
    at = timezone.now()
    context = {
        "announcement": found,
        "state": state_badge(found),
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE) and not found.is_over(at),
        "dismissed": found.dismissals.filter(seen_version=found.version).count(),
        "mails": rules.mailing(found),
        **_for_whom(found),
    }
    return render(request, "organisations/announcement.html", context)


def announcement_edit(request: HttpRequest, announcement_id: uuid.UUID) -> HttpResponse:
    """Change an announcement that is not over."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    at = timezone.now()
    found = get_object_or_404(Announcement, pk=announcement_id)
    if found.is_over(at):
        toast(request, _("It is over. Write a new one instead."), variant="warning")
        return redirect("announcement", found.pk)
    form = AnnouncementEditForm(request.POST or None, instance=found, at=at)
    if form.is_valid() and "preview" not in request.POST:
        try:
            rules.change(caller=caller, announcement=form.instance, version=form.version, at=at)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("“%(title)s” was saved.") % {"title": form.instance})
        return redirect("announcement", found.pk)
    context = {"form": form, "announcement_id": found.pk, **_preview(form)}
    return render(request, "organisations/announcement_edit.html", context)


def announcement_withdraw(request: HttpRequest, announcement_id: uuid.UUID) -> HttpResponse:
    """Take an announcement away, after asking once."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    found = get_object_or_404(Announcement, pk=announcement_id)
    back = reverse("announcement", args=[found.pk])
    if request.method == "POST":
        try:
            rules.withdraw(caller=caller, announcement=found, version=posted_version(request), at=timezone.now())
        except StaleVersion:
            toast(request, _("Somebody changed it meanwhile, so it was not withdrawn."), variant="warning")
            return redirect("announcement_withdraw", found.pk)
        toast(request, _("“%(title)s” is withdrawn.") % {"title": found})
        return redirect(back)
    consequences = [_("Nobody sees it any more, on no page and not among earlier announcements.")]
    if waiting := rules.mailing(found)["waiting"]:
        text = ngettext("One mail that waits is not sent.", "%(count)s mails that wait are not sent.", waiting)
        consequences.append(text % {"count": waiting})
    return confirm(
        request,
        title=_("Withdraw “%(title)s”?") % {"title": found},
        consequences=consequences,
        submit=_("Withdraw"),
        cancel_url=back,
        version=found.version,
        crumbs=[_("Operations"), reverse("operations"), _("Announcements"), reverse("operations_announcements")],
    )


def _preview(form: AnnouncementForm) -> dict[str, object]:
    """Return how the announcement would look and whom it would reach, where that was asked for and nothing is wrong."""
    if "preview" not in form.data or not form.is_valid():
        return {}
    return {"preview": form.instance, **_for_whom(form.instance)}


def _for_whom(announcement: Announcement) -> dict[str, object]:
    at = timezone.now()
    named = Organisation.objects.filter(cvr_number__in=announcement.cvr_numbers).order_by("name")
    return {
        "audience": audience(announcement),
        "organisations": [f"{one.name} ({spaced(one.cvr_number)})" for one in named],
        "people": None if announcement.is_over(at) else rules.recipients(announcement, at=at).count(),
    }

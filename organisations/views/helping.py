"""Help from those who run the installation: beginning and ending it, and the organisation's list of it."""

import uuid

from django.db.models import Case, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding
from adgang.lib.lists import Column, Empty, ListSpec
from adgang.lib.toasts import toast
from organisations import access, helping, refusals
from organisations.forms.helping import HelpForm
from organisations.models import HelpSession, Organisation
from organisations.rights import Right


def help_begin(request: HttpRequest, cvr: str) -> HttpResponse:
    """Begin to help an organisation, with a reason and for some hours."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    organisation = get_object_or_404(Organisation, cvr_number=cvr)
    form = HelpForm(request.POST or None)
    if form.is_valid():
        begun = helping.begin(caller=caller, organisation=organisation, **form.cleaned_data)
        if not isinstance(begun, Finding):
            toast(request, _("You now help %(organisation)s.") % {"organisation": organisation})
            return redirect("overview", cvr)
        form.add_error(None, refusals.text(begun))
    context = {
        "form": form,
        "managed": organisation,
        "only_reads": not caller.may_operate(Right.OPERATIONS_CHANGE),
        "open": caller.help_for(organisation.pk),
    }
    return render(request, "organisations/help_begin.html", context)


def help_stop(request: HttpRequest, help_id: uuid.UUID) -> HttpResponse:
    """End the help that one gives oneself."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    session = get_object_or_404(HelpSession.objects.select_related("organisation"), pk=help_id, user=caller.user)
    back = reverse("operations_organisations")
    if request.method == "POST":
        helping.end(caller=caller, session=session)
        toast(request, _("The help ended."))
        return redirect(back)
    return confirm(
        request,
        title=_("End the help to %(organisation)s?") % {"organisation": session.organisation},
        consequences=[_("You can no longer act for the organisation.")],
        submit=_("End the help"),
        cancel_url=back,
        danger=False,
        crumbs=[_("Operations"), reverse("operations"), _("Organisations"), back],
    )


def help_log(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List who of the operation helped, when and why."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    at = timezone.now()
    spec = ListSpec(
        name="help",
        caption=gettext_lazy("Help from the operator"),
        columns=[
            Column("started", gettext_lazy("Began"), cell="started", sort=("started",)),
            Column("who", gettext_lazy("Who"), cell="user.name", sort=("user__name",)),
            Column("reason", gettext_lazy("Why"), cell="reason"),
            Column("reads", gettext_lazy("Reads only"), cell="only_reads"),
            Column(
                "ended",
                gettext_lazy("Ended"),
                cell=lambda one: one.ended or min(one.ends, at) if one.ends <= at else one.ended,
            ),
        ],
        default_sort="-started",
        search=("user__name", "reason"),
        search_label=gettext_lazy("Name or reason"),
        empty=Empty(
            gettext_lazy("Nobody has helped you"),
            gettext_lazy("When somebody who runs the portal acts for you, it stands here with the reason."),
        ),
    )
    rows = HelpSession.objects.filter(organisation=organisation).select_related("user")
    rows = rows.annotate(over=Coalesce("ended", Case(When(ends__lte=at, then="ends"))))
    context = {
        "organisation": organisation,
        "open": list(rows.filter(ended=None, ends__gt=at)),
        "may_end": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
    }
    return lists.respond(request, spec, rows, template="organisations/help_log.html", context=context)


def help_end(request: HttpRequest, cvr: str, help_id: uuid.UUID) -> HttpResponse:
    """End somebody's help from the organisation's side."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    session = get_object_or_404(HelpSession.objects.select_related("user"), pk=help_id, organisation=organisation)
    back = reverse("help_log", args=[cvr])
    if request.method == "POST":
        helping.end(caller=access.caller(request), session=session)
        toast(request, _("The help ended."))
        return redirect(back)
    return confirm(
        request,
        title=_("End the help from %(name)s?") % {"name": session.user.name},
        consequences=[_("%(name)s can no longer act for you.") % {"name": session.user.name}],
        submit=_("End the help"),
        cancel_url=back,
        crumbs=[_("People and rights"), reverse("people", args=[cvr]), _("Help from the operator"), back],
    )

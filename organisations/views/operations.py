"""Pages of the installation: organisations, terms and materials, for its operators."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib import lists
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, heartbeat, inviting, refusals, registering, resending, terms
from organisations.access_requests import cases
from organisations.forms.organisation import OrganisationCreateForm, OrganisationManageForm, TermsPublishForm
from organisations.forms.people import AppointForm
from organisations.models import Invitation, Mail, Organisation, Privilege, Terms, TermsAcceptance
from organisations.organisations_list import organisations_list
from organisations.privileges import USER_ADMINISTRATOR
from organisations.rights import Right


def operations(request: HttpRequest) -> HttpResponse:
    """Show what an operator begins with: what waits, and where to go."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    counted = _organisations().aggregate(
        all=Count("pk"),
        without_terms=Count("pk", filter=Q(has_terms=False)),
        without_people=Count("pk", filter=Q(has_administrator=False)),
    )
    context = {
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
        "counted": counted,
        "requests_waiting": cases.rows().to_operator().waiting().count(),
        "newest": terms.newest(),
        "mails_given_up": resending.given_up().count(),
        "mails_waiting": Mail.objects.filter(sent=None).exclude(next_attempt=None).count(),
        "worker_seen": heartbeat.last_beat("worker"),
    }
    return render(request, "organisations/operations.html", context)


def _organisations() -> QuerySet[Organisation]:
    accepted = TermsAcceptance.objects.filter(organisation=OuterRef("pk"))
    direct = Privilege.objects.filter(scope=OuterRef("pk"), user__is_active=True, parent=None)
    administrators = direct.filter(type=USER_ADMINISTRATOR, active_to=None)
    invited = Invitation.objects.filter(organisation=OuterRef("pk"), accepted=None, withdrawn=None)
    return Organisation.objects.annotate(
        has_terms=Exists(accepted), has_administrator=Exists(administrators), is_invited=Exists(invited)
    )


def operations_organisations(request: HttpRequest) -> HttpResponseBase:
    """List the organisations with how far each has come."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    may_change = caller.may_operate(Right.OPERATIONS_CHANGE)
    return lists.respond(
        request,
        organisations_list(may_change=may_change),
        _organisations(),
        template="organisations/operations_organisations.html",
        context={"may_change": may_change},
        empty_action=(reverse("organisation_create"), _("Create organisation")) if may_change else None,
    )


def organisation_create(request: HttpRequest) -> HttpResponse:
    """Register a new organisation."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    form = OrganisationCreateForm(request.POST or None)
    if form.is_valid():
        made = registering.create(caller=caller, organisation=form.instance)
        if not isinstance(made, Finding):
            if registering.cvr_is_doubtful(made.cvr_number):
                text = _("%(cvr)s does not pass the check of CVR numbers; in production it would be refused.")
                toast(request, text % {"cvr": made.cvr_number}, variant="warning")
            toast(
                request,
                _("%(organisation)s was created. Invite its first user administrator.") % {"organisation": made},
            )
            return redirect("organisation_invite", made.cvr_number)
        form.add_error("cvr_number", refusals.text(made))
    return render(request, "organisations/organisation_create.html", {"form": form})


def organisation_manage(request: HttpRequest, cvr: str) -> HttpResponse:
    """Change what only the operator may change about an organisation, with a reason."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    organisation = get_object_or_404(Organisation, cvr_number=cvr)
    form = OrganisationManageForm(request.POST or None, instance=organisation)
    if form.is_valid():
        try:
            registering.change(
                caller=caller, organisation=form.instance, version=form.version, reason=form.cleaned_data["reason"]
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("%(organisation)s was saved.") % {"organisation": organisation})
        return redirect("operations_organisations")
    context = {"form": form, "managed": organisation}
    return render(request, "organisations/organisation_manage.html", context)


def organisation_invite(request: HttpRequest, cvr: str) -> HttpResponse:
    """Invite a user administrator to an organisation, with a reason."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    organisation = get_object_or_404(Organisation, cvr_number=cvr)
    form = AppointForm(request.POST or None)
    if form.is_valid():
        made = inviting.invite(
            caller=caller,
            organisation=organisation,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            roles=[USER_ADMINISTRATOR],
            reason=form.cleaned_data["reason"],
        )
        if isinstance(made, Invitation):
            toast(request, _("An invitation is on its way to %(email)s.") % {"email": made.email})
            return redirect("operations_organisations")
        form.add_error(None, refusals.text(made))
    context = {"form": form, "managed": organisation, "days": inviting.lifetime().days}
    return render(request, "organisations/organisation_invite.html", context)


def operations_terms(request: HttpRequest) -> HttpResponse:
    """List the versions of the terms with how many have accepted each."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    context: dict[str, Any] = {
        "versions": Terms.objects.annotate(count=Count("acceptances")).order_by("-published"),
        "organisations": Organisation.objects.count(),
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
    }
    return render(request, "organisations/operations_terms.html", context)


def terms_publish(request: HttpRequest) -> HttpResponse:
    """Publish a new version of the terms."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    newest = terms.newest()
    initial = {"text_da": newest.text_da, "text_en": newest.text_en} if newest else {}
    form = TermsPublishForm(request.POST or None, initial=initial)
    if form.is_valid():
        made = terms.publish(caller=caller, **form.cleaned_data)
        if not isinstance(made, Finding):
            toast(request, _("Version %(label)s of the terms counts from now on.") % {"label": made.label})
            return redirect("operations_terms")
        form.add_error("label", refusals.text(made))
    return render(request, "organisations/terms_publish.html", {"form": form, "newest": newest})

"""Roles that organisations give each other: what was given, what was got, and passing it on."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, groups, privileges, refusals
from organisations.delegations import given, offers, received, system_names
from organisations.forms.delegations import DelegateForm, PassOnForm
from organisations.grants import related
from organisations.models import Organisation, Privilege, UserGroup
from organisations.rights import Right


def delegations(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show what the organisation gave to others, what it got and to whom here it was passed on."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    at = timezone.now()
    gave, got = list(given(organisation, at=at)), list(received(organisation, at=at))
    names = system_names([*gave, *got])
    context = {
        "organisation": organisation,
        "given": [(one, names.get(one.system_id) if one.system_id else None) for one in gave],
        "received": [(one, names.get(one.system_id) if one.system_id else None) for one in got],
        "offers": list(offers(organisation, at=at)),
        "may_change": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
    }
    return render(request, "organisations/delegations.html", context)


def delegation_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give another organisation a role."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    caller = access.caller(request)
    form = DelegateForm(
        request.POST or None,
        roles=privileges.grantable(caller, organisation),
        systems=privileges.systems_of(organisation),
        initial={name: request.GET.get(name, "") for name in ("cvr", "system")},
    )
    if form.is_valid():
        vendor = form.cleaned_data["cvr"]
        made = privileges.grant(caller=caller, organisation=organisation, grantee=vendor, wish=form.wish)
        if not isinstance(made, Finding):
            values = {"vendor": vendor.name, "role": made.role.label}
            toast(request, _("%(vendor)s is now %(role)s, and passes the role on to its own people.") % values)
            return redirect("delegations", cvr)
        form.add_error(None, refusals.text(made))
    return render(request, "organisations/delegation_create.html", {"form": form, "organisation": organisation})


def _received(organisation: Organisation, privilege_id: uuid.UUID) -> Privilege:
    return get_object_or_404(related().active(timezone.now()), pk=privilege_id, delegate=organisation)


def delegation_pass_on(request: HttpRequest, cvr: str, privilege_id: uuid.UUID) -> HttpResponse:
    """Pass a role of another organisation on to a person or a group here."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    parent = _received(organisation, privilege_id)
    names = system_names([parent])
    form = PassOnForm(
        request.POST or None,
        parent=parent,
        people=groups.colleagues(organisation, at=timezone.now()),
        groups=list(UserGroup.objects.filter(organisation=organisation)),
        systems=privileges.systems_of(parent.scope) if parent.scope else {},
    )
    if form.is_valid() and parent.scope is not None:
        made = privileges.grant(
            caller=access.caller(request), organisation=parent.scope, grantee=form.grantee, wish=form.wish
        )
        if not isinstance(made, Finding):
            values = {"person": form.grantee, "role": made.role.label, "authority": parent.scope}
            toast(request, _("%(person)s is now %(role)s for %(authority)s.") % values)
            return redirect("delegations", cvr)
        form.add_error(None, refusals.text(made))
    context = {
        "form": form,
        "organisation": organisation,
        "parent": parent,
        "system": names.get(parent.system_id) if parent.system_id else None,
    }
    return render(request, "organisations/delegation_pass_on.html", context)


def delegation_return(request: HttpRequest, cvr: str, privilege_id: uuid.UUID) -> HttpResponse:
    """Give a role back to the organisation that gave it, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    parent = _received(organisation, privilege_id)
    return _end(
        request,
        organisation,
        parent,
        title=_("Give the role %(role)s back to %(authority)s?")
        % {"role": parent.role.label, "authority": parent.scope},
        consequences=[_("Everybody here to whom it was passed on loses it at once."), _both_are_told()],
        submit=_("Give back"),
    )


def delegation_withdraw(request: HttpRequest, cvr: str, privilege_id: uuid.UUID) -> HttpResponse:
    """Take a role that was passed on away from a person or group here, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    child = get_object_or_404(related(), pk=privilege_id, parent__delegate=organisation)
    values = {"person": child.grantee, "role": child.role.label, "authority": child.scope}
    return _end(
        request,
        organisation,
        child,
        title=_("Remove %(person)s as %(role)s for %(authority)s?") % values,
        consequences=[_("%(person)s can no longer act for %(authority)s in this role.") % values, _both_are_told()],
        submit=_("Remove role"),
    )


def _both_are_told() -> str:
    return _("It stands in the event log of both organisations.")


def _end(
    request: HttpRequest,
    organisation: Organisation,
    privilege: Privilege,
    *,
    title: str,
    consequences: list[str],
    submit: str,
) -> HttpResponse:
    back = reverse("delegations", args=[organisation.cvr_number])
    if request.method == "POST":
        refusal = privileges.revoke(caller=access.caller(request), privilege=privilege)
        if refusal:
            toast(request, refusals.text(refusal), variant="warning")
        else:
            toast(request, _("The role ended."))
        return redirect(back)
    return confirm(
        request,
        title=title,
        consequences=consequences,
        submit=submit,
        cancel_url=back,
        crumbs=[
            _("People and rights"),
            reverse("people", args=[organisation.cvr_number]),
            _("Vendors and authorities"),
            back,
        ],
    )

"""The people of an organisation and their roles."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib import lists, slots
from adgang.lib.confirm import ReasonForm, confirm
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, departing, invited_roles, privileges, refusals, second_factor_policies
from organisations import people as persons
from organisations.event_reading import object_events
from organisations.forms.organisation import SecondFactorPolicyForm
from organisations.forms.people import GrantForm
from organisations.grants import related
from organisations.grants_list import page_of
from organisations.models import Organisation, Privilege, User
from organisations.people_list import people_list
from organisations.right_names import NAMES as RIGHT_NAMES
from organisations.rights import Right
from organisations.rights import roles as role_table


def people(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List who may do what, and who is invited."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    at = timezone.now()
    may_change = access.caller(request).may(Right.PEOPLE_CHANGE, organisation)
    invitations = list(persons.invitations(organisation))
    administrators = privileges.lasting_administrators(organisation).values("user").distinct().count()
    context = {
        "organisation": organisation,
        "may_change": may_change,
        "invitations": [
            (one, offered.label, one.expires <= at)
            for one, offered in zip(invitations, invited_roles.offered(invitations), strict=True)
        ],
        "has_one_administrator": administrators == 1,
        "has_no_administrator": administrators == 0,
    }
    url = reverse("person_invite", args=[cvr])
    return lists.respond(
        request,
        people_list(organisation, at=at, with_factors=may_change),
        persons.people(organisation, at=at),
        template="organisations/people.html",
        context=context,
        empty_action=(url, _("Invite a person")) if may_change else None,
    )


def person(request: HttpRequest, cvr: str, user_id: uuid.UUID) -> HttpResponse:
    """Show one person: their roles here, and what the rooms above know of them."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    found = _person(organisation, user_id)
    systems = privileges.systems_of(organisation)
    context: dict[str, Any] = {
        "organisation": organisation,
        "person": found,
        "held": [
            (held, systems.get(held.system_id) if held.system_id else None, group)
            for held, group in persons.roles_here(found)
        ],
        "left": persons.left(organisation, found.pk),
        "responsibilities": departing.responsibilities(found, organisation),
        "may_change": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
        "panels": [panel(request, found, organisation) for panel in slots.fillings("person_panels")],
        "events": object_events(request, organisation, found.pk),
    }
    return render(request, "organisations/person.html", context)


def _person(organisation: Organisation, user_id: uuid.UUID) -> User:
    """Return somebody who has or had something to do with the organisation. Raises Http404."""
    return get_object_or_404(persons.people(organisation, at=timezone.now()), pk=user_id)


def role_grant(request: HttpRequest, cvr: str, user_id: uuid.UUID) -> HttpResponse:
    """Give a person a role."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    found, caller = _person(organisation, user_id), access.caller(request)
    offered = privileges.grantable(caller, organisation)
    form = GrantForm(request.POST or None, roles=offered, systems=privileges.systems_of(organisation))
    if form.is_valid():
        given = privileges.grant(caller=caller, organisation=organisation, grantee=found, wish=form.wish)
        if not isinstance(given, Finding):
            text = _("%(person)s is now %(role)s.") % {"person": found, "role": given.role.label}
            toast(request, text, reverse("people", args=[cvr]), _("See everybody's roles"))
            return redirect("person", cvr, user_id)
        form.add_error(None, refusals.text(given))
    context = {"form": form, "organisation": organisation, "person": found, "is_self": found == caller.user}
    return render(request, "organisations/role_grant.html", context)


def role_revoke(request: HttpRequest, cvr: str, privilege_id: uuid.UUID) -> HttpResponse:
    """Take a role away, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    held = get_object_or_404(related(), pk=privilege_id, scope=organisation, parent=None)
    back = page_of(organisation, held)
    if request.method == "POST":
        refusal = privileges.revoke(caller=access.caller(request), privilege=held)
        if refusal:
            toast(request, refusals.text(refusal), variant="warning")
        else:
            toast(request, _("%(person)s is no longer %(role)s.") % {"person": held.grantee, "role": held.role.label})
        return redirect(back)
    return confirm(
        request,
        title=_("Remove the role %(role)s?") % {"role": held.role.label},
        consequences=_revocation(held, access.caller(request).user),
        submit=_("Remove role"),
        cancel_url=back,
        crumbs=[_("People and rights"), reverse("people", args=[cvr]), held.grantee, back],
    )


def _revocation(held: Privilege, actor: User | None) -> list[str]:
    lines = [_("%(person)s loses the role %(role)s at once.") % {"person": held.grantee, "role": held.role.label}]
    if held.user_id:
        lines.append(_("The person's other roles stay."))
    elif held.group_id:
        lines.append(_("So does everybody who has it through the group."))
    else:
        lines.append(_("So does everybody there to whom it was passed on."))
    if held.user == actor:
        lines.append(
            _("This is your own role: you cannot give it back to yourself if you lose the right to give roles.")
        )
    return lines


def person_depart(request: HttpRequest, cvr: str, user_id: uuid.UUID) -> HttpResponse:
    """Let a person leave the organisation in one act, after asking once and for a reason."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    found = _person(organisation, user_id)
    form = ReasonForm(request.POST or None)
    back = reverse("person", args=[cvr, user_id])
    if form.is_valid():
        done = departing.depart(
            caller=access.caller(request),
            organisation=organisation,
            user=found,
            reason=form.cleaned_data["reason"],
        )
        if not isinstance(done, Finding):
            toast(request, _("%(person)s has left.") % {"person": found}, back, _("See what needs a successor"))
            return redirect("people", cvr)
        form.add_error(None, refusals.text(done))
    return confirm(
        request,
        title=_("%(person)s leaves %(organisation)s") % {"person": found, "organisation": organisation},
        consequences=_departure(found, organisation),
        submit=_("Register as departed"),
        cancel_url=back,
        form=form,
        crumbs=[_("People and rights"), reverse("people", args=[cvr]), found, back],
    )


def _departure(person: User, organisation: Organisation) -> list[str]:
    lines = [
        _("All roles in %(organisation)s end at once: %(roles)s.")
        % {
            "organisation": organisation,
            "roles": ", ".join(held.role.label for held, _group in persons.roles_here(person)) or _("none"),
        },
        _("The person is logged out everywhere."),
        _("The account stays the person's own, and what was done stays in the event log."),
    ]
    needs = [
        _("Needs a successor: %(what)s") % {"what": text} for text in departing.responsibilities(person, organisation)
    ]
    return lines + needs


def roles(request: HttpRequest, cvr: str) -> HttpResponse:
    """Explain who may do what, straight from the role table."""
    organisation = access.organisation(request, cvr, right=Right.ORGANISATION_VIEW)
    own = [role for role in role_table().values() if not role.installation]
    shown = [right for right in Right if any(right in role.rights for role in own)]
    context = {
        "organisation": organisation,
        "roles": own,
        "table": [(RIGHT_NAMES[right], [right in role.rights for role in own]) for right in shown],
    }
    return render(request, "organisations/roles.html", context)


def second_factor_policy(request: HttpRequest, cvr: str) -> HttpResponse:
    """Say from which day a second factor is required here, and who has none yet."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    form, at = SecondFactorPolicyForm(request.POST or None, instance=organisation), timezone.now()
    if form.is_valid():
        try:
            second_factor_policies.change(
                caller=access.caller(request), organisation=form.instance, version=form.version, at=at
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("It was saved, and those without a second factor were told by mail."))
        return redirect("people", cvr)
    context = {
        "form": form,
        "organisation": organisation,
        "lacking": second_factor_policies.lacking(organisation, at=at),
    }
    return render(request, "organisations/second_factor_policy.html", context)

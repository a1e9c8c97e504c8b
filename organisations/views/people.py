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
from adgang.lib.findings import Finding
from adgang.lib.toasts import toast
from organisations import access, departing, privileges, refusals
from organisations import people as persons
from organisations.event_reading import object_events
from organisations.forms.people import GrantForm
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
    administrators = privileges.lasting_administrators(organisation).values("user").distinct().count()
    context = {
        "organisation": organisation,
        "may_change": may_change,
        "invitations": [(one, _labels(one.roles), one.expires <= at) for one in persons.invitations(organisation)],
        "has_one_administrator": administrators == 1,
        "has_no_administrator": administrators == 0,
    }
    url = reverse("person_invite", args=[cvr])
    return lists.respond(
        request,
        people_list(organisation, at=at),
        persons.people(organisation, at=at),
        template="organisations/people.html",
        context=context,
        empty_action=(url, _("Invite a person")) if may_change else None,
    )


def _labels(types: list[str]) -> str:
    return ", ".join(privileges.role_named(type_).label for type_ in types)


def person(request: HttpRequest, cvr: str, user_id: uuid.UUID) -> HttpResponse:
    """Show one person: their roles here, and what the rooms above know of them."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    found = _person(organisation, user_id)
    systems = privileges.systems_of(organisation)
    context: dict[str, Any] = {
        "organisation": organisation,
        "person": found,
        "held": [(held, systems.get(held.system_id) if held.system_id else None) for held in _roles_here(found)],
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


def _roles_here(person: User) -> list[Privilege]:
    held: list[Privilege] = getattr(person, "roles_here", [])
    return held


def role_grant(request: HttpRequest, cvr: str, user_id: uuid.UUID) -> HttpResponse:
    """Give a person a role."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    found, caller = _person(organisation, user_id), access.caller(request)
    offered = privileges.grantable(caller, organisation)
    form = GrantForm(request.POST or None, roles=offered, systems=privileges.systems_of(organisation))
    if form.is_valid():
        given = privileges.grant(caller=caller, organisation=organisation, user=found, wish=form.wish)
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
    held = get_object_or_404(Privilege.objects.select_related("user", "scope"), pk=privilege_id, scope=organisation)
    back = reverse("person", args=[cvr, held.user_id])
    if request.method == "POST":
        refusal = privileges.revoke(caller=access.caller(request), privilege=held)
        if refusal:
            toast(request, refusals.text(refusal), variant="warning")
        else:
            toast(request, _("%(person)s is no longer %(role)s.") % {"person": held.user, "role": held.role.label})
        return redirect(back)
    return confirm(
        request,
        title=_("Remove the role %(role)s?") % {"role": held.role.label},
        consequences=_revocation(held, access.caller(request).user),
        submit=_("Remove role"),
        cancel_url=back,
        crumbs=[_("People and rights"), reverse("people", args=[cvr]), held.user, back],
    )


def _revocation(held: Privilege, actor: User | None) -> list[str]:
    lines = [
        _("%(person)s loses the role %(role)s at once.") % {"person": held.user, "role": held.role.label},
        _("The person's other roles stay."),
    ]
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
            "roles": ", ".join(held.role.label for held in _roles_here(person)) or _("none"),
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

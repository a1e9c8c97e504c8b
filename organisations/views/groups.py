"""Groups of an organisation's people, and the roles they were given."""

import uuid

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding
from adgang.lib.lists import Column, Empty, ListSpec
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, groups, privileges, refusals
from organisations.event_reading import object_events
from organisations.forms.groups import GroupEditForm, GroupForm
from organisations.forms.people import GrantForm
from organisations.models import Organisation, Privilege, UserGroup
from organisations.rights import Right


def user_groups(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the groups with their members and roles."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    may_change = access.caller(request).may(Right.PEOPLE_CHANGE, organisation)
    spec = ListSpec(
        name="user-groups",
        caption=gettext_lazy("User groups"),
        columns=[
            Column(
                "name",
                gettext_lazy("Name"),
                cell="name",
                sort=("name",),
                link=lambda group: reverse("user_group", args=[cvr, group.pk]),
            ),
            Column("members", gettext_lazy("Members"), cell="member_count", sort=("member_count",), numeric=True),
            Column("roles", gettext_lazy("Roles"), cell=_role_names),
            Column("description", gettext_lazy("Description"), cell="description"),
        ],
        default_sort="name",
        search=("name", "description", "members__user__name"),
        search_label=gettext_lazy("Name of a group or member"),
        empty=Empty(
            gettext_lazy("No groups yet"),
            gettext_lazy("A group gives all its members the same roles, for example everybody in the operations team."),
        ),
    )
    url = reverse("user_group_create", args=[cvr])
    return lists.respond(
        request,
        spec,
        _rows(organisation),
        template="organisations/user_groups.html",
        context={"organisation": organisation, "may_change": may_change},
        empty_action=(url, _("Create a group")) if may_change else None,
    )


def _rows(organisation: Organisation) -> QuerySet[UserGroup]:
    held = Privilege.objects.active(timezone.now()).select_related("scope").order_by("created")
    rows = UserGroup.objects.filter(organisation=organisation).annotate(member_count=Count("members", distinct=True))
    return rows.prefetch_related(Prefetch("privileges", queryset=held, to_attr="held"))


def _role_names(group: UserGroup) -> str:
    return ", ".join(dict.fromkeys(one.role.label for one in getattr(group, "held", [])))


def user_group_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Make an empty group."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    form = GroupForm(request.POST or None)
    if form.is_valid():
        made = groups.create(caller=access.caller(request), organisation=organisation, **form.cleaned_data)
        if not isinstance(made, Finding):
            toast(request, _("The group %(group)s was created. Now choose its members.") % {"group": made.name})
            return redirect("user_group_edit", cvr, made.pk)
        form.add_error("name", refusals.text(made))
    return render(request, "organisations/user_group_create.html", {"form": form, "organisation": organisation})


def _group(organisation: Organisation, group_id: uuid.UUID) -> UserGroup:
    return get_object_or_404(UserGroup, pk=group_id, organisation=organisation)


def user_group(request: HttpRequest, cvr: str, user_group_id: uuid.UUID) -> HttpResponse:
    """Show a group: its members, its roles here and those it acts in for others."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    group = _group(organisation, user_group_id)
    held = Privilege.objects.active(timezone.now()).filter(group=group).select_related("scope", "parent")
    systems = privileges.systems_of(organisation)
    context = {
        "organisation": organisation,
        "group": group,
        "members": group.members.select_related("user").order_by("user__name"),
        "held": [(one, systems.get(one.system_id) if one.system_id else None) for one in held],
        "may_change": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
        "events": object_events(request, organisation, group.pk),
    }
    return render(request, "organisations/user_group.html", context)


def user_group_edit(request: HttpRequest, cvr: str, user_group_id: uuid.UUID) -> HttpResponse:
    """Change a group's name and members."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    group = _group(organisation, user_group_id)
    people = groups.colleagues(organisation, at=timezone.now())
    form = GroupEditForm(request.POST or None, instance=group, people=people)
    if form.is_valid():
        try:
            refusal = groups.edit(
                caller=access.caller(request),
                group=group,
                version=form.version,
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                members=form.chosen,
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        if refusal is None:
            toast(request, _("The group was saved."))
            return redirect("user_group", cvr, group.pk)
        form.add_error("name", refusals.text(refusal))
    return render(
        request, "organisations/user_group_edit.html", {"form": form, "organisation": organisation, "group": group}
    )


def user_group_grant(request: HttpRequest, cvr: str, user_group_id: uuid.UUID) -> HttpResponse:
    """Give a group a role."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    group, caller = _group(organisation, user_group_id), access.caller(request)
    offered = privileges.grantable(caller, organisation)
    form = GrantForm(request.POST or None, roles=offered, systems=privileges.systems_of(organisation))
    if form.is_valid():
        given = privileges.grant(caller=caller, organisation=organisation, grantee=group, wish=form.wish)
        if not isinstance(given, Finding):
            values = {"group": group.name, "role": given.role.label}
            toast(request, _("Everybody in %(group)s is now %(role)s.") % values)
            return redirect("user_group", cvr, group.pk)
        form.add_error(None, refusals.text(given))
    return render(
        request, "organisations/user_group_grant.html", {"form": form, "organisation": organisation, "group": group}
    )


def user_group_delete(request: HttpRequest, cvr: str, user_group_id: uuid.UUID) -> HttpResponse:
    """Delete a group with its roles, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    group = _group(organisation, user_group_id)
    back = reverse("user_group", args=[cvr, group.pk])
    if request.method == "POST":
        try:
            groups.delete(caller=access.caller(request), group=group, version=posted_version(request))
        except StaleVersion:
            toast(request, _("The group was changed meanwhile, so it was not deleted."), variant="warning")
            return redirect(back)
        toast(request, _("The group %(group)s was deleted.") % {"group": group.name})
        return redirect("user_groups", cvr)
    return confirm(
        request,
        title=_("Delete the group %(group)s?") % {"group": group.name},
        consequences=[
            _("Its members lose the roles that they have through the group, at once."),
            _("The people themselves, and their other roles, stay."),
        ],
        submit=_("Delete group"),
        cancel_url=back,
        version=group.version,
        crumbs=[
            _("People and rights"),
            reverse("people", args=[cvr]),
            _("User groups"),
            reverse("user_groups", args=[cvr]),
            group.name,
            back,
        ],
    )

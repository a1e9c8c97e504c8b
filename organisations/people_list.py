"""The list of an organisation's people: columns, filters and words."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from adgang.lib.lists import Column, Empty, Filter, ListSpec
from adgang.lib.templatetags.adgang import badge
from organisations.models import Organisation, Privilege, User
from organisations.rights import roles


def people_list(organisation: Organisation, *, at: dt.datetime) -> ListSpec:
    """Return the list's specification for an organisation; the rows come from `people.people`."""
    cvr = organisation.cvr_number
    return ListSpec(
        name="people",
        caption=_("People and rights"),
        columns=[
            Column(
                "name",
                _("Name"),
                cell="name",
                sort=("name", "email"),
                link=lambda user: reverse("person", args=[cvr, user.pk]),
            ),
            Column("email", _("E-mail"), cell="email", sort=("email",)),
            Column("roles", _("Roles"), cell=role_badges, export=role_names),
            Column("ends", _("First role ends"), cell="first_end", sort=("first_end",)),
            Column("seen", _("Last logged in"), cell="last_login", sort=("last_login",)),
        ],
        default_sort="name",
        search=("name", "email"),
        search_label=_("Name or e-mail"),
        filters=[
            Filter(
                "role",
                _("Role"),
                choices=_role_choices(),
                apply=lambda users, value: _with_role(users, value, organisation, at),
            ),
            Filter(
                "state",
                _("State"),
                choices=[("works", _("Works here")), ("left", _("Has left"))],
                apply=lambda users, value: users.filter(works_here=value == "works"),
            ),
        ],
        empty=Empty(
            _("Nobody here yet"),
            _("Here stand the people who work with Digital Post for the authority, and what each of them may do."),
        ),
    )


def _role_choices() -> list[tuple[str, str]]:
    return [(str(role.type), role.label) for role in roles().values() if not role.installation]


def _with_role(users: QuerySet[User], value: str, organisation: Organisation, at: dt.datetime) -> QuerySet[User]:
    held = Privilege.objects.active(at).filter(scope=organisation, type=value, user=OuterRef("pk"))
    return users.filter(Exists(held))


def role_badges(user: User) -> SafeString | str:
    """Return the person's roles as badges; one for a person who has left."""
    held: list[Privilege] = getattr(user, "roles_here", [])
    if not getattr(user, "works_here", True):
        return badge(_("Has left"))
    badges = format_html_join(" ", "{}", ((badge(label, "info"),) for label in _labels(held)))
    return badges or format_html('<span class="muted">{}</span>', _("No roles"))


def role_names(user: User) -> str:
    """Return the person's roles as text, for a file."""
    return ", ".join(_labels(getattr(user, "roles_here", [])))


def _labels(held: list[Privilege]) -> list[str]:
    """Return the roles' names; one that is limited says so once."""
    texts = [
        f"{privilege.role.label} ({_('one system')})" if privilege.system_id else privilege.role.label
        for privilege in held
    ]
    return list(dict.fromkeys(texts))

"""The list of an organisation's people: columns, filters and words."""

import datetime as dt

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adgang.lib.lists import Column, Empty, Filter, ListSpec
from adgang.lib.templatetags.adgang import badge
from organisations.holding import MINE
from organisations.models import Organisation, Privilege, User
from organisations.people import roles_here
from organisations.rights import roles


def people_list(organisation: Organisation, *, at: dt.datetime, with_factors: bool = False) -> ListSpec:
    """Return the list's specification for an organisation; the rows come from `people.people`.

    `with_factors` tells who has a second factor, which is for those who look after the rights alone.
    """
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
            *([Column("factor", _("Second factor"), cell=factor_badge, export=factor_name)] if with_factors else []),
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
            *([_factor_filter()] if with_factors else []),
        ],
        empty=Empty(
            _("Nobody here yet"),
            _("Here stand the people who work with Digital Post for the authority, and what each of them may do."),
        ),
    )


def _factor_filter() -> Filter:
    return Filter(
        "factor",
        _("Second factor"),
        choices=[("yes", _("Has one")), ("no", _("Has none"))],
        apply=lambda users, value: users.filter(has_second=value == "yes"),
    )


def factor_name(user: User) -> str:
    """Return whether the person has a second factor, or needs none: who has no password comes in by another way."""
    if getattr(user, "has_second", False):
        return gettext("Has one")
    return gettext("Has none") if user.has_usable_password() else gettext("Uses no password")


def factor_badge(user: User) -> SafeString | str:
    """Return the same as a badge."""
    lacks = user.has_usable_password() and not getattr(user, "has_second", False)
    return badge(factor_name(user), "warning") if lacks else factor_name(user)


def _role_choices() -> list[tuple[str, str]]:
    return [(str(role.type), role.label) for role in roles().values() if not role.installation]


def _with_role(users: QuerySet[User], value: str, organisation: Organisation, at: dt.datetime) -> QuerySet[User]:
    rows = Privilege.objects.active(at).filter(scope=organisation, type=value, parent=None)
    return users.filter(Exists(rows.filter(MINE)))


def role_badges(user: User) -> SafeString | str:
    """Return the person's roles as badges; one for a person who has left."""
    held = [privilege for privilege, _group in roles_here(user)]
    if not getattr(user, "works_here", True):
        return badge(_("Has left"))
    badges = format_html_join(" ", "{}", ((badge(label, "info"),) for label in _labels(held)))
    return badges or format_html('<span class="muted">{}</span>', _("No roles"))


def role_names(user: User) -> str:
    """Return the person's roles as text, for a file."""
    return ", ".join(_labels([privilege for privilege, _group in roles_here(user)]))


def _labels(held: list[Privilege]) -> list[str]:
    """Return the roles' names; one that is limited says so once."""
    limited = _("one system")
    texts = [
        f"{privilege.role.label} ({limited})" if privilege.system_id else privilege.role.label for privilege in held
    ]
    return list(dict.fromkeys(texts))

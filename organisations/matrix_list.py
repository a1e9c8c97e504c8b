"""The matrix of an organisation's people and roles: who holds what, how, and until when."""

import datetime as dt
import uuid
from dataclasses import replace
from functools import partial

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import dates
from adgang.lib.lists import Column, ListSpec
from adgang.lib.templatetags.adgang import badge, icon
from organisations.models import Organisation, Privilege, User, UserGroup
from organisations.people import roles_here
from organisations.people_list import people_list
from organisations.rights import PrivilegeType, roles


def matrix_list(organisation: Organisation, *, systems: dict[uuid.UUID, str], at: dt.datetime) -> ListSpec:
    """Return the list's specification; `systems` are the names of the organisation's by id. Rows: `people.people`."""
    cvr = organisation.cvr_number
    name = Column(
        "name", gettext_lazy("Name"), cell="name", sort=("name", "email"), link=lambda user: _rights_page(cvr, user)
    )
    email = Column("email", gettext_lazy("E-mail"), cell="email", where="file")
    shown = [role for role in roles().values() if not role.installation]
    columns = [
        Column(
            str(role.type),
            role.label,
            cell=partial(_cell, role.type, systems),
            export=partial(_text, role.type, systems),
        )
        for role in shown
    ]
    return replace(
        people_list(organisation, at=at),
        name="roles-matrix",
        caption=gettext_lazy("Who holds which role"),
        columns=[name, email, *columns],
    )


def _rights_page(cvr: str, user: User) -> str:
    return reverse("person_rights", args=[cvr, user.pk])


def _held(user: User, type_: PrivilegeType) -> list[tuple[Privilege, UserGroup | None]]:
    return [(held, group) for held, group in roles_here(user) if held.type == type_]


def _words(held: Privilege, group: UserGroup | None, systems: dict[uuid.UUID, str]) -> list[str]:
    words = []
    if held.system_id:
        words.append(systems.get(held.system_id, _("A deleted system")))
    if group is not None:
        words.append(_("through %(group)s") % {"group": group.name})
    if held.active_to:
        words.append(_("until %(day)s") % {"day": dates.day(held.active_to)})
    return words


def _cell(type_: PrivilegeType, systems: dict[uuid.UUID, str], user: User) -> SafeString | str:
    held = _held(user, type_)
    if not held:
        return format_html('<span class="sr-only">{}</span>', _("No"))
    marks = ((icon("check", label=_("Yes")), _badges(_words(one, group, systems))) for one, group in held)
    return format_html_join("", '<span class="rights-mark">{} {}</span>', marks)


def _badges(words: list[str]) -> SafeString:
    return format_html_join(" ", "{}", ((badge(word),) for word in words))


def _text(type_: PrivilegeType, systems: dict[uuid.UUID, str], user: User) -> str:
    told = [", ".join(_words(held, group, systems)) or _("Yes") for held, group in _held(user, type_)]
    return "; ".join(told)

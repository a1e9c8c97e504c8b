"""Who had which role on a day, told by the event log.

Grants and their ends stand in the log of the organisation whose data they open. What is held today and was given
before the log begins (its oldest entries may have been deleted) is added from the roles themselves.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.cvr import spaced
from adgang.lib.exports import Value
from adgang.lib.snapshots import JSON
from organisations import privileges
from organisations.event_tags import Tag
from organisations.models import Event, Invitation, Organisation, Privilege, User, UserGroup
from organisations.rights import PrivilegeType, roles

GIVEN = frozenset({Tag.PRIVILEGES_GRANTED})
TAKEN = frozenset({Tag.PRIVILEGES_REVOKED, Tag.PRIVILEGES_EXPIRED})
# Entries about roles in another organisation, and about what another organisation passed on to its people.
ELSEWHERE = ("acts_for", "passed_on")
KINDS = {
    "user": gettext_lazy("Person"),
    "usergroup": gettext_lazy("Group"),
    "organisation": gettext_lazy("Organisation"),
}
HEADER: tuple[str | Promise, ...] = (
    gettext_lazy("Who"),
    gettext_lazy("Kind"),
    gettext_lazy("Role"),
    gettext_lazy("Only this system"),
    gettext_lazy("Since"),
    gettext_lazy("Until"),
)

# Whose (kind, id), role, system.
Key = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role that somebody had. `since` is None when it was given before the log begins."""

    who: str
    kind: str
    role: str
    system: str
    since: dt.datetime | None
    until: dt.datetime | None

    @property
    def kind_label(self) -> str | Promise:
        """What the holder is: a person, a group, another organisation."""
        return KINDS.get(self.kind, self.kind)

    @property
    def role_label(self) -> str:
        """The role's name."""
        return roles()[PrivilegeType(self.role)].label if self.role in PrivilegeType.values else self.role


def held(organisation: Organisation, *, at: dt.datetime) -> list[Held]:
    """Return the roles that were held in the organisation at a moment, by holder and role."""
    standing = _from_roles(organisation, at) | _replayed(organisation, at)
    names = _names(standing)
    systems = {str(id_): name for id_, name in privileges.systems_of(organisation).items()}
    found = [
        Held(
            who=names.get(holder, _("(forgotten)")),
            kind=kind,
            role=role,
            system=systems.get(system, system),
            since=since,
            until=until,
        )
        for (kind, holder, role, system), (since, until) in standing.items()
    ]
    return sorted(found, key=lambda one: (one.kind != "user", one.who.casefold(), one.role, one.system))


Span = tuple[dt.datetime | None, dt.datetime | None]


def _replayed(organisation: Organisation, at: dt.datetime) -> dict[Key, Span]:
    told = Event.objects.filter(organisation_id=organisation.pk, tag__in=GIVEN | TAKEN, time__lte=at)
    standing: dict[Key, Span] = {}
    for time, tag, payload in told.order_by("seq").values_list("time", "tag", "payload"):
        logged = json.loads(payload)
        values = logged["after"] if tag in GIVEN else logged["before"]
        if any(name in values for name in ELSEWHERE):
            continue
        key = (logged["object"][0], logged["object"][1], str(values.get("role")), str(values.get("system_id") or ""))
        if tag in GIVEN:
            standing[key] = (time, _moment(values.get("active_to")))
        else:
            standing.pop(key, None)
    return {key: span for key, span in standing.items() if span[1] is None or span[1] > at}


def _moment(value: JSON) -> dt.datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None


def _from_roles(organisation: Organisation, at: dt.datetime) -> dict[Key, Span]:
    """What is held today, was given by then, and is not told of in the log any more."""
    oldest = (
        Event.objects.filter(organisation_id=organisation.pk).order_by("seq").values_list("time", flat=True).first()
    )
    rows = Privilege.objects.filter(scope=organisation, parent=None, created__lte=at)
    if oldest is not None:
        rows = rows.filter(created__lt=oldest)
    standing: dict[Key, Span] = {}
    for row in rows:
        for kind, holder in (("user", row.user_id), ("usergroup", row.group_id), ("organisation", row.delegate_id)):
            if holder is not None and (row.active_to is None or row.active_to > at):
                standing[kind, str(holder), row.type, str(row.system_id or "")] = (None, row.active_to)
    return standing


def _names(standing: dict[Key, Span]) -> dict[str, str]:
    """Return the names of the holders, as they are called today."""
    ids: dict[str, set[uuid.UUID]] = {}
    for kind, holder, _role, _system in standing:
        ids.setdefault(kind, set()).add(uuid.UUID(holder))
    users = User.objects.filter(pk__in=ids.get("user", set())).values_list("pk", "name")
    invited = Invitation.objects.filter(pk__in=ids.get("user", set())).values_list("pk", "name")
    groups = UserGroup.objects.filter(pk__in=ids.get("usergroup", set())).values_list("pk", "name")
    others = Organisation.objects.filter(pk__in=ids.get("organisation", set()))
    named = {str(pk): name for rows in (invited, users, groups) for pk, name in rows}
    return named | {str(one.pk): f"{one.name} (CVR {spaced(one.cvr_number)})" for one in others}


def begins(organisation: Organisation) -> dt.datetime | None:
    """Return when the log begins; what ended before that is not known."""
    own = Event.objects.filter(organisation_id=organisation.pk).order_by("seq")
    return own.values_list("time", flat=True).first()


def rows(listed: Sequence[Held]) -> Iterator[Sequence[Value]]:
    """Yield the roles as rows of a file, under `HEADER`."""
    for one in listed:
        yield (one.who, str(one.kind_label), one.role_label, one.system, one.since, one.until)

"""What must not happen to the roles of an organisation, and what a file only tells of them."""

import datetime as dt
from collections.abc import Iterable

from adgang.lib.findings import finding
from adgang.setup.nodes import Entries, Found, Text
from adgang.setup.role_wishes import WishReader
from adgang.setup.roles_standing import Held, Key, StandingGroup
from adgang.setup.wanted_roles import Roles, WantedGroup
from organisations.models import Organisation, Privilege
from organisations.privileges import USER_ADMINISTRATOR
from organisations.rights import PrivilegeType


def refuse(roles: Roles, organisation: Organisation, findings: list[Found]) -> None:
    """Add what refuses the wanted roles to the findings."""
    _refuse_twins(roles.groups, findings)
    _refuse_gone(roles.gone, findings)
    _keep_an_administrator(roles, organisation, findings)


def _refuse_twins(groups: Iterable[WantedGroup], findings: list[Found]) -> None:
    names: dict[str, int] = {}
    for one in groups:
        first = names.setdefault(one.group.name, one.line)
        if not one.group.name:
            findings.append(Found(finding("setup.role_what"), one.line, "userGroup"))
        elif first != one.line:
            findings.append(
                Found(finding("setup.group_twice", name=one.group.name, first=first), one.line, "userGroup")
            )


def _refuse_gone(gone: Iterable[StandingGroup], findings: list[Found]) -> None:
    for one in gone:
        if one.passed_on:
            findings.append(Found(finding("setup.group_passed_on", name=one.group.name), None, "roles"))


def _keep_an_administrator(roles: Roles, organisation: Organisation, findings: list[Found]) -> None:
    """An organisation that has a lasting user administrator keeps one (`decisions.md` §1.2)."""
    has = [one for one in roles.standing.people.values() if one.user and one.user.is_active and _lasts(one.held)]
    if has and not any(one.user and one.user.is_active and _lasts(one.held) for one in roles.people):
        told = finding("privilege.last_user_administrator", organisation=organisation.name)
        line = next((one.line for one in roles.people if one.old in has and one.line), None)
        findings.append(Found(told, line, "roles"))


def _lasts(held: Held) -> bool:
    return held.get((USER_ADMINISTRATOR, None), ...) is None


def compare_delegated(delegated: Iterable[Privilege], entries: Iterable[Entries], reader: WishReader) -> None:
    """Say where a file tells otherwise of what other organisations were given: a file gives and takes none of it."""
    stands: set[tuple[str, Key, dt.datetime | None]] = {
        (one.delegate.cvr_number, (PrivilegeType(one.type), one.system_id), one.active_to)
        for one in delegated
        if one.delegate is not None
    }
    told: set[tuple[str, Key, dt.datetime | None]] = set()
    for entry in entries:
        node = entry.entries["organisation"]
        cvr = "".join(node.value.split()) if isinstance(node, Text) else ""
        told |= {(cvr, *pair) for pair in reader.held(entry, {}, only_told=True).items()}
    if told != stands:
        others = sorted({cvr for cvr, *_rest in told ^ stands})
        reader.findings.append(Found(finding("setup.delegations_left", organisations=others), None, "organisation"))

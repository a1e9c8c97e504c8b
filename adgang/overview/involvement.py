"""The people the process guide suggests to involve: what for, who it is here, and how to get them in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.overview.facts import Facts
from adgang.overview.readiness import Status
from organisations.rights import PrivilegeType, Right


@dataclass(frozen=True, kw_only=True)
class Party:
    """A row of the guide's list: somebody with a `role` here, or whoever is responsible for the lines `keys`."""

    title: Promise
    task: Promise
    role: PrivilegeType | None = None
    keys: tuple[str, ...] = ()


PARTIES: tuple[Party, ...] = (
    Party(
        title=_("User administrator"),
        task=_("Accepts the terms, invites people and gives them roles"),
        role=PrivilegeType.ORGANISATION_USER_ADMINISTRATOR,
    ),
    Party(
        title=_("LRA or MitID Erhverv administrator"),
        task=_("Orders employee certificates and gives access to log in"),
        keys=("identification",),
    ),
    Party(
        title=_("System administrator"),
        task=_("Sets up and connects sender and recipient systems"),
        role=PrivilegeType.ORGANISATION_ADMINISTRATOR,
    ),
    Party(
        title=_("Contact-structure administrator"),
        task=_("Builds the contact structure"),
        role=PrivilegeType.CONTACT_ADMINISTRATOR,
    ),
    Party(
        title=_("Those who worked with work packages 3 and 4"),
        task=_("Know the sender and recipient systems and their minimum requirements"),
        keys=("package_3", "package_4", "system_requirements"),
    ),
    Party(
        title=_("Those who worked with work package 5"),
        task=_("Know the contact points and their minimum requirements"),
        keys=("package_5", "contact_requirements"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Involved:
    """A party as it stands: who it is, who is invited, and where (with which right) somebody is added."""

    party: Party
    names: list[str]
    invited: list[str]
    url: str
    right: Right


def involved(facts: Facts, statuses: Iterable[Status]) -> list[Involved]:
    """Return the people to involve, in the order of the work."""
    by_key = {status.line.key: status for status in statuses}
    return [
        _with_role(facts, party, party.role)
        if party.role
        else _responsible(facts, party, [by_key[key] for key in party.keys])
        for party in PARTIES
    ]


def _with_role(facts: Facts, party: Party, role: PrivilegeType) -> Involved:
    return Involved(
        party=party,
        names=[person.name for person in facts.holders(role)],
        invited=[invitation.name for invitation in facts.invitations if role in invitation.roles],
        url=reverse("person_invite", args=[facts.organisation.cvr_number]),
        right=Right.PEOPLE_CHANGE,
    )


def _responsible(facts: Facts, party: Party, statuses: Sequence[Status]) -> Involved:
    named = [status.row.responsible_name for status in statuses if status.row.responsible_name]
    return Involved(
        party=party,
        names=list(dict.fromkeys(named)),
        invited=[],
        url=reverse("readiness_line", args=[facts.organisation.cvr_number, party.keys[0]]),
        right=Right.READINESS_CHANGE,
    )

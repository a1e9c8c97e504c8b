"""The lines of the process guide: prerequisites, requirements and recommendations of the three steps and the marking.

Each line says what the portal sees by itself (`seen`) or that a named person confirms it (`confirmed`), who can do it,
where, after which other lines, and when it is not relevant. The seed of the table is work package 7 of the Agency for
Digital Government, "Opsætning og tilslutning"; its recommended packages 2–6 are lines of the steps they feed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from adgang.overview import evidence, letter_evidence
from adgang.overview.evidence import Seen
from adgang.overview.facts import Facts
from adgang.overview.steps import PACKAGES, Step
from organisations.models import Organisation
from organisations.rights import PrivilegeType, Right

Role = PrivilegeType


class Kind(StrEnum):
    """How binding a line is."""

    PREREQUISITE = "PREREQUISITE"
    REQUIREMENT = "REQUIREMENT"
    RECOMMENDATION = "RECOMMENDATION"
    OWN = "OWN"


KIND_LABELS: dict[Kind, Promise] = {
    Kind.PREREQUISITE: _("Prerequisite"),
    Kind.REQUIREMENT: _("Requirement"),
    Kind.RECOMMENDATION: _("Recommendation"),
    Kind.OWN: _("Own line"),
}


@dataclass(frozen=True)
class Cure:
    """The page where a line is seen to, by whoever has the right; the URL takes the CVR number."""

    view: str
    right: Right


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the table.

    `confirmed`: a person's word makes it done; `orderable`: it may be on its way; `waivable`: the organisation may
    say "not relevant" with a reason; `irrelevant` gives the reason when the organisation's own settings say so.
    `package`: the recommended work package that the line stands for. `warns`: missing, it is a warning.
    """

    key: str
    step: Step
    kind: Kind
    title: str | Promise
    why: str | Promise = ""
    roles: tuple[Role, ...] = ()
    cure: Cure | None = None
    after: tuple[str, ...] = ()
    seen: Callable[[Facts], Seen] | None = None
    confirmed: bool = False
    orderable: bool = False
    waivable: bool = False
    irrelevant: Callable[[Organisation], str | Promise] | None = None
    package: int | None = None
    warns: bool = False

    @property
    def counts(self) -> bool:
        """Whether the step is not finished without it."""
        return self.kind is not Kind.RECOMMENDATION


def no_systems(organisation: Organisation) -> str | Promise:
    """Step 2 is not relevant for an authority that only reads its post on Virk."""
    return (
        "" if organisation.uses_systems else _("The authority reads its post on Virk and uses no systems of its own.")
    )


def not_contactable(organisation: Organisation) -> str | Promise:
    """Step 3 and the marking are not relevant for an authority that nobody is to write to."""
    return "" if organisation.contactable else _("The authority does not want to be written to.")


def only_virk(organisation: Organisation) -> str | Promise:
    """Contact points cannot be tied to systems that the authority does not use."""
    return not_contactable(organisation) or no_systems(organisation)


def _package(number: int, step: Step, irrelevant: Callable[[Organisation], str | Promise] | None, *roles: Role) -> Line:
    return Line(
        key=f"package_{number}",
        step=step,
        kind=Kind.RECOMMENDATION,
        title=format_lazy(_("Work package {number} is finished: {title}"), number=number, title=PACKAGES[number]),
        why=_("The work package prepares this step; finishing it first is recommended."),
        roles=roles,
        confirmed=True,
        waivable=True,
        irrelevant=irrelevant,
        package=number,
    )


ACCESS_LINES = (
    _package(6, Step.ACCESS, None, Role.ORGANISATION_USER_ADMINISTRATOR),
    Line(
        key="terms",
        step=Step.ACCESS,
        kind=Kind.PREREQUISITE,
        title=_("The connection terms are accepted"),
        why=_("The connection flow ends with the terms; roles can be given only after that."),
        roles=(Role.ORGANISATION_USER_ADMINISTRATOR,),
        cure=Cure("terms", Right.TERMS_ACCEPT),
        seen=evidence.terms,
    ),
    Line(
        key="user_administrator",
        step=Step.ACCESS,
        kind=Kind.PREREQUISITE,
        title=_("A user administrator is appointed"),
        why=_("The user administrator invites people and gives them roles."),
        roles=(Role.ORGANISATION_USER_ADMINISTRATOR,),
        cure=Cure("people", Right.PEOPLE_CHANGE),
        seen=evidence.user_administrator,
    ),
    Line(
        key="second_user_administrator",
        step=Step.ACCESS,
        kind=Kind.RECOMMENDATION,
        title=_("There is more than one user administrator"),
        why=_("A single user administrator is a risk during illness, holidays and when somebody leaves."),
        roles=(Role.ORGANISATION_USER_ADMINISTRATOR,),
        cure=Cure("people", Right.PEOPLE_CHANGE),
        after=("user_administrator",),
        seen=evidence.second_user_administrator,
        waivable=True,
        warns=True,
    ),
    Line(
        key="identification",
        step=Step.ACCESS,
        kind=Kind.PREREQUISITE,
        title=_("Employee certificate (MOCES) or login with MitID Erhverv"),
        why=_(
            "Everybody who is to use Administrativ Adgang must be able to prove who they are. Employee certificates "
            "are ordered by your LRA or MitID Erhverv administrator."
        ),
        roles=(Role.ORGANISATION_USER_ADMINISTRATOR,),
        seen=evidence.identification,
        confirmed=True,
        orderable=True,
    ),
    Line(
        key="roles",
        step=Step.ACCESS,
        kind=Kind.PREREQUISITE,
        title=_("The roles are given"),
        why=_("Nobody can use the portal without the right role."),
        roles=(Role.ORGANISATION_USER_ADMINISTRATOR,),
        cure=Cure("people", Right.PEOPLE_CHANGE),
        after=("terms", "user_administrator"),
        seen=evidence.needed_roles,
    ),
    Line(
        key="signed_in",
        step=Step.ACCESS,
        kind=Kind.REQUIREMENT,
        title=_("The people with roles have logged in"),
        why=_("Access is established once each role has been used to log in."),
        roles=(Role.ORGANISATION_USER_ADMINISTRATOR,),
        after=("roles",),
        seen=evidence.signed_in,
    ),
)

SYSTEM_LINES = (
    _package(3, Step.SYSTEMS, no_systems, Role.ORGANISATION_ADMINISTRATOR),
    _package(4, Step.SYSTEMS, no_systems, Role.ORGANISATION_ADMINISTRATOR),
    Line(
        key="credentials",
        step=Step.SYSTEMS,
        kind=Kind.PREREQUISITE,
        title=_("Each system has its certificate or SSH key"),
        why=_(
            "Systems on SMTP need a function or organisation certificate (FOCES/VOCES); systems on SFTP need an SSH "
            "key."
        ),
        roles=(Role.ORGANISATION_ADMINISTRATOR,),
        cure=Cure("systems", Right.SYSTEMS_CHANGE),
        after=("roles",),
        seen=evidence.credentials,
        orderable=True,
        irrelevant=no_systems,
    ),
    Line(
        key="system_requirements",
        step=Step.SYSTEMS,
        kind=Kind.REQUIREMENT,
        title=_("The systems meet all minimum requirements"),
        why=_("The minimum requirements stand in work packages 3 and 4, for sender and recipient systems."),
        roles=(Role.ORGANISATION_ADMINISTRATOR,),
        confirmed=True,
        waivable=True,
        irrelevant=no_systems,
    ),
    Line(
        key="sender_systems",
        step=Step.SYSTEMS,
        kind=Kind.REQUIREMENT,
        title=_("Sender systems are set up and connected"),
        why=_("Every system that sends your digital post is created here, in service, and has been tried."),
        roles=(Role.ORGANISATION_ADMINISTRATOR,),
        cure=Cure("systems", Right.SYSTEMS_CHANGE),
        after=("credentials", "system_requirements"),
        seen=evidence.sender_systems,
        waivable=True,
        irrelevant=no_systems,
    ),
    Line(
        key="recipient_systems",
        step=Step.SYSTEMS,
        kind=Kind.REQUIREMENT,
        title=_("Recipient systems are set up and connected"),
        why=_("Every system that fetches your digital post is created here, in service, and has been tried."),
        roles=(Role.ORGANISATION_ADMINISTRATOR,),
        cure=Cure("systems", Right.SYSTEMS_CHANGE),
        after=("credentials", "system_requirements"),
        seen=evidence.recipient_systems,
        waivable=True,
        irrelevant=no_systems,
    ),
)

CONTACT_LINES = (
    _package(5, Step.CONTACTS, not_contactable, Role.CONTACT_ADMINISTRATOR),
    Line(
        key="contact_points",
        step=Step.CONTACTS,
        kind=Kind.REQUIREMENT,
        title=_("Contact points are created"),
        why=_("Nobody can write to you before at least one contact point is open."),
        roles=(Role.CONTACT_ADMINISTRATOR,),
        cure=Cure("structure", Right.CONTACTS_CHANGE),
        after=("roles", "recipient_systems"),
        seen=evidence.contact_points,
        waivable=True,
        irrelevant=not_contactable,
    ),
    Line(
        key="points_connected",
        step=Step.CONTACTS,
        kind=Kind.REQUIREMENT,
        title=_("Each contact point is connected to a recipient system"),
        why=_("What is written to a contact point reaches you through its recipient system, which must be connected."),
        roles=(Role.CONTACT_ADMINISTRATOR,),
        cure=Cure("structure", Right.CONTACTS_CHANGE),
        after=("contact_points", "recipient_systems"),
        seen=evidence.points_connected,
        irrelevant=only_virk,
    ),
    Line(
        key="contact_requirements",
        step=Step.CONTACTS,
        kind=Kind.REQUIREMENT,
        title=_("The contact points meet all minimum requirements"),
        why=_("The minimum requirements stand in work package 5, contact structure."),
        roles=(Role.CONTACT_ADMINISTRATOR,),
        confirmed=True,
        waivable=True,
        irrelevant=not_contactable,
    ),
)

MARKING_LINES = (
    _package(2, Step.MARKING, not_contactable, Role.LETTER_ADMINISTRATOR),
    Line(
        key="letters_marked",
        step=Step.MARKING,
        kind=Kind.REQUIREMENT,
        title=_("Letters are marked with their contact point for replies"),
        why=_("A letter that asks for a reply carries the ID of the contact point that the reply goes to."),
        roles=(Role.LETTER_ADMINISTRATOR,),
        cure=Cure("letter_types", Right.LETTERS_CHANGE),
        after=("contact_points",),
        seen=letter_evidence.letters_marked,
        confirmed=True,
        waivable=True,
        irrelevant=only_virk,
    ),
)

LINES: dict[str, Line] = {line.key: line for line in (*ACCESS_LINES, *SYSTEM_LINES, *CONTACT_LINES, *MARKING_LINES)}

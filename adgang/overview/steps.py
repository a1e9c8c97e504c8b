"""The steps of the process guide, what each waits for, and the work packages that feed it."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models import Deadline


class Step(IntEnum):
    """The three steps of the guide, and the marking of letters that follows them."""

    ACCESS = 1
    SYSTEMS = 2
    CONTACTS = 3
    MARKING = 4


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A step in words. `packages` feed it; of `deadlines`, the earliest that is set counts for it."""

    step: Step
    title: Promise
    intro: Promise
    packages: tuple[int, ...]
    after: tuple[Step, ...]
    deadlines: tuple[Deadline.Kind, ...]

    @property
    def anchor(self) -> str:
        """The id of the step's part of the page."""
        return f"step-{self.step.value}"

    @property
    def is_numbered(self) -> bool:
        """Whether it is one of the three steps; the marking only depends on them."""
        return self.step is not Step.MARKING


GUIDES: dict[Step, Guide] = {
    Step.ACCESS: Guide(
        step=Step.ACCESS,
        title=_("Get access"),
        intro=_(
            "Nobody can enter or use the portal without a role, and roles can be given once the connection terms are "
            "accepted and a user administrator is appointed."
        ),
        packages=(6,),
        after=(),
        # Systems and contact points can only be set up by people who are in.
        deadlines=(Deadline.Kind.SYSTEMS, Deadline.Kind.CONTACT_STRUCTURE, Deadline.Kind.GO_LIVE),
    ),
    Step.SYSTEMS: Guide(
        step=Step.SYSTEMS,
        title=_("Set up sender and recipient systems"),
        intro=_(
            "The systems that send and fetch your digital post are created here and connected to Digital Post. They "
            "must be rebuilt and ready, so that all minimum requirements are met, before they are connected."
        ),
        packages=(3, 4),
        after=(Step.ACCESS,),
        deadlines=(Deadline.Kind.SYSTEMS, Deadline.Kind.GO_LIVE),
    ),
    Step.CONTACTS: Guide(
        step=Step.CONTACTS,
        title=_("Establish the contact structure"),
        intro=_(
            "Citizens, companies and other authorities write to you through contact points. Each is connected to a "
            "recipient system, so the systems come first."
        ),
        packages=(5,),
        after=(Step.SYSTEMS,),
        deadlines=(Deadline.Kind.CONTACT_STRUCTURE, Deadline.Kind.GO_LIVE),
    ),
    Step.MARKING: Guide(
        step=Step.MARKING,
        title=_("Mark the letters in MeMo"),
        intro=_(
            "Letters that ask for a reply carry the ID of a contact point. They can be finally marked once the contact "
            "points exist."
        ),
        packages=(2,),
        after=(Step.CONTACTS,),
        deadlines=(Deadline.Kind.GO_LIVE,),
    ),
}

PACKAGES: dict[int, Promise] = {
    2: _("Potential and marking with MeMo"),
    3: _("Sender systems"),
    4: _("Recipient systems"),
    5: _("Contact structure"),
    6: _("Roles and rights"),
}

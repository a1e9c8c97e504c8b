"""The one table of what kinds of request ask, need and may carry: journey, texts, documents, words.

The order of an onboarding and the texts of a request follow the registry's own (`domain.md` §3).
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models.access_request import DocumentationType, RequestType

Kind = RequestType
Paper = DocumentationType


class Step(StrEnum):
    """One page of a journey; the values stand in its URL."""

    AUTHORITY = "myndighed"
    REQUESTER = "om-dig"
    REASONS = "begrundelse"
    ROLES = "roller"
    DELEGATE = "modtager"
    DOCUMENTS = "dokumenter"
    TERMS = "vilkaar"
    TARGET = "udpegning"
    ANSWERS = "svar"


STEP_LABELS: dict[Step, Promise] = {
    Step.AUTHORITY: _("The authority"),
    Step.REQUESTER: _("About you"),
    Step.REASONS: _("Reasons"),
    Step.ROLES: _("Roles and reasons"),
    Step.DELEGATE: _("Who is to act for you"),
    Step.DOCUMENTS: _("Documents"),
    Step.TERMS: _("Terms of connection"),
    Step.TARGET: _("User administrator"),
    Step.ANSWERS: _("Check your answers"),
}

# The texts that a processor may comment on, each beside its own answer.
TEXTS = ("qualification", "justification", "legal_basis")


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A row of the table.

    `why` says when one uses it and what it leads to; `needs` are documents of which each must be there before the
    request is sent in; `offers` those that it may carry besides.
    """

    steps: tuple[Step, ...]
    why: Promise
    texts: tuple[str, ...] = ()
    needs: tuple[Paper, ...] = ()
    offers: tuple[Paper, ...] = ()

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Every kind of document that one may choose, the needed first."""
        return (*self.needs, *self.offers)


JOURNEYS: dict[Kind, Journey] = {
    Kind.CONNECTION_AGREEMENT_REQUEST: Journey(
        steps=(Step.AUTHORITY, Step.REQUESTER, Step.REASONS, Step.DOCUMENTS, Step.ANSWERS),
        why=_("For a body that is not registered as a public sender yet. It is the first step of the connection."),
        texts=TEXTS,
        offers=(
            Paper.LAW_OR_EXECUTIVE_ORDER_EXTRACT,
            Paper.ARTICLES_OF_ASSOCIATION,
            Paper.ACCOUNTS,
            Paper.ORGANISATION_DIAGRAM,
            Paper.CVR_EXTRACT,
            Paper.POWER_OF_ATTORNEY,
            Paper.BOARD_MEETING_SUMMARY_EXTRACT,
            Paper.OTHER,
        ),
    ),
    Kind.TERMS_APPROVAL_REQUEST: Journey(
        steps=(Step.REQUESTER, Step.DOCUMENTS, Step.TERMS, Step.TARGET, Step.ANSWERS),
        why=_(
            "For a registered authority: upload the signed agreement, accept the terms and appoint the first user "
            "administrator."
        ),
        needs=(Paper.SIGNED_CONNECTION_AGREEMENT,),
        offers=(Paper.POWER_OF_ATTORNEY, Paper.OTHER),
    ),
    Kind.PRIVILEGE_REQUEST: Journey(
        steps=(Step.ROLES, Step.ANSWERS),
        why=_("You work for an authority that uses the portal and need one or more roles. The authority decides."),
        texts=("justification",),
    ),
    Kind.DELEGATION_REQUEST: Journey(
        steps=(Step.DELEGATE, Step.ANSWERS),
        why=_("You are user administrator and let another organisation act for yours. It counts at once."),
        texts=("justification",),
    ),
    Kind.APPOINTED_DELEGATION_REQUEST: Journey(
        steps=(Step.ROLES, Step.ANSWERS),
        why=_("You are user administrator of a vendor and ask an authority to let you act for it."),
        texts=("justification",),
    ),
    Kind.USER_ADMIN_LOST_PRIVILEGE_REQUEST: Journey(
        steps=(Step.REQUESTER, Step.REASONS, Step.DOCUMENTS, Step.TARGET, Step.ANSWERS),
        why=_("The authority has lost its user administrator, for example because the person has left."),
        texts=("justification",),
        needs=(Paper.POWER_OF_ATTORNEY,),
        offers=(Paper.BOARD_MEETING_SUMMARY_EXTRACT, Paper.CVR_EXTRACT, Paper.OTHER),
    ),
}


def journey(kind: str) -> Journey:
    """Return the row of a kind of request as it is stored. Raises ValueError for none."""
    return JOURNEYS[RequestType(kind)]

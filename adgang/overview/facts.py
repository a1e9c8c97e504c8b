"""What the portal knows about an organisation's set-up, gathered once for all lines in a fixed number of queries."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from certificates.kinds import Kind
from certificates.models import Certificate, CertificateQuerySet
from contacts.models import ContactPoint
from contacts.models.point import SOMEBODY
from memo.marks import BROKEN
from memo.models import LetterType, Mark
from organisations.holding import roles_by_person
from organisations.models import AccessRequest, Invitation, Organisation, SignInIdentity, TermsAcceptance, User
from organisations.models.access_request import WITH_TARGET, RequestState, TargetState
from organisations.rights import PrivilegeType
from systems.connected import Connected, connected
from systems.models import System
from systems.states import State, state_between

NOT_ACTIVATED = [TargetState.PENDING.value, TargetState.ACTIVATION_CODE_SENT.value]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a role for the whole organisation; `identified`: logs in with an identity of the authority."""

    id: uuid.UUID
    name: str
    roles: frozenset[PrivilegeType]
    signed_in: dt.datetime | None
    identified: bool
    certificate_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A system that is not out of service, with its state and whether it is connected."""

    system: System
    state: State
    connected: Connected


@dataclass(frozen=True)
class Points:
    """How many contact points use one system: in all, active ones, and those somebody can find and write to."""

    total: int
    active: int
    open: int


@dataclass(frozen=True)
class Letters:
    """How many letter types bear each mark, and how many have a contact point that is missing, closed or replaced."""

    marks: dict[Mark, int]
    troubled: int

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.marks.values())

    @property
    def marked(self) -> int:
        """How many need no mark any more: theirs is final, or their letters carry none."""
        return self.marks[Mark.FINAL] + self.marks[Mark.NO_REPLY]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that the lines are judged by."""

    organisation: Organisation
    at: dt.datetime
    acceptance: TermsAcceptance | None
    people: list[Person]
    invitations: list[Invitation]
    systems: list[Registered]
    points: dict[uuid.UUID, Points]
    letters: Letters
    onboarding: list[AccessRequest]

    def holders(self, role: PrivilegeType) -> list[Person]:
        """The people who hold a role, by name."""
        return [person for person in self.people if role in person.roles]

    @cached_property
    def senders(self) -> list[Registered]:
        """The systems that send."""
        return [registered for registered in self.systems if registered.system.is_sender]

    @cached_property
    def recipients(self) -> list[Registered]:
        """The systems that receive."""
        return [registered for registered in self.systems if registered.system.is_recipient]

    @cached_property
    def needed_roles(self) -> list[PrivilegeType]:
        """The roles without which a relevant step cannot be done."""
        wanted = {
            PrivilegeType.ORGANISATION_ADMINISTRATOR: self.organisation.uses_systems,
            PrivilegeType.CONTACT_ADMINISTRATOR: self.organisation.contactable,
        }
        return [role for role, needed in wanted.items() if needed]


def gather(organisation: Organisation, *, at: dt.datetime) -> Facts:
    """Return the facts as they are at a moment, in eight queries whatever the size."""
    return Facts(
        organisation=organisation,
        at=at,
        acceptance=organisation.terms_acceptances.select_related("terms", "accepted_by").first(),
        people=_people(organisation, at),
        invitations=list(Invitation.objects.open(at).filter(organisation=organisation)),
        systems=list(_systems(organisation, at)),
        points=_points(organisation),
        letters=_letters(organisation),
        onboarding=_onboarding(organisation),
    )


def _onboarding(organisation: Organisation) -> list[AccessRequest]:
    """The requests to the operator that are under way: sent in, or approved and waiting for the code."""
    waits = Q(state=RequestState.SUBMITTED) | Q(state=RequestState.APPROVED, target_state__in=NOT_ACTIVATED)
    requests = AccessRequest.objects.filter(waits, organisation=organisation, request_type__in=WITH_TARGET)
    return list(requests.order_by("-submitted"))


def _people(organisation: Organisation, at: dt.datetime) -> list[Person]:
    roles = roles_by_person(organisation, at=at)
    people = (
        User.objects.filter(pk__in=roles)
        .annotate(identified=Exists(_identities(organisation)), certificate_until=Subquery(_moces(organisation, at)))
        .order_by("name", "pk")
    )
    fields = ("pk", "name", "last_login", "identified", "certificate_until")
    return [
        Person(
            id=user_id,
            name=name,
            roles=frozenset(roles[user_id]),
            signed_in=signed_in,
            identified=identified,
            certificate_until=certificate_until,
        )
        for user_id, name, signed_in, identified, certificate_until in people.values_list(*fields)
    ]


def _identities(organisation: Organisation) -> QuerySet[SignInIdentity]:
    return SignInIdentity.objects.filter(user=OuterRef("pk"), cvr__in=["", organisation.cvr_number])


def _moces(organisation: Organisation, at: dt.datetime) -> QuerySet[Certificate, Any]:
    own: CertificateQuerySet = Certificate.objects.filter(
        user=OuterRef("pk"), organisation=organisation, kind=Kind.MOCES
    )
    return own.valid_at(at).order_by("-not_after").values("not_after")[:1]


def _systems(organisation: Organisation, at: dt.datetime) -> Iterable[Registered]:
    for system in System.objects.filter(organisation=organisation).with_page_data():
        state = state_between(system.active_from, system.active_to, at)
        if state is not State.DEACTIVATED:
            yield Registered(system=system, state=state, connected=connected(system, at))


def _points(organisation: Organisation) -> dict[uuid.UUID, Points]:
    counted = (
        ContactPoint.objects.filter(organisation=organisation)
        .order_by()
        .values("system_id")
        .annotate(
            total=Count("pk"),
            in_use=Count("pk", filter=Q(active=True)),
            open=Count("pk", filter=SOMEBODY & Q(active=True, visible=True)),
        )
    )
    rows = counted.values_list("system_id", "total", "in_use", "open")
    return {system_id: Points(total, active, open_) for system_id, total, active, open_ in rows}


def _letters(organisation: Organisation) -> Letters:
    rows = LetterType.objects.filter(organisation=organisation).with_point().annotate(is_troubled=TROUBLED)
    counted = Counter(rows.order_by().values_list("mark", "is_troubled"))
    marks = {mark: counted[mark.value, False] + counted[mark.value, True] for mark in Mark}
    return Letters(marks, sum(count for (_mark, is_troubled), count in counted.items() if is_troubled))


TROUBLED = Case(When(BROKEN, then=Value(True)), default=Value(False), output_field=BooleanField())

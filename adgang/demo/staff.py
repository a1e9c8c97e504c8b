"""The demo's organisations, people, roles and employee certificates."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import TypeVar

from adgang.demo import guidance
from adgang.demo.equipping import DAY, LIFETIME, PAST, DemoFailed
from adgang.demo.people import ORGANISATIONS, PEOPLE, DemoOrganisation, DemoPerson, by, demo_person
from adgang.demo.pki import Pki, holder, profile
from adgang.lib.findings import Finding
from certificates.kinds import Kind
from certificates.uploading import receive_own_certificate
from organisations import inviting, privileges, registering, terms
from organisations.callers import Caller
from organisations.grants import Wish
from organisations.models import Employment, Organisation, Privilege, User
from organisations.rights import PrivilegeType as Role
from organisations.rights import roles
from systems.models import System

USER_ADMINISTRATOR = Role.ORGANISATION_USER_ADMINISTRATOR
# Whose employee certificate is uploaded, and in how many days it ends.
CERTIFICATES = {"sigurd": 700, "karla": 21}

T = TypeVar("T")


def make(*, at: dt.datetime) -> dict[str, Organisation]:
    """Make everybody, the operator's roles, the organisations and their user administrators, and accept the terms."""
    for person in PEOPLE:
        User.objects.create_user(person.email, name=person.name)
    _appoint_operators()
    made = {demo.key: _organisation(demo) for demo in ORGANISATIONS}
    version = accepted(terms.publish(caller=by("frode"), **guidance.TERMS))
    for person, key, role in _appointments():
        Employment.objects.get_or_create(user=demo_person(person.account), organisation=made[key])
        if role is USER_ADMINISTRATOR:
            _grant(made[key], person, role, caller=by("frode"))
    for demo in ORGANISATIONS:
        if demo.accepted:
            accepted(terms.accept(caller=_administrator(demo), organisation=made[demo.key], terms_id=version.pk))
    return made


def appoint(organisations: Mapping[str, Organisation], systems: Mapping[str, System]) -> None:
    """Give everybody else their roles, and invite a new colleague."""
    for person, key, role in _appointments():
        if role is not USER_ADMINISTRATOR:
            only = systems[person.only_system].pk if person.only_system else None
            _grant(organisations[key], person, role, caller=_administrator_of(key), system_id=only)
    accepted(
        inviting.invite(
            caller=by("olga"),
            organisation=organisations["kommune"],
            email="nynne@demo.adgang.invalid",
            name="Nynne Nyansat",
            roles=[Role.CONTACT_ADMINISTRATOR],
        )
    )


def give_employee_certificates(organisations: Mapping[str, Organisation], hierarchy: Pki, *, at: dt.datetime) -> None:
    """Let some people of the municipality upload their employee certificate (MOCES)."""
    organisation = organisations["kommune"]
    for account, days in CERTIFICATES.items():
        user = demo_person(account)
        until = at + days * DAY
        who = holder(Kind.MOCES, cvr=organisation.cvr_number, organisation=organisation.name, name=user.name)
        issued = hierarchy.issue(who, profile(Kind.MOCES), at=max(until - LIFETIME, at - LIFETIME + PAST), until=until)
        received = receive_own_certificate(
            caller=by(account), organisation=organisation, user=user, data=issued.pem, at=at
        )
        if received.certificate is None:
            raise DemoFailed("; ".join(found.message for found in received.findings))


def accepted(outcome: T | Finding) -> T:
    """Return what a concept made. Raises `DemoFailed` with its refusal."""
    if isinstance(outcome, Finding):
        raise DemoFailed(outcome.message)
    return outcome


def _appoint_operators() -> None:
    privileges.appoint_system_manager(caller=Caller.command("demo"), user=demo_person("frode"))
    # No page gives the role of support; whoever runs the machine does.
    Privilege.objects.create(user=demo_person("signe"), type=Role.SUPPORT, source=Privilege.Source.MANUAL)


def _organisation(demo: DemoOrganisation) -> Organisation:
    return accepted(
        registering.create(
            caller=by("frode"),
            organisation=Organisation(
                name=demo.name,
                cvr_number=demo.cvr_number,
                type=demo.type,
                authority_type=demo.authority_type,
                legal_contact_name=demo.contact,
                legal_contact_email=f"jura@{demo.key}.invalid",
                legal_contact_phone="00 00 00 00",
                mandatory_post_allowed=demo.type == Organisation.Type.AUTHORITY,
            ),
        )
    )


def _appointments() -> Iterator[tuple[DemoPerson, str, Role]]:
    for person in PEOPLE:
        for key, held in person.roles.items():
            yield from ((person, key, role) for role in held if not roles()[role].installation)


def _grant(
    organisation: Organisation,
    person: DemoPerson,
    role: Role,
    *,
    caller: Caller,
    system_id: uuid.UUID | None = None,
) -> None:
    wish = Wish(type=role, system_id=system_id)
    accepted(privileges.grant(caller=caller, organisation=organisation, grantee=demo_person(person.account), wish=wish))


def _administrator(demo: DemoOrganisation) -> Caller:
    return _administrator_of(demo.key)


def _administrator_of(key: str) -> Caller:
    return next(by(person.account) for person, of, role in _appointments() if of == key and role is USER_ADMINISTRATOR)

"""Organisations, people and their roles for tests."""

import datetime as dt
import itertools
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from adgang.lib.secrets import token_hash
from organisations import announcements, proofs, webhooks
from organisations.callers import Caller
from organisations.models import (
    AccessToken,
    Announcement,
    Employment,
    Invitation,
    Organisation,
    Privilege,
    Terms,
    TermsAcceptance,
    User,
    Webhook,
)
from organisations.rights import PrivilegeType

Role = PrivilegeType
# Far from the numbers that tests and the world of pages give by name.
_numbers = itertools.count(500_001)


def cvr_number(n: int | None = None) -> str:
    """Return a fictitious CVR number of the right length; `n` picks one."""
    return f"9{(next(_numbers) if n is None else n):07d}"


def organisation(*, accepted: bool = True, **fields: Any) -> Organisation:
    """Return a saved municipality; with `accepted` its terms are in order."""
    fields.setdefault("cvr_number", cvr_number())
    fields.setdefault("name", f"Prøvekøbing Kommune {fields['cvr_number'][-3:]}")
    fields.setdefault("authority_type", Organisation.AuthorityType.MUNICIPALITY)
    made = Organisation.objects.create(**fields)
    if accepted:
        accept_terms(organisation=made)
    return made


def accept_terms(*, organisation: Organisation) -> TermsAcceptance:
    """Let a passing person accept the newest terms for the organisation."""
    return TermsAcceptance.objects.create(organisation=organisation, terms=terms(), accepted_by=user())


def terms(*, label: str = "1.0") -> Terms:
    """Return the published terms of that version."""
    made, _ = Terms.objects.get_or_create(
        label=label, defaults={"text_da": "Vilkår for tilslutning.", "published": timezone.now()}
    )
    return made


def user(*, email: str | None = None, name: str = "Kim Prøvesen", password: str | None = None, **fields: Any) -> User:
    """Return a saved person."""
    return User.objects.create_user(email or f"p{next(_numbers)}@example.org", password, name=name, **fields)


def grant(
    *,
    role: Role,
    organisation: Organisation | None,
    user: User | None = None,
    system_id: uuid.UUID | None = None,
    **fields: Any,
) -> Privilege:
    """Give a role straight away, past the rules; to a person, or `group` or `delegate`."""
    return Privilege.objects.create(user=user, type=role, scope=organisation, system_id=system_id, **fields)


def user_with(
    *roles: Role, organisation: Organisation | None, system_id: uuid.UUID | None = None, **fields: Any
) -> User:
    """Return a person who holds the roles in the organisation (None: in the installation)."""
    made = user(**fields)
    for role in roles:
        grant(user=made, role=role, organisation=organisation, system_id=system_id)
    return made


def employ(*, user: User, organisation: Organisation, **fields: Any) -> Employment:
    """Let a person work for the organisation."""
    return Employment.objects.create(user=user, organisation=organisation, **fields)


def invitation(
    *, organisation: Organisation, roles: tuple[Role, ...] = (Role.READER,), token: str = "", **fields: Any
) -> Invitation:
    """Return an open invitation; with `token` its link has been sent."""
    fields.setdefault("email", f"ny{next(_numbers)}@example.org")
    fields.setdefault("name", "Ny Medarbejder")
    fields.setdefault("expires", timezone.now() + dt.timedelta(days=7))
    hashed = token_hash(token) if token else ""
    return Invitation.objects.create(
        organisation=organisation, roles=[str(role) for role in roles], token_hash=hashed, **fields
    )


def client_for(user: User | None, *, proven: bool = False) -> Client:
    """Return a test client in which the person (None: nobody) is signed in; `proven`: and showed so just now."""
    client = Client()
    if user is not None:
        client.force_login(user)
    if proven:
        session = client.session
        session[proofs.KEY] = timezone.now().isoformat()
        session.save()
    return client


def access_token(
    *,
    organisation: Organisation,
    user: User | None = None,
    roles: tuple[Role, ...] = (),
    token: str = "",
    **fields: Any,
) -> AccessToken:
    """Return a token of a person, or without one of the organisation, past the rules."""
    fields.setdefault("name", "Natkørsel")
    fields.setdefault("expires", timezone.now() + dt.timedelta(days=30))
    token = token or f"adg_{next(_numbers):043d}"
    return AccessToken.objects.create(
        organisation=organisation,
        user=user,
        roles=list(map(str, roles)),
        prefix=token[:10],
        hash=token_hash(token),
        **fields,
    )


def announcement(**fields: Any) -> Announcement:
    """Return an announcement to everybody, by this process seen already; not logged, its mails not queued."""
    made = Announcement.objects.create(
        **{
            "title_da": "Nyt certifikat på vej",
            "title_en": "New certificate coming",
            "text_da": "Vi skifter serverens certifikat.",
            "text_en": "We change the server's certificate.",
            "starts": timezone.now(),
            **fields,
        }
    )
    announcements.look(at=timezone.now())
    return made


def webhook(*, organisation: Organisation, name: str = "", **fields: Any) -> Webhook:
    """Return a webhook that is told of everything."""
    label = name or f"Sagssystem {next(_numbers)}"
    made = Webhook(organisation=organisation, name=label, url="https://modtager.example/adgang", **fields)
    webhooks.make(caller=Caller.command("test"), webhook=made)
    return made

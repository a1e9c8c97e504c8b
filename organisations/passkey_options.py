"""What browsers are asked of passkeys: challenges, each good once, in its session, for one purpose, for minutes."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import webauthn
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from organisations.models import User
from organisations.throttling import allow

KEY = "passkey_challenge"
LIFETIME = dt.timedelta(minutes=5)
ANSWER = 20_000  # characters of what a browser sends; an attestation may hold certificates


class Purpose(StrEnum):
    """What a challenge is for."""

    ADD = "add"
    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    PROVE = "prove"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whether passkeys work at the address that the browser has open, and else where they do ("": nowhere)."""

    is_here: bool
    origin: str


def place(request: HttpRequest) -> Place:
    """Return where passkeys work, seen from a request."""
    origins: list[str] = settings.ADGANG_PASSKEY_ORIGINS if settings.ADGANG_PASSKEY_RP_ID else []
    return Place(is_here=f"{request.scheme}://{request.get_host()}" in origins, origin=origins[0] if origins else "")


def _challenge(request: HttpRequest, purpose: Purpose) -> bytes:
    made = generate_challenge()
    kept = {"value": bytes_to_base64url(made), "purpose": str(purpose), "at": timezone.now().isoformat()}
    request.session[KEY] = kept
    return made


def take_challenge(request: HttpRequest, purpose: Purpose, *, at: dt.datetime) -> bytes | None:
    """Return the session's challenge, once; None when there is none for that purpose, or it is too old."""
    kept: dict[str, str] | None = request.session.pop(KEY, None)
    made = parse_datetime(kept["at"]) if kept else None
    if not kept or made is None or kept["purpose"] != purpose or at - made > LIFETIME:
        return None
    # Two requests at the same moment both find it in the session; the counter lets one of them have it.
    is_first = allow(f"passkey:{kept['value']}", limit=1, window=LIFETIME, at=at)
    return base64url_to_bytes(kept["value"]) if is_first else None


def _described(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential_id),
            transports=[AuthenticatorTransport(name) for name in one.transports],
        )
        for one in user.passkeys.filter(stopped=None)
    ]


def creation_options(request: HttpRequest, user: User) -> str:
    """Return, as JSON, what the browser needs to make a passkey for the person; its challenge is in the session."""
    options = webauthn.generate_registration_options(
        rp_id=settings.ADGANG_PASSKEY_RP_ID,
        rp_name="Adgang" if settings.ADGANG_ENVIRONMENT == "production" else "Adgang TEST",
        user_id=user.pk.bytes,
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=_challenge(request, Purpose.ADD),
        exclude_credentials=_described(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return webauthn.options_to_json(options)


def request_options(request: HttpRequest, purpose: Purpose, user: User | None = None) -> str:
    """Return, as JSON, what the browser needs to sign; its challenge is in the session.

    Without a `user` any passkey that the browser finds will do, but it must know its person: it is the only factor.
    """
    wish = UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED
    options = webauthn.generate_authentication_options(
        rp_id=settings.ADGANG_PASSKEY_RP_ID,
        challenge=_challenge(request, purpose),
        allow_credentials=_described(user) if user else None,
        user_verification=wish,
    )
    return webauthn.options_to_json(options)


def answer_in(request: HttpRequest) -> str:
    """Return what the browser signed and sent with a form; "" when it sent nothing."""
    return request.POST.get("credential", "")[:ANSWER]

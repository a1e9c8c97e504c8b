"""Passkeys: keys of a person's own machines that sign a challenge of the portal's (WebAuthn level 2).

What was signed must be the session's own challenge (`passkey_options`), at one of the portal's own addresses.
"""

import datetime as dt
from dataclasses import dataclass

import structlog
import webauthn
from django.conf import settings
from django.db import transaction
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import AuthenticationCredential

from adgang.lib.findings import Finding, finding
from adgang.lib.peers import neighbourhood
from organisations import factors
from organisations import sign_in as signing
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.identities import record, tell
from organisations.models import Passkey, User
from organisations.throttling import allow

MOST = 20  # of one person

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Whose passkey signed; `is_verified` when its machine also knew its person, by a PIN, a finger or a face."""

    user: User
    is_verified: bool


def add(*, caller: Caller, user: User, name: str, answer: str, challenge: bytes | None) -> list[str] | Finding:
    """Let a new passkey open the person's account; returns what `factors.first_codes` does. Recorded, told by mail."""
    if challenge is None:
        return finding("passkey.over")
    passkey = _made(answer, challenge)
    if passkey is None:
        return finding("passkey.refused")
    passkey.user, passkey.name = user, name
    return _keep(caller, passkey)


def _made(answer: str, challenge: bytes) -> Passkey | None:
    """Return the passkey that a browser made, if it did so here and for the challenge."""
    try:
        credential = parse_registration_credential_json(answer)
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=settings.ADGANG_PASSKEY_RP_ID,
            expected_origin=settings.ADGANG_PASSKEY_ORIGINS,
        )
    except Exception as fault:  # malformed input ends in whatever the decoders stumble over
        log.info("passkey_refused", fault=type(fault).__name__)
        return None
    return Passkey(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=[transport.value for transport in credential.response.transports or []],
    )


@transaction.atomic
def _keep(caller: Caller, passkey: Passkey) -> list[str] | Finding:
    user = User.objects.select_for_update().get(pk=passkey.user_id)
    if user.passkeys.count() >= MOST:
        return finding("passkey.many", most=MOST)
    if Passkey.objects.filter(credential_id=passkey.credential_id).exists():
        return finding("passkey.taken")
    codes = factors.first_codes(user)
    passkey.save(force_insert=True)
    tell(user, "passkey_added")
    record(caller, user, Entry(tag=Tag.PASSKEY_ADDED, obj=user, after={"name": passkey.name}))
    return codes


def sign_in(*, caller: Caller, answer: str, challenge: bytes | None, address: str, at: dt.datetime) -> User | Finding:
    """Return the person whose passkey signed, where it is all they show: its machine must have known them.

    A lockout after failed passwords does not count here, for it is no password that somebody might guess.
    """
    key = f"passkey_sign_in:{neighbourhood(address)}"
    if address and not allow(key, limit=signing.TRIES_PER_ADDRESS, window=signing.lockout(), at=at):
        return finding("sign_in.throttled")
    signed = verify(caller=caller, answer=answer, challenge=challenge, at=at)
    if isinstance(signed, Finding):
        return signed
    return signed.user if signed.is_verified else finding("passkey.unverified")


def verify(
    *, caller: Caller, answer: str, challenge: bytes | None, at: dt.datetime, user: User | None = None
) -> Signed | Finding:
    """Return whose passkey signed the challenge: `user`'s, or without one that of anybody active."""
    if challenge is None:
        return finding("passkey.over")
    credential = _read(answer)
    passkey = _of(credential, user) if credential else None
    signed = _checked(credential, passkey, challenge) if credential and passkey else None
    if passkey is None or signed is None:
        return finding("passkey.refused")
    if passkey.stopped or not _counts_on(caller, passkey, signed.new_sign_count, at=at):
        return finding("passkey.stopped")
    return Signed(user=passkey.user, is_verified=signed.user_verified)


def _read(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except Exception as fault:  # as above
        log.info("passkey_refused", fault=type(fault).__name__)
        return None


def _of(credential: AuthenticationCredential, user: User | None) -> Passkey | None:
    """Return the passkey that signed, if it is the person's; what it says of its holder must be true too."""
    found = Passkey.objects.select_related("user").filter(credential_id=credential.id, user__is_active=True).first()
    if found is None or (user is not None and found.user_id != user.pk):
        return None
    handle = credential.response.user_handle
    is_theirs = handle == found.user_id.bytes or (handle is None and user is not None)
    return found if is_theirs else None


def _checked(credential: AuthenticationCredential, passkey: Passkey, challenge: bytes) -> VerifiedAuthentication | None:
    try:
        return webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=settings.ADGANG_PASSKEY_RP_ID,
            expected_origin=settings.ADGANG_PASSKEY_ORIGINS,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,  # counted here, where a wrong count has consequences
        )
    except Exception as fault:  # as above
        log.info("passkey_refused", fault=type(fault).__name__)
        return None


@transaction.atomic
def _counts_on(caller: Caller, passkey: Passkey, count: int, *, at: dt.datetime) -> bool:
    """Note the use; a passkey that does not count on was copied, lets in no more, and its person is told.

    Machines that do not count always say 0 (WebAuthn, section 7.2, step 22).
    """
    row = Passkey.objects.filter(pk=passkey.pk, stopped=None)
    counts_on = row.filter(sign_count__lt=count) if count else row.filter(sign_count=0)
    if counts_on.update(sign_count=count, last_used=at):
        return True
    if row.update(stopped=at):
        tell(passkey.user, "passkey_stopped")
        record(caller, passkey.user, Entry(tag=Tag.PASSKEY_STOPPED, obj=passkey.user, after={"name": passkey.name}))
    return False


def is_only_way(passkey: Passkey) -> bool:
    """Say whether the person could not log in without the passkey: no password, no certificate, no other passkey."""
    user = passkey.user
    others = user.passkeys.filter(stopped=None).exclude(pk=passkey.pk)
    return not (user.has_usable_password() or user.identities.exists() or others.exists())


@transaction.atomic
def remove(*, caller: Caller, passkey: Passkey) -> None:
    """Let the passkey open the account no more; recorded, and told to the person by mail."""
    user, name = passkey.user, passkey.name
    passkey.delete()
    factors.forget_codes(user)
    tell(user, "passkey_removed")
    record(caller, user, Entry(tag=Tag.PASSKEY_REMOVED, obj=user, before={"name": name}))

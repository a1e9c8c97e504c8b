"""The second factor: one-time codes of an app (RFC 6238), and recovery codes for when it or a passkey is lost."""

import base64
import datetime as dt
import secrets as random
import uuid

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.identities import record, tell
from organisations.models import Passkey, RecoveryCode, Totp, User, has_second_factor

CODES = 10
STEP_SECONDS = 30
DRIFT = 1  # steps that a telephone's clock may be off, either way


def has_app(user: User) -> bool:
    """Say whether an app of the person makes one-time codes for the portal."""
    return Totp.objects.filter(user=user, confirmed__isnull=False).exists()


def count(user: User) -> int:
    """Return how many second factors the person has; recovery codes stand for a lost one and are none."""
    return Passkey.objects.filter(user=user, stopped=None).count() + has_app(user)


def offered(user: User) -> Totp:
    """Return the secret that waits for the person's app; the same one until it is confirmed."""
    kept = Totp.objects.filter(user=user).first()
    if kept is not None:
        return kept
    id_ = uuid.uuid4()
    encrypted = secrets.encrypt(pyotp.random_base32().encode(), row=f"totp:{id_}")
    return Totp.objects.get_or_create(user=user, defaults={"id": id_, "encrypted": encrypted})[0]


def picture(totp: Totp) -> SafeString:
    """Return the QR code that the app reads, as SVG without style."""
    label = "Adgang" if settings.ADGANG_ENVIRONMENT == "production" else "Adgang TEST"
    uri = pyotp.TOTP(totp.secret()).provisioning_uri(name=totp.user.email, issuer_name=label)
    return mark_safe(segno.make(uri, error="m").svg_inline(scale=5, border=2, light="white"))


@transaction.atomic
def confirm(*, caller: Caller, user: User, typed: str, at: dt.datetime) -> list[str] | Finding:
    """Let the app count from now on, when `typed` is its code; returns what `first_codes` does."""
    totp = Totp.objects.select_for_update().filter(user=user, confirmed=None).first()
    if totp is None or not _takes(totp, typed, at=at):
        return finding("factor.wrong_code")
    codes = first_codes(user)
    Totp.objects.filter(pk=totp.pk).update(confirmed=at)
    tell(user, "factor_added")
    record(caller, user, Entry(tag=Tag.FACTOR_ADDED, obj=user, after={"recovery_codes": len(codes)}))
    return codes


def first_codes(user: User) -> list[str]:
    """Return recovery codes, to be shown this once, for a person who is about to get their first second factor."""
    return [] if has_second_factor(user) else _new_codes(user)


def forget_codes(user: User) -> None:
    """Take the recovery codes away with the last of what they stand for."""
    if not has_second_factor(user):
        RecoveryCode.objects.filter(user=user).delete()


@transaction.atomic
def renew_codes(*, caller: Caller, user: User) -> list[str]:
    """Make new recovery codes, to be shown this once; the earlier ones serve no more. Recorded, and told by mail."""
    codes = _new_codes(user)
    tell(user, "recovery_codes_made")
    record(caller, user, Entry(tag=Tag.RECOVERY_CODES_MADE, obj=user, after={"recovery_codes": len(codes)}))
    return codes


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [base64.b32encode(random.token_bytes(10)).decode().lower() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=secrets.token_hash(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


@transaction.atomic
def remove(*, caller: Caller, user: User) -> None:
    """Take no codes of the person's app any more. Recorded, and told by mail."""
    gone, _ = Totp.objects.filter(user=user).delete()
    if gone:
        forget_codes(user)
        tell(user, "factor_removed")
        record(caller, user, Entry(tag=Tag.FACTOR_REMOVED, obj=user))


def accepted(user: User, typed: str, *, at: dt.datetime) -> str:
    """Return "totp" or "recovery" for a code that is right and not used yet, which it is from now on; "" otherwise."""
    totp = Totp.objects.filter(user=user, confirmed__isnull=False).first()
    if totp is not None and _takes(totp, typed, at=at):
        return "totp"
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    unused = RecoveryCode.objects.filter(user=user, code_hash=secrets.token_hash(code), used=None)
    return "recovery" if unused.update(used=at) else ""


def _takes(totp: Totp, typed: str, *, at: dt.datetime) -> bool:
    """Say whether a code is the app's of now, or of a step beside it; each step serves once."""
    code = "".join(typed.split())
    app, now = pyotp.TOTP(totp.secret(), interval=STEP_SECONDS), int(at.timestamp()) // STEP_SECONDS
    right = [step for step in range(now - DRIFT, now + DRIFT + 1) if secrets.same(app.generate_otp(step), code)]
    # One conditional UPDATE decides, whoever else types the same code at the same moment.
    return any(Totp.objects.filter(pk=totp.pk, last_step__lt=step).update(last_step=step) for step in right)

"""Ways in besides the password: an employee certificate, or an account at an identity provider.

An identity opens an account only after its person bound it there, in a session of their own. What an identity says of
its e-mail or name binds nothing: anybody could have chosen them.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise

from adgang.lib import slots
from adgang.lib.findings import Finding, finding
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.mail import queue_mail
from organisations.models import SignInIdentity, User
from organisations.sign_in import chains_of


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An identity that was proven just now: who vouches for it, under which name, in which organisation ("": none)."""

    method: str
    issuer: str
    subject: str
    cvr: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to sign in that the installation offers. `url_name` starts it."""

    method: str
    label: str | Promise
    url_name: str


def ways() -> list[Way]:
    """Return what the installation offers besides the password."""
    offered: list[Way] = [way for filling in slots.fillings("sign_in_methods") for way in filling()]
    return offered


def holder(shown: Shown) -> User | Finding:
    """Return the person who bound the identity, or why nobody is let in by it."""
    found = SignInIdentity.objects.select_related("user").filter(**_key(shown)).first()
    if found is None or not found.user.is_active:
        return finding("identity.unbound")
    SignInIdentity.objects.filter(pk=found.pk).update(last_used=timezone.now(), cvr=shown.cvr)
    return found.user


def _key(shown: Shown) -> dict[str, str]:
    return {"method": shown.method, "issuer": shown.issuer, "subject": shown.subject}


def bind(*, caller: Caller, user: User, shown: Shown) -> SignInIdentity | Finding:
    """Let the identity open the signed-in person's account from now on; recorded, and told to them by mail."""
    try:
        with transaction.atomic():
            identity, is_new = SignInIdentity.objects.get_or_create(
                **_key(shown), defaults={"user": user, "cvr": shown.cvr}
            )
            if identity.user_id != user.pk:
                return finding("identity.taken")
            if is_new:
                tell(user, "identity_bound")
                record(caller, user, Entry(tag=Tag.IDENTITY_BOUND, obj=user, after=_told(identity)))
            return identity
    except IntegrityError:
        return finding("identity.taken")


@transaction.atomic
def remove(*, caller: Caller, user: User, identity: SignInIdentity) -> None:
    """Let the identity open the account no more; recorded, and told to the person by mail."""
    told = _told(identity)
    identity.delete()
    tell(user, "identity_removed")
    record(caller, user, Entry(tag=Tag.IDENTITY_REMOVED, obj=user, before=told))


def _told(identity: SignInIdentity) -> dict[str, str]:
    return {"method": identity.method, "cvr": identity.cvr}


def tell(user: User, kind: str) -> None:
    """Tell the person by mail that a way into their account changed."""
    queue_mail(kind=kind, to=user.email, object_id=user.pk, language=user.language)


def record(caller: Caller, user: User, entry: Entry) -> None:
    """Record a change of the person's account wherever it is told of."""
    events.record_all(caller, [(owner, entry) for owner in chains_of(user)])

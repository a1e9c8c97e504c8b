"""What a person sees of the attempts at their account: the newest, with method, browser and address."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise

from organisations.devices import browser_name
from organisations.models import SignIn, User
from organisations.sign_in_methods import METHODS

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt as its person sees it."""

    at: dt.datetime
    method: str | Promise
    browser: str
    address: str
    succeeded: bool


def method_name(method: str) -> str | Promise:
    """Return what people call a method of signing in."""
    return METHODS.get(method, method)


def note(user: User | None, *, method: str, address: str, browser: str, succeeded: bool) -> None:
    """Keep that somebody tried to sign in as the person; None: as nobody we know, which costs the same work."""
    SignIn.objects.create(user=user, method=method, address=address[:45], browser=browser[:300], succeeded=succeeded)


def attempts(user: User) -> list[Attempt]:
    """Return the newest attempts at the person's account, the newest first."""
    return [
        Attempt(
            at=row.at,
            method=method_name(row.method),
            browser=browser_name(row.browser),
            address=row.address,
            succeeded=row.succeeded,
        )
        for row in user.sign_ins.all()[:SHOWN]
    ]

"""The demo's people and the buttons that sign in as them: in the demo, in the test environment, on this machine."""

import uuid

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from adgang.lib.peers import is_on_this_machine
from organisations.models import Privilege, User

DOMAIN = "demo.adgang.invalid"


def allowed(request: HttpRequest) -> bool:
    """Say whether this request may sign in by a button."""
    is_demo = settings.ADGANG_DEMO and settings.ADGANG_ENVIRONMENT == "test"
    return bool(is_demo) and is_on_this_machine(request)


def accounts() -> QuerySet[User]:
    """Return the accounts that exist for the demo alone."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True)


def people() -> list[User]:
    """Return the demo's people, each with `roles_held` (privileges with their organisation)."""
    held = Privilege.objects.select_related("scope").order_by("scope__name", "created")
    return list(accounts().order_by("created").prefetch_related(Prefetch("privileges", held, to_attr="roles_held")))


def id_of(typed: str) -> uuid.UUID:
    """Return the id that a button sends; one of nobody for nonsense."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.UUID(int=0)

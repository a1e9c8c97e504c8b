"""The people of every access test: owner, colleagues without the role, a stranger, and two vendors."""

from django.test import Client
from django.urls import reverse

from organisations.models import User
from systems.models import System
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system


def owner(of: System) -> User:
    """Return a system administrator of the system's organisation."""
    return user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=of.organisation)


def owner_client(of: System) -> Client:
    """Return a client in which a system administrator of the organisation is signed in."""
    return client_for(owner(of))


def everybody(of: System) -> dict[str, User]:
    """Return one person for each way to stand towards the system."""
    ours = of.organisation
    other = system(organisation=ours)
    admin = Role.ORGANISATION_ADMINISTRATOR
    return {
        "owner": user_with(admin, organisation=ours),
        "reader": user_with(Role.READER, organisation=ours),
        "colleague": user_with(Role.STATISTICS_ADMINISTRATOR, organisation=ours),
        "stranger": user_with(admin, organisation=organisation()),
        "vendor": user_with(admin, organisation=ours, system_id=of.pk),
        "vendor of another system": user_with(admin, organisation=ours, system_id=other.pk),
    }


def statuses(of: System, name: str, *args: object, people: dict[str, User] | None = None) -> dict[str, int]:
    """Return the status that everybody gets on a page of the system; `args` follow the CVR number (default: its id)."""
    url = reverse(name, args=[of.organisation.cvr_number, *(args or [of.pk])])
    return {who: client_for(user).get(url).status_code for who, user in (people or everybody(of)).items()}


READ = {
    "owner": 200,
    "reader": 200,
    "colleague": 403,
    "stranger": 404,
    "vendor": 200,
    "vendor of another system": 404,
}
CHANGE = READ | {"reader": 403}
WHOLE_ORGANISATION = {
    "owner": 200,
    "reader": 403,
    "colleague": 403,
    "stranger": 404,
    "vendor": 403,
    "vendor of another system": 403,
}

"""The people of every access test of letters, and short ways to ask for a page."""

from typing import Any

from django.test import Client
from django.urls import reverse

from organisations.models import Organisation, User
from tests.contacts.people import CHANGE, READ, filled, last_event, queries, url
from tests.factories.organisations import Role, client_for, organisation, user_with


def everybody(of: Organisation) -> dict[str, User]:
    """Return one person for each way to stand towards the letters."""
    return {
        "owner": user_with(Role.LETTER_ADMINISTRATOR, organisation=of),
        "reader": user_with(Role.READER, organisation=of),
        "colleague": user_with(Role.STATISTICS_ADMINISTRATOR, organisation=of),
        "stranger": user_with(Role.LETTER_ADMINISTRATOR, organisation=organisation()),
    }


def statuses(of: Organisation, name: str, *args: object) -> dict[str, int]:
    """Return the status that everybody gets on a page; `args` follow the CVR number."""
    page = reverse(name, args=[of.cvr_number, *args])
    return {who: client_for(user).get(page).status_code for who, user in everybody(of).items()}


def owner(of: Organisation, **fields: Any) -> Client:
    """Return a client in which a letter administrator is signed in."""
    return client_for(user_with(Role.LETTER_ADMINISTRATOR, organisation=of, **fields))


__all__ = ["CHANGE", "READ", "everybody", "filled", "last_event", "owner", "queries", "statuses", "url"]

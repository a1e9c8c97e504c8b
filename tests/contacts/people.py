"""The people of every access test, and short ways to ask for a page and to read the log."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import Event, Organisation, User
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with


def authority(**fields: Any) -> Organisation:
    """Return an organisation whose one system is the default recipient and in service."""
    made = organisation(**fields)
    systems.system(organisation=made, name="Postsystem", active=True, is_default_recipient=True)
    return made


def everybody(of: Organisation) -> dict[str, User]:
    """Return one person for each way to stand towards the structure."""
    return {
        "owner": user_with(Role.CONTACT_ADMINISTRATOR, organisation=of),
        "reader": user_with(Role.READER, organisation=of),
        "colleague": user_with(Role.STATISTICS_ADMINISTRATOR, organisation=of),
        "stranger": user_with(Role.CONTACT_ADMINISTRATOR, organisation=organisation()),
    }


READ = {"owner": 200, "reader": 200, "colleague": 403, "stranger": 404}
CHANGE = READ | {"reader": 403}


def statuses(of: Organisation, name: str, *args: object, method: str = "get") -> dict[str, int]:
    """Return the status that everybody gets on a page; `args` follow the CVR number."""
    url = reverse(name, args=[of.cvr_number, *args])
    return {who: getattr(client_for(user), method)(url).status_code for who, user in everybody(of).items()}


def owner(of: Organisation) -> Client:
    """Return a client in which a contact-structure administrator is signed in."""
    return client_for(user_with(Role.CONTACT_ADMINISTRATOR, organisation=of))


def reader(of: Organisation) -> Client:
    """Return a client in which a reader is signed in."""
    return client_for(user_with(Role.READER, organisation=of))


def url(of: Organisation, name: str, *args: object, **query: str) -> str:
    """Return the URL of a page of the organisation."""
    path = reverse(name, args=[of.cvr_number, *args])
    return path + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def last_event(of: Organisation) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return tag, before and after of the organisation's newest event."""
    event = Event.objects.filter(organisation_id=of.pk).order_by("-seq")[0]
    payload = json.loads(event.payload)
    return event.tag, payload["before"], payload["after"]


def queries(client: Client, page: str) -> int:
    """Return how many queries a page takes, once the session has been marked as in use."""
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return len(captured)


def filled(client: Client, page: str) -> dict[str, Any]:
    """Return what the browser would send if nothing were changed on a page's form."""
    form = client.get(page).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}

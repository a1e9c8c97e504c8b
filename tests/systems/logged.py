"""What the event log says of an organisation."""

import json
from typing import Any

from organisations.models import Event, Organisation


def tags(organisation: Organisation) -> list[str]:
    """Return the tags of all its events, the oldest first."""
    return list(Event.objects.filter(organisation_id=organisation.pk).order_by("seq").values_list("tag", flat=True))


def payload(organisation: Organisation, tag: str) -> dict[str, Any]:
    """Return the payload of its newest event of that tag."""
    event = Event.objects.filter(organisation_id=organisation.pk, tag=tag).order_by("-seq")[0]
    return json.loads(event.payload)


def changed(organisation: Organisation, tag: str) -> dict[str, tuple[Any, Any]]:
    """Return what the newest event of that tag says was changed, as name: (before, after)."""
    told = payload(organisation, tag)
    before, after = told["before"], told["after"]
    names = dict.fromkeys([*before, *after])
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}

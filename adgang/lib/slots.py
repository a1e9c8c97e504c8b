"""What a lower room may learn of a higher one: a closed table of slots, filled when the rooms are ready.

A slot is named here with the shape of its filling; `fill` refuses any other name, and a test refuses an empty one.
"""

from collections.abc import Callable
from typing import Any

SLOTS: dict[str, str] = {
    "person_panels": "(request, user, organisation) -> SafeString: a panel on a person's page",
    "system_panels": "(request, system) -> SafeString: a panel on a system's page",
    "system_dependants": "(system) -> list[systems.dependants.Dependant]: what stops working without the system",
    "contact_dependants": "(organisation, ids of groups and points) -> list[contacts.dependants.Referrer]",
    "event_actions": "(request, event, organisation) -> SafeString: what can be done about an event on its page",
    "object_links": "(object_kind, object_id, organisation) -> str: the URL of a logged object, or '' when not ours",
    "system_choices": "(organisation) -> list[tuple[UUID, str]]: id and name of the systems a role may be limited to",
    "system_names": "(system ids) -> dict[UUID, str]: names of systems of whatever organisation, by id",
    "vendor_systems": "(organisation) -> list[tuple[UUID, str, str]]: id, name and vendor's CVR of systems with one",
    "departures": "(user, organisation) -> list[str]: what a departing person was responsible for",
    "forgotten": "(user) -> set[UUID]: removes what a room holds of a person who is erased, and returns its ids",
    "revoked_certificates": "(at) -> None: takes down whatever stands on a certificate known to be revoked",
    "misplaced_certificates": "(certificate ids) -> set[UUID]: those that stand where their vendor may not use them",
    "list_exports": "(request, name of the list, file format) -> None: called when a list leaves as a file",
    "quality_rules": "() -> Sequence[contacts.quality_rules.Rule]: rules of the contact structure's quality report",
    "test_message": "(organisation, id, at) -> bytes: a MeMo for nobody, to try a delivery with",
    "sign_in_methods": "() -> list[organisations.identities.Way]: ways to sign in that the installation offers",
    "open_problems": "(organisation) -> list[adgang.lib.problems.Problem]: what needs attention, for the overview",
}

_filled: dict[str, list[Callable[..., Any]]] = {}


def fill(name: str, filling: Callable[..., Any]) -> None:
    """Add a filling to a slot; called from `AppConfig.ready()`. Raises KeyError for a slot that is not listed."""
    if name not in SLOTS:
        raise KeyError(f"there is no slot {name!r}; slots are listed in adgang/lib/slots.py")
    fillings = _filled.setdefault(name, [])
    if filling not in fillings:
        fillings.append(filling)


def fillings(name: str) -> list[Callable[..., Any]]:
    """Return what fills the slot. Raises KeyError for a slot that is not listed."""
    if name not in SLOTS:
        raise KeyError(f"there is no slot {name!r}")
    return list(_filled.get(name, []))

"""Rights and roles. Who may do what stands in `roles.toml` alone; pages, tests and documentation read it from here."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.db import models
from django.utils.translation import get_language


class Right(StrEnum):
    """A kind of object and an act on it. The names may concern rooms above this one: they are data."""

    OVERVIEW_VIEW = "overview.view"
    READINESS_CHANGE = "readiness.change"
    ORGANISATION_VIEW = "organisation.view"
    ORGANISATION_CHANGE = "organisation.change"
    TERMS_ACCEPT = "terms.accept"
    PEOPLE_VIEW = "people.view"
    PEOPLE_CHANGE = "people.change"
    REQUESTS_PROCESS = "requests.process"
    SYSTEMS_VIEW = "systems.view"
    SYSTEMS_CHANGE = "systems.change"
    SYSTEMS_CHECK = "systems.check"
    CONTACTS_VIEW = "contacts.view"
    CONTACTS_CHANGE = "contacts.change"
    MEMOS_CHECK = "memos.check"
    LETTERS_VIEW = "letters.view"
    LETTERS_CHANGE = "letters.change"
    SETUP_VIEW = "setup.view"
    SETUP_CHANGE = "setup.change"
    WEBHOOKS_CHANGE = "webhooks.change"
    EVENTS_VIEW = "events.view"
    EVENTS_ACTIONS = "events.actions"
    EVENTS_LOOKUPS = "events.lookups"
    EVENTS_MESSAGES = "events.messages"
    STATISTICS_VIEW = "statistics.view"
    OPERATIONS_VIEW = "operations.view"
    OPERATIONS_CHANGE = "operations.change"


class PrivilegeType(models.TextChoices):
    """The roles, by their privilege type on the wire; the two last are ours and never travel."""

    ORGANISATION_USER_ADMINISTRATOR = "ORGANISATION_USER_ADMINISTRATOR"
    ORGANISATION_ADMINISTRATOR = "ORGANISATION_ADMINISTRATOR"
    CONTACT_ADMINISTRATOR = "CONTACT_ADMINISTRATOR"
    STATISTICS_ADMINISTRATOR = "STATISTICS_ADMINISTRATOR"
    RECALL_ADMINISTRATOR = "RECALL_ADMINISTRATOR"
    ACTION_LOG_ADMINISTRATOR = "ACTION_LOG_ADMINISTRATOR"
    SEARCH_LOG_ADMINISTRATOR = "SEARCH_LOG_ADMINISTRATOR"
    MESSAGE_LOG_ADMINISTRATOR = "MESSAGE_LOG_ADMINISTRATOR"
    ACCESS_REQUEST_ADMINISTRATOR = "ACCESS_REQUEST_ADMINISTRATOR"
    SYSTEM_MANAGER = "SYSTEM_MANAGER"
    SUPPORT = "SUPPORT"
    LETTER_ADMINISTRATOR = "LETTER_ADMINISTRATOR"
    READER = "READER"


@dataclass(frozen=True, kw_only=True)
class Role:
    """A row of `roles.toml`.

    `installation`: held for the whole installation, not for one organisation. `before_terms`: may be given before the
    terms are accepted. `per_system`: may be limited to one system. `delegable`: may be given to another organisation.
    `wire`: the type travels in the registry's API. `helps`: whose rights
    its holder has while helping an organisation.
    """

    type: PrivilegeType
    danish: str
    english: str
    danish_help: str
    english_help: str
    rights: frozenset[Right]
    installation: bool
    before_terms: bool
    per_system: bool
    delegable: bool
    wire: bool
    helps: tuple[PrivilegeType, ...] = ()

    @property
    def label(self) -> str:
        """The role's name in the reader's language."""
        return self.english if get_language() == "en" else self.danish

    @property
    def help(self) -> str:
        """What the role may do, in one line in the reader's language."""
        return self.english_help if get_language() == "en" else self.danish_help


@cache
def roles() -> dict[PrivilegeType, Role]:
    """Return the role table, in the order of the file. Raises ValueError for an unknown right or type."""
    table = tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))
    return {PrivilegeType(name): _role(PrivilegeType(name), row) for name, row in table.items()}


def _role(type_: PrivilegeType, row: dict[str, object]) -> Role:
    rights = frozenset(Right(right) for right in row.pop("rights"))  # type: ignore[attr-defined]
    helps = tuple(PrivilegeType(one) for one in row.pop("helps", ()))  # type: ignore[attr-defined]
    return Role(type=type_, rights=rights, helps=helps, **row)  # type: ignore[arg-type]


def rights_of(types: set[PrivilegeType]) -> frozenset[Right]:
    """Return the union of the rights of some roles."""
    return frozenset().union(*(roles()[type_].rights for type_ in types))

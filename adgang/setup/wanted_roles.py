"""The roles of a set-up: as a file wants them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from adgang.setup.roles_standing import Held, Standing, StandingGroup, StandingPerson
from organisations.models import User, UserGroup


@dataclass(eq=False)
class WantedGroup:
    """A user group as it is to be, as it stands (None: new), its line, its roles, and its members' addresses."""

    line: int
    group: UserGroup
    old: StandingGroup | None
    held: Held
    members: list[str]


@dataclass(eq=False)
class WantedPerson:
    """A person as they are to be; without `user` they are, or become, invited. `line` None: the file leaves them out.

    `groups` are those into which an invitation leads.
    """

    line: int | None
    email: str
    name: str
    user: User | None
    old: StandingPerson | None
    held: Held
    groups: set[uuid.UUID]

    @property
    def is_changed(self) -> bool:
        """Whether the person's own roles, or what an invitation gives, are to be different."""
        held = self.old.held if self.old else {}
        if self.user is not None:
            return held != self.held
        return held != self.held or (self.old.groups if self.old else set()) != self.groups

    @property
    def gets_something(self) -> bool:
        """Whether an invitation would give anything."""
        return bool(self.held or self.groups)


@dataclass(frozen=True)
class Roles:
    """All that the file asks for; the groups that it leaves out are to go."""

    standing: Standing
    groups: list[WantedGroup]
    gone: list[StandingGroup]
    people: list[WantedPerson]
    systems: Mapping[uuid.UUID, str]

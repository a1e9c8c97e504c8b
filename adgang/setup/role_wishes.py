"""Single roles in a set-up file: read, and asked whether they can be given at all."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from adgang.lib.findings import Finding, finding
from adgang.setup.keys import flat
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.role_keys import ENDS, OWN
from adgang.setup.roles_standing import Held, Key
from adgang.setup.system_keys import text_of, time_of
from contacts.csv_columns import Refused
from contacts.texts import folded, one_line
from organisations import privileges, terms
from organisations.grants import Wish
from organisations.models import Organisation
from organisations.rights import PrivilegeType


@dataclass
class WishReader:
    """Reads lists of roles; `systems` are those that will be there. What is wrong is added to the findings."""

    organisation: Organisation
    findings: list[Found]
    at: dt.datetime
    systems: Mapping[uuid.UUID, str]

    @cached_property
    def by_name(self) -> dict[str, uuid.UUID]:
        """The systems by their names."""
        return {folded(name): pk for pk, name in self.systems.items()}

    @cached_property
    def has_terms(self) -> bool:
        """Whether the organisation has accepted the terms; asked of the database when it matters first."""
        return terms.accepted(self.organisation)

    def held(self, entry: Entries, before: Held, *, only_told: bool = False) -> Held:
        """Return the roles of an entry; those not there `before` must be such as can be given, unless `only_told`."""
        node = entry.entries.get("roles")
        if node is None or (isinstance(node, Text) and node.is_nothing):
            return {}
        if not isinstance(node, Items):
            self.findings.append(Found(finding("setup.list_wanted"), node.line, "roles"))
            return {}
        held: Held = {}
        for one in node.items:
            try:
                key, end = self.role(one)
            except Refused as refused:
                self.findings.append(Found(refused.finding, one.line, "roles"))
                continue
            if key in held:
                self.findings.append(Found(finding("setup.role_twice", role=str(key[0])), one.line, "roles"))
            held[key] = end
            is_new = key not in before or before[key] != end
            if is_new and not only_told and (refusal := self.unfit(key, end)):
                self.findings.append(Found(refusal, one.line, "roles"))
        return held

    def role(self, node: Node) -> tuple[Key, dt.datetime | None]:
        """Return a role and its end as they stand in the file. Raises `Refused`."""
        if isinstance(node, Text):
            return (_type(node), None), None
        if not isinstance(node, Entries) or "role" not in node.entries:
            raise Refused("setup.role_form")
        told = {name: one for name, one, _line in flat(node, dict.fromkeys(("role", "system", ENDS)), self.findings)}
        name = text_of(told["system"]) if "system" in told else ""
        system_id = self.by_name.get(folded(one_line(name))) if name else None
        if name and system_id is None:
            raise Refused("setup.system_unknown", value=name)
        return (_type(told["role"]), system_id), time_of(told[ENDS]) if ENDS in told else None

    def unfit(self, key: Key, end: dt.datetime | None) -> Finding | None:
        """Return why a role cannot be given in the organisation to anybody, or None."""
        return privileges.unfit(
            Wish(type=key[0], system_id=key[1], active_to=end),
            organisation=self.organisation,
            at=self.at,
            has_terms=lambda: self.has_terms,
            systems=lambda: self.systems,
        )


def _type(node: Node) -> PrivilegeType:
    name = text_of(node)
    if name not in OWN:
        raise Refused("setup.choice", value=name, choices=OWN)
    return PrivilegeType(name)

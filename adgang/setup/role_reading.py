"""The roles that a set-up file asks for, held against those there are; what the file leaves out is to be taken away."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from adgang.lib.findings import finding
from adgang.setup import role_guards
from adgang.setup.carrying import Rules
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.role_wishes import WishReader
from adgang.setup.roles_standing import StandingGroup, stored
from adgang.setup.system_keys import text_of, texts_of
from adgang.setup.wanted_roles import Roles, WantedGroup, WantedPerson
from contacts.csv_columns import Refused, uuid_of
from contacts.texts import folded, one_line
from organisations.models import Organisation, User, UserGroup
from systems.models import System

KEYS: dict[str, dict[str, None]] = {
    "userGroup": dict.fromkeys(("userGroup", "id", "description", "members", "roles")),
    "person": dict.fromkeys(("person", "name", "roles")),
    "organisation": dict.fromkeys(("organisation", "name", "roles")),
}
LONGEST_NAME, LONGEST_DESCRIPTION = 100, 500


def read(
    section: Node,
    organisation: Organisation,
    findings: list[Found],
    *,
    at: dt.datetime,
    rules: Rules,
    systems: Iterable[System],
) -> Roles:
    """Return what the section asks for; everything that is wrong with it is added to the findings.

    `systems` are those that will be there.
    """
    return _Reader(organisation, findings, at, rules, {system.pk: system.name for system in systems}).run(section)


class _Reader:
    def __init__(
        self,
        organisation: Organisation,
        findings: list[Found],
        at: dt.datetime,
        rules: Rules,
        systems: Mapping[uuid.UUID, str],
    ) -> None:
        self.organisation, self.findings, self.at, self.rules = organisation, findings, at, rules
        self.standing = stored(organisation, at=at)
        self.roles = WishReader(organisation, findings, at, systems)
        self.entries: dict[str, list[Entries]] = {word: [] for word in KEYS}

    def note(self, line: int, where: str, code: str, /, **params: Any) -> None:
        self.findings.append(Found(finding(code, **params), line, where))

    def run(self, section: Node) -> Roles:
        self.sort(section)
        persons = self.persons()
        groups = self.groups(persons)
        people = self.people(persons, groups)
        taken = {one.old for one in groups}
        gone = [one for one in self.standing.groups if one not in taken]
        found = Roles(self.standing, groups, gone, people, self.roles.systems)
        role_guards.refuse(found, self.organisation, self.findings)
        role_guards.compare_delegated(self.standing.delegated, self.entries["organisation"], self.roles)
        return found

    # --- What stands there ---

    def sort(self, section: Node) -> None:
        if isinstance(section, Text) and section.is_nothing:
            return
        if not isinstance(section, Items):
            self.note(section.line, "roles", "setup.list_wanted")
            return
        for item in section.items:
            words = [word for word in KEYS if isinstance(item, Entries) and isinstance(item.entries.get(word), Text)]
            if not isinstance(item, Entries) or len(words) != 1:
                self.note(item.line, "", "setup.role_what")
                continue
            self.entries[words[0]].append(item)
            for key, line in item.lines.items():
                if key not in KEYS[words[0]]:
                    self.note(line, key, "setup.key_unknown", key=key, choices=sorted(KEYS[words[0]]))

    def text(self, entry: Entries, key: str) -> str:
        try:
            return one_line(text_of(entry.entries[key])) if key in entry.entries else ""
        except Refused as refused:
            self.findings.append(Found(refused.finding, entry.lines[key], key))
            return ""

    # --- People ---

    def persons(self) -> dict[str, Entries]:
        """Return the entries of people by their addresses; one that a rule leaves out is passed over."""
        found: dict[str, Entries] = {}
        for entry in self.entries["person"]:
            email = User.objects.normalize(self.text(entry, "person"))
            if not email and self.rules.is_given:
                continue
            if email in found:
                self.note(entry.line, "person", "setup.person_twice", email=email, first=found[email].line)
            elif self.is_address(email, entry.line, "person"):
                found[email] = entry
        return found

    def is_address(self, email: str, line: int, key: str) -> bool:
        try:
            validate_email(email)
        except ValidationError:
            self.note(line, key, "email.invalid", value=email)
            return False
        return True

    def people(self, persons: Mapping[str, Entries], groups: Iterable[WantedGroup]) -> list[WantedPerson]:
        leads: dict[str, set[uuid.UUID]] = {}
        for one in groups:
            for email in one.members:
                leads.setdefault(email, set()).add(one.group.pk)
        found = [self.person(email, entry, leads.get(email, set())) for email, entry in persons.items()]
        left = (old for email, old in self.standing.people.items() if email not in persons)
        return [*found, *(WantedPerson(None, old.email, old.name, old.user, old, {}, set()) for old in left)]

    def person(self, email: str, entry: Entries, groups: set[uuid.UUID]) -> WantedPerson:
        user, old = self.standing.known.get(email), self.standing.people.get(email)
        name = self.text(entry, "name")
        held = self.roles.held(entry, old.held if old else {})
        if user is None and not name:
            self.note(entry.line, "name", "setup.person_name", email=email)
        elif user is None and len(name) > 2 * LONGEST_NAME:
            self.note(entry.line, "name", "value.long", limit=2 * LONGEST_NAME)
        return WantedPerson(entry.line, email, user.name if user else name, user, old, held, groups)

    # --- Groups ---

    def groups(self, persons: Mapping[str, Entries]) -> list[WantedGroup]:
        entries = self.entries["userGroup"]
        known = self.known(entries)
        new = [pk for index, entry in enumerate(entries) if index not in known and (pk := self.id_of(entry))]
        taken = set(UserGroup.objects.filter(pk__in=new).values_list("pk", flat=True)) if new else set()
        return [self.group(entry, known.get(index), persons, taken) for index, entry in enumerate(entries)]

    def known(self, entries: list[Entries]) -> dict[int, StandingGroup]:
        """Return the group that each entry is about, by the entry's number: by id, else by name."""
        by_id = {one.group.pk: one for one in self.standing.groups}
        found: dict[int, StandingGroup] = {}
        for index, entry in enumerate(entries):
            if (pk := self.id_of(entry)) in by_id:
                found[index] = by_id.pop(pk)
        by_name = {folded(one.group.name): one for one in by_id.values()}
        for index, entry in enumerate(entries):
            if index not in found and (one := by_name.pop(folded(self.text(entry, "userGroup")), None)):
                found[index] = one
        return found

    def id_of(self, entry: Entries) -> uuid.UUID | None:
        """Return what the id of an entry is here; None when it means nothing."""
        try:
            pk = uuid_of(text_of(entry.entries["id"])) if "id" in entry.entries else None
        except Refused as refused:
            if not any(one.line == entry.lines["id"] and one.key == "id" for one in self.findings):
                self.findings.append(Found(refused.finding, entry.lines["id"], "id"))
            return None
        return self.rules.ids.get(pk) if self.rules.is_given and pk is not None else pk

    def group(
        self, entry: Entries, old: StandingGroup | None, persons: Mapping[str, Entries], taken: set[uuid.UUID]
    ) -> WantedGroup:
        group = UserGroup(organisation=self.organisation)
        group.name, group.description = self.text(entry, "userGroup"), self.text(entry, "description")
        pk = self.id_of(entry)
        if old is not None:
            group.pk = old.group.pk
        elif pk is not None:
            group.pk = pk
            if pk in taken:
                self.note(entry.line, "id", "setup.id_taken", value=str(pk))
        for key, value, limit in (
            ("userGroup", group.name, LONGEST_NAME),
            ("description", group.description, LONGEST_DESCRIPTION),
        ):
            if len(value) > limit:
                self.note(entry.lines[key], key, "value.long", limit=limit)
        members = self.members(entry, persons)
        return WantedGroup(entry.line, group, old, self.roles.held(entry, old.held if old else {}), members)

    def members(self, entry: Entries, persons: Mapping[str, Entries]) -> list[str]:
        if "members" not in entry.entries:
            return []
        line = entry.lines["members"]
        try:
            found = dict.fromkeys(map(User.objects.normalize, texts_of(entry.entries["members"])))
        except Refused as refused:
            self.findings.append(Found(refused.finding, line, "members"))
            return []
        for email in found:
            if email not in self.standing.known and email not in persons:
                self.note(line, "members", "setup.member_unknown", email=email)
        return sorted(found)
